//! What a new site is to be: what its blog says, else the command line, else its owner at a terminal, else what works.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use dialoguer::Input;

use super::InitOptions;
use crate::address::Mailbox;
use crate::cli::site::Failure;
use crate::config::{self, Blog, Config};

/// Where posts lie in folders that no generator looks after.
const USUAL: [&str; 5] = ["posts", "content", "blog", "articles", "_posts"];

/// An address for a start.
const NOWHERE: &str = "https://example.com/";

/// All that the config must say.
pub(super) struct Answers {
    title: Said,
    url: Said,
    language: Said,
    timezone: Said,
    from: Mailbox,
    /// Where the posts are, where that is another folder than usual.
    posts: Option<PathBuf>,
}

/// A setting, and whether the config must say it, as the blog does not.
struct Said {
    value: String,
    is_new: bool,
}

impl Answers {
    pub(super) fn gather(
        root: &Path,
        (path, shown): (&Path, &Path),
        options: &InitOptions,
    ) -> Result<Self, Failure> {
        let asks = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        let read = |text: &str| config::read(root, (path, shown), text).map(|loaded| loaded.config);
        // A blog may say its address itself.
        let told = read("").ok();
        let of_blog = |key: &str| {
            let origins = told.as_ref().map(|config| config.origins.as_slice()).unwrap_or_default();
            origins
                .iter()
                .find(|origin| origin.key == key && origin.from != "default")
                .map(|origin| origin.value.clone())
        };
        let url = said(
            ("The site's address", options.url.as_deref(), of_blog("site.url")),
            asks,
            || NOWHERE.to_owned(),
            |url| {
                url::Url::parse(url)
                    .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            },
            "write it in full, as in https://example.com/blog",
        )?;
        let known = read(&format!("site: {{ url: {} }}\n", scalar(&url.value))).map_err(Failure::Config)?;
        let of_blog = |key: &str| {
            let origin = known.origins.iter().find(|origin| origin.key == key && origin.from != "default");
            origin.map(|origin| origin.value.clone())
        };
        let name = std::path::absolute(root)?.file_name().map(|name| name.to_string_lossy().into_owned());
        let title = said(
            ("Its name", options.title.as_deref(), of_blog("site.title")),
            asks,
            || name.filter(|name| !name.contains("${")).unwrap_or_else(|| "A notebook".to_owned()),
            |title| !title.trim().is_empty() && !title.contains("${"),
            "write at least a word, and no `${`, which stands for the environment",
        )?;
        let language = said(
            ("The language it is written in", options.language.as_deref(), of_blog("site.language")),
            asks,
            || config::language_spoken_here().unwrap_or_else(|| "en".to_owned()),
            |tag| tag.len() >= 2 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "write it as in ko, en or pt-BR",
        )?;
        // Dates must stay those that the blog's generator gives them.
        let is_generators = !matches!(known.blog, Blog::Plain) && options.timezone.is_none();
        let zone_of_blog =
            || of_blog("site.timezone").or_else(|| is_generators.then(|| known.site.timezone.to_string()));
        let timezone = said(
            ("The time zone of its dates", options.timezone.as_deref(), zone_of_blog()),
            asks,
            || iana_time_zone::get_timezone().unwrap_or_else(|_| "UTC".to_owned()),
            |zone| zone.parse::<chrono_tz::Tz>().is_ok(),
            "write a name of the IANA database, as in Asia/Seoul",
        )?;
        let from = said(
            ("Who the newsletter is from", options.from.as_deref(), None),
            asks,
            || sender(&title.value, &known),
            |from| Mailbox::parse(from).is_ok(),
            "write it as in News <news@example.com>",
        )?;
        let from = Mailbox::parse(&from.value).map_err(|error| Failure::Usage(error.to_string()))?;
        let posts = match (&options.posts, &known.blog) {
            (Some(folder), _) => Some(folder.clone()),
            (None, Blog::Plain) => usual(root).filter(|folder| folder != Path::new("posts")),
            (None, _) => None,
        };
        Ok(Self { title, url, language, timezone, from, posts })
    }

    /// Whether the address is only there for a start.
    pub(super) fn has_no_address(&self) -> bool {
        self.url.value == NOWHERE
    }

    /// The config's text: what the blog says itself is not said again.
    pub(super) fn config(&self) -> String {
        let mut text = String::from("# `tidings config show` says what this comes to.\n");
        let own = [
            ("title", &self.title),
            ("url", &self.url),
            ("language", &self.language),
            ("timezone", &self.timezone),
        ];
        let lines: Vec<String> = own
            .iter()
            .filter(|(_, said)| said.is_new)
            .map(|(key, said)| format!("  {key}: {}\n", scalar(&said.value)))
            .collect();
        if !lines.is_empty() {
            text.push_str(&format!("site:\n{}", lines.concat()));
        }
        if let Some(folder) = &self.posts {
            text.push_str(&format!("posts:\n  dir: {}\n", scalar(&folder.to_string_lossy())));
        }
        text.push_str(&format!(
            "\
newsletters:
  weekly:
    from: {}
    schedule: \"0 8 * * MON\"
    select: {{ max_age: 14d }}
    subscribers: subscribers.yaml
mail:
  # Into .tidings/outbox, to look at. To send: transport: smtp, and
  # smtp: {{ host: smtp.example.com, username: news, password_file: smtp-password }}
  transport: maildir
",
            scalar(&self.from.written())
        ));
        text
    }
}

/// What is said: by the command line, else the blog, else at the terminal, else `usual`.
fn said(
    (question, flag, blog): (&str, Option<&str>, Option<String>),
    asks: bool,
    usual: impl FnOnce() -> String,
    is_right: impl Fn(&str) -> bool,
    help: &str,
) -> Result<Said, Failure> {
    if let Some(value) = flag {
        let is_new = blog.as_deref() != Some(value);
        return if is_right(value) {
            Ok(Said { value: value.to_owned(), is_new })
        } else {
            Err(Failure::Usage(format!("`{value}` will not do for that ({question}): {help}")))
        };
    }
    if let Some(value) = blog {
        return Ok(Said { value, is_new: false });
    }
    let usual = usual();
    if !asks {
        return Ok(Said { value: usual, is_new: true });
    }
    let value = Input::<String>::new()
        .with_prompt(question)
        .default(usual)
        .validate_with(|typed: &String| if is_right(typed) { Ok(()) } else { Err(help.to_owned()) })
        .interact_text()
        .map_err(|error| Failure::World(error.into()))?;
    Ok(Said { value, is_new: true })
}

/// Somebody who could send the newsletter; a site at a mere number has no domain for them.
fn sender(title: &str, config: &Config) -> String {
    let host = config.site.url.host_str().unwrap_or_default().trim_start_matches("www.");
    let at = |host: &str| format!("{} <news@{host}>", title.replace(['<', '>', '"'], ""));
    Some(at(host)).filter(|sender| Mailbox::parse(sender).is_ok()).unwrap_or_else(|| at("example.com"))
}

/// The first usual folder with Markdown in it.
fn usual(root: &Path) -> Option<PathBuf> {
    USUAL.iter().map(PathBuf::from).find(|folder| has_posts(&root.join(folder)))
}

/// Whether there is Markdown in a folder, a read-me aside.
pub(super) fn has_posts(folder: &Path) -> bool {
    let is_post = |path: &Path| {
        let is_markdown = path.extension().is_some_and(|end| end == "md" || end == "markdown");
        is_markdown && !path.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"))
    };
    walkdir::WalkDir::new(folder).max_depth(3).into_iter().flatten().any(|file| is_post(file.path()))
}

/// A text as YAML has it.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || " /._-<>@".contains(c);
    let begins = text.chars().next().is_some_and(char::is_alphabetic);
    let is_word =
        matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "null");
    if begins && !is_word && text.trim() == text && text.replace("://", "").chars().all(is_plain) {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}
