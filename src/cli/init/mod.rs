//! `tidings init`: a site that works at once, in an empty folder or beside a blog that is there. Nothing that is there is changed, but for
//! lines that are added to `.gitignore`.

mod answers;
mod texts;

use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{Args, Place};
use super::schedule::quoted;
use super::site::{Failure, Site};
use crate::config::{Blog, Config};
use crate::fsx;
use crate::report::{Reporter, count};
use answers::{Answers, has_posts};

#[derive(Debug, clap::Args)]
pub(super) struct InitOptions {
    /// The site's folder, made where there is none [default: that of `-C`]
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,

    /// The site's name
    #[arg(long)]
    pub title: Option<String>,

    /// The site's address
    #[arg(long)]
    pub url: Option<String>,

    /// The language it is written in, such as ko
    #[arg(long)]
    pub language: Option<String>,

    /// The time zone of its dates, such as Asia/Seoul
    #[arg(long)]
    pub timezone: Option<String>,

    /// Who the newsletter is from, such as `News <news@example.com>`
    #[arg(long)]
    pub from: Option<String>,

    /// The posts' folder
    #[arg(long, value_name = "DIR")]
    pub posts: Option<PathBuf>,
}

/// No `.gitignore` is longer, in bytes.
const LONGEST: u64 = 1 << 20;
/// What must not be seen by others.
const IGNORED: [&str; 6] = [
    ".tidings/",
    "config/subscribers.*",
    "config/secret",
    "config/*-password",
    "config/*-token",
    "config/*.pem",
];

pub(super) fn command(args: &Args, options: &InitOptions, report: &Reporter) -> Result<Exit, Failure> {
    let root = options.folder.clone().unwrap_or_else(|| args.place.dir.clone());
    let shown = args.place.config.clone().unwrap_or_else(|| PathBuf::from("config/tidings.yaml"));
    // As every command takes it: a config that is named lies where it is named.
    let path = if args.place.config.is_some() { shown.clone() } else { root.join(&shown) };
    if path.exists() {
        let words =
            format!("`{}` is there already; `tidings config show` says what it means", path.display());
        return Err(Failure::Usage(words));
    }
    let answers = Answers::gather(&root, (&path, &shown), options)?;
    let text = answers.config();
    // Nothing is written that would not work.
    let config = crate::config::read(&root, (&path, &shown), &text).map_err(Failure::Config)?.config;
    // Read before anything is written.
    let ignored = ignored(&root)?;
    fsx::make_dir(&root)?;
    let mut written = vec![shown.clone()];
    fsx::write_atomic(&path, text.as_bytes())?;
    let mut put = |path: PathBuf, text: &str| -> Result<(), Failure> {
        if !path.exists() {
            fsx::write_atomic(&path, text.as_bytes())?;
            written.push(path.strip_prefix(&root).unwrap_or(&path).to_path_buf());
        }
        Ok(())
    };
    let folder = path.parent().unwrap_or(&root);
    put(folder.join("subscribers.yaml"), texts::SUBSCRIBERS)?;
    if matches!(config.blog, Blog::Plain) && !has_posts(&config.posts.dir) {
        let day = args.place.clock().now().with_timezone(&config.site.timezone).format("%Y-%m-%d");
        let posts = options.posts.as_deref().unwrap_or(Path::new("posts"));
        put(root.join(posts).join(format!("{day}-hello.md")), texts::first_post(&config.site.language))?;
    }
    fsx::make_dir(&config.templates_dir())?;
    if let Some(text) = ignored {
        fsx::write_atomic(&root.join(".gitignore"), &text)?;
        written.push(PathBuf::from(".gitignore"));
    }
    let names: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    report.note(&format!("written: {}", names.join(", ")));
    if answers.has_no_address() {
        report.note("the site's address is not known: write yours as `site.url` before the first build, as ids are made of it");
    }
    read_back(&Place { dir: root, config: args.place.config.clone(), now: args.place.now }, report)
}

/// Says what is there now, and what comes next.
fn read_back(place: &Place, report: &Reporter) -> Result<Exit, Failure> {
    let site = Site::load(place)?;
    let posts = site.library.posts.len();
    let kind = kind(&site.config);
    let folder = site.shown(&site.config.posts.dir).display().to_string();
    let place_of_posts = if folder.is_empty() { String::new() } else { format!(" in {folder}") };
    report.note(&format!("{kind}: {}{place_of_posts}", count(posts, "post")));
    site.tell(report);
    let folder = place.dir.display().to_string();
    let here = if folder == "." { String::new() } else { format!(" -C {}", quoted(&folder)) };
    report.note(&format!(
        "next:\n  tidings{here} serve --preview     look at it while you write\n  tidings{here} build               write the feeds\n  \
         tidings{here} send --dry-run      see the newsletter; people to send it to go into config/subscribers.yaml\n  \
         tidings{here} schedule            have it done by itself"
    ));
    Ok(Exit::Done)
}

fn kind(config: &Config) -> &'static str {
    match config.blog {
        Blog::Jekyll(_) => "a Jekyll site",
        Blog::Hugo(_) => "a Hugo site",
        Blog::Zola(_) => "a Zola site",
        Blog::Eleventy => "an Eleventy site",
        Blog::Astro(_) => "an Astro site",
        Blog::Plain => "a folder of posts",
    }
}

/// A `.gitignore` that keeps out of git what others must not see; `None` where it is so already.
fn ignored(root: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let path = root.join(".gitignore");
    let mut bytes = if path.exists() { fsx::read(&path, LONGEST)? } else { Vec::new() };
    let before = String::from_utf8_lossy(&bytes).into_owned();
    let is_there = |line: &str| before.lines().any(|known| known.trim() == line);
    let missing: Vec<&str> = IGNORED.into_iter().filter(|line| !is_there(line)).collect();
    if missing.is_empty() {
        return Ok(None);
    }
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    bytes.extend(format!("{}\n", missing.join("\n")).into_bytes());
    Ok(Some(bytes))
}
