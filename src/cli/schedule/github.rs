//! A workflow for GitHub Actions.

use super::{MINUTES, Planned};
use crate::config::{Config, Newsletter, Schedule};

/// What is to be done with it.
pub(super) const THEN: &str = "the workflow keeps .tidings/ in a private repository of its own: make one, and say its name and a token for it \
     (STATE_REPOSITORY, a variable; STATE_TOKEN, a secret) in the settings of this one; without what was sent before, posts would be sent again";

/// The workflow: the feeds are built and published, what is due is sent. What must not be forgotten lies in a private repository, as it holds
/// addresses, and is put back there whatever becomes of the run.
pub(super) fn workflow(config: &Config) -> Planned {
    let public = config.public.strip_prefix(&config.root).unwrap_or(&config.public).display();
    // GitHub's own clock is late at the full hour.
    let sends = config
        .newsletters
        .iter()
        .any(|newsletter: &Newsletter| !matches!(newsletter.schedule, Schedule::Manual));
    let every = if sends { MINUTES } else { 60 };
    let text = format!(
        r#"name: tidings
on:
  push:
    branches: [main]
  schedule:
    - cron: "3-59/{every} * * * *"
  workflow_dispatch:
# One after the other: what the one has sent, the next must know.
concurrency: {{ group: tidings, cancel-in-progress: false }}
permissions: {{ contents: read, pages: write, id-token: write }}
jobs:
  run:
    runs-on: ubuntu-latest
    environment: {{ name: github-pages }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/checkout@v4
        with: {{ repository: "${{{{ vars.STATE_REPOSITORY }}}}", token: "${{{{ secrets.STATE_TOKEN }}}}", path: .tidings }}
      - run: cargo install --locked tidings
      - run: tidings run
        env:
          SMTP_PASSWORD: ${{{{ secrets.SMTP_PASSWORD }}}}
      # Whatever became of the run: a copy that was sent must not be sent again.
      - if: always()
        working-directory: .tidings
        run: |
          printf 'lock\nunfinished\n' > .gitignore
          git add -A
          git -c user.name=tidings -c user.email=tidings@localhost commit -qm state || exit 0
          git push -q
      - uses: actions/upload-pages-artifact@v3
        with: {{ path: {public} }}
      - uses: actions/deploy-pages@v4
"#
    );
    Planned { folder: ".github/workflows/", name: "tidings.yml".to_owned(), text }
}
