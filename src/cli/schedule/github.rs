//! A workflow for GitHub Actions.

use std::path::{Path, PathBuf};

use super::{Call, MINUTES, Planned, quoted};
use crate::config::{Blog, Config, Schedule};
use crate::fsx;

/// What is to be done with it.
pub(super) const THEN: &str = "the workflow keeps .tidings/ in a private repository of its own, as it holds addresses and must outlive every run: make \
     one, name it in the settings of this one (STATE_REPOSITORY, a variable, as is TIDINGS_REPOSITORY, where tidings comes from) with a token for it (STATE_TOKEN, a secret), and put the list and the \
     files with secrets into its folder `config/`; if GitHub Pages shows your blog, too, put the steps into the blog's own workflow instead, before its \
     upload, with `publish:` in the folder that is uploaded";

/// The workflow: the feeds are built and published, what is due is sent. What must not be forgotten is put back whatever becomes of the run.
pub(super) fn workflow(call: &Call, config: &Config) -> Planned {
    let site = below_repository(Path::new(&call.site));
    let public = config
        .public
        .strip_prefix(&config.root)
        .map_or_else(|_| config.public.clone(), |below| site.join(below));
    let mut words = vec!["tidings".to_owned()];
    if site != Path::new(".") {
        words.extend(["-C".to_owned(), quoted(&site.to_string_lossy())]);
    }
    if let Some(config) = &call.config {
        words.extend(["--config".to_owned(), quoted(&below_repository(Path::new(config)).to_string_lossy())]);
    }
    let sends = config.newsletters.iter().any(|newsletter| !matches!(newsletter.schedule, Schedule::Manual));
    // GitHub's own clock is late at the full hour.
    let every = if sends { MINUTES } else { 60 };
    // What is published to storage needs no pages, and its credentials.
    let (pages, environment) = match (&config.remote, &config.blog) {
        (Some(_), _) => ("", STORAGE),
        (None, Blog::Plain) => (PAGES, ""),
        (None, _) => (BESIDE, ""),
    };
    let text = TEXT
        .replace("@PAGES@", pages)
        .replace("@ENV@", environment)
        .replace("@EVERY@", &every.to_string())
        .replace("@BRANCH@", &branch(Path::new(&call.site)))
        .replace("@STATE@", &yaml(&site.join(".tidings").to_string_lossy()))
        .replace("@SITE@", &yaml(&site.to_string_lossy()))
        .replace("@RUN@", &yaml(&format!("{} run", words.join(" "))))
        .replace("@PUBLIC@", &yaml(&public.to_string_lossy()));
    Planned { folder: ".github/workflows/", name: "tidings.yml".to_owned(), text }
}

const TEXT: &str = r#"name: tidings
on:
  push:
    branches: [@BRANCH@]
  schedule:
    - cron: "3-59/@EVERY@ * * * *"
  workflow_dispatch:
# One after the other: what the one has sent, the next must know.
concurrency: { group: tidings, cancel-in-progress: false }
permissions: { contents: read, pages: write, id-token: write }
jobs:
  run:
    runs-on: ubuntu-latest
    environment: { name: github-pages }
    steps:
      - uses: actions/checkout@v4
      # The address that you have cloned tidings from, as a variable of this repository's settings.
      - run: cargo install --locked --git "${{ vars.TIDINGS_REPOSITORY }}" tidings
      - uses: actions/checkout@v4
        with:
          repository: ${{ vars.STATE_REPOSITORY }}
          token: ${{ secrets.STATE_TOKEN }}
          path: @STATE@
      # The list and the files with secrets, which this repository does not have.
      - run: cp -R .tidings/config/. config/
        working-directory: @SITE@
      - run: @RUN@
        env:
          SMTP_PASSWORD: ${{ secrets.SMTP_PASSWORD }}
@ENV@      # Whatever became of the run: a copy that was sent must not be sent again.
      - if: always()
        working-directory: @STATE@
        run: |
          printf 'lock\nunfinished\n' > .gitignore
          git add -A
          git -c user.name=tidings -c user.email=tidings@localhost commit -qm state || exit 0
          git push -q
@PAGES@"#;

/// Of S3; other storage has other names.
const STORAGE: &str = r"          AWS_ACCESS_KEY_ID: ${{ secrets.AWS_ACCESS_KEY_ID }}
          AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
          AWS_REGION: ${{ vars.AWS_REGION }}
";

/// Where no generator makes pages: the feeds are the site.
const PAGES: &str = r"      # A part that failed, or a relay that is away, does not keep the feeds back.
      - if: ${{ !cancelled() }}
        uses: actions/upload-pages-artifact@v3
        with:
          path: @PUBLIC@
      - if: ${{ !cancelled() }}
        uses: actions/deploy-pages@v4
";

/// Beside a generator they would take the place of its pages.
const BESIDE: &str = r"      # Your blog's pages and these feeds go up together: move the two steps below into the workflow that builds the blog, behind its build,
      # and name the folder that it has built. By themselves they would put the feeds in the place of your pages.
      # - uses: actions/upload-pages-artifact@v3
      #   with:
      #     path: @PUBLIC@
      # - uses: actions/deploy-pages@v4
";

/// The branch that is checked out.
fn branch(path: &Path) -> String {
    let head = path.ancestors().find_map(|folder| fsx::read_text(&folder.join(".git/HEAD")).ok());
    let branch = head.as_deref().and_then(|head| head.trim().strip_prefix("ref: refs/heads/"));
    branch.unwrap_or("main").to_owned()
}

/// A path below the repository that it is in.
fn below_repository(path: &Path) -> PathBuf {
    let root = path.ancestors().find(|folder| folder.join(".git").exists());
    let below = root.and_then(|root| path.strip_prefix(root).ok()).map(Path::to_path_buf);
    below.filter(|below| !below.as_os_str().is_empty()).unwrap_or_else(|| PathBuf::from("."))
}

/// A text as YAML has it.
fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
