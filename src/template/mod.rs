//! MiniJinja with our built-in templates and filters.
//!
//! A file in the site's `templates/` wins over the built-in of the same name. An undefined name is an error, never an empty
//! spot in somebody's inbox. Not responsible for what the values are.

mod built_in;
mod filters;
mod snippet;
mod told;
mod words;

use std::error::Error as _;
use std::path::{Path, PathBuf};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::fsx;

pub use built_in::ALL as BUILT_IN;
pub use snippet::Snippet;

/// Every template a site can use.
#[derive(Debug)]
pub struct Templates {
    env: Environment<'static>,
    folder: PathBuf,
    shown: PathBuf,
    /// The newsletter whose own come first.
    newsletter: Option<String>,
}

impl Templates {
    /// The templates of a site: `folder` is its `templates/`, `shown` the same path as messages name it.
    pub fn new(folder: &Path, shown: &Path) -> Self {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_debug(true);
        // A tag alone on its line leaves no blank line behind: the text part is read as it stands.
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            env.set_syntax(syntax);
        }
        filters::add_to(&mut env);
        let at = folder.to_path_buf();
        env.set_loader(move |name| load(&at, name));
        Self { env, folder: folder.to_path_buf(), shown: shown.to_path_buf(), newsletter: None }
    }

    /// The same with those of one newsletter before them: `templates/NAME/` wins over `templates/`.
    #[must_use]
    pub fn of_newsletter(&self, name: &str) -> Self {
        let (own, all) = (self.folder.join(name), self.folder.clone());
        let mut env = self.env.clone();
        env.clear_templates();
        env.set_loader(move |name| match from_folder(&own, name)? {
            Some(text) => Ok(Some(text)),
            None => load(&all, name),
        });
        let (folder, shown) = (self.folder.clone(), self.shown.clone());
        Self { env, folder, shown, newsletter: Some(name.to_owned()) }
    }

    /// The site's own files of a name, the newsletter's last, each also as messages name it.
    fn files(&self, name: &str) -> Vec<(PathBuf, PathBuf)> {
        if !is_plain(name) {
            return Vec::new();
        }
        let own = self.newsletter.iter().map(|own| Path::new(own).join(name));
        let below = std::iter::once(PathBuf::from(name)).chain(own);
        let files = below.map(|below| (self.folder.join(&below), self.shown.join(&below)));
        files.filter(|(path, _)| path.exists()).collect()
    }

    /// The file of a template, as messages name it.
    fn path_of(&self, name: &str) -> PathBuf {
        self.files(name).pop().map_or_else(|| self.shown.join(name), |(_, shown)| shown)
    }

    /// Renders the template called `name`.
    pub fn render(&self, name: &str, context: &Value) -> Result<String, Box<Diagnostic>> {
        self.env.get_template(name).and_then(|template| template.render(context)).map_err(|error| {
            let error = innermost(&error);
            let file = error.name().unwrap_or(name).to_owned();
            explain(error, &self.path_of(&file), context)
        })
    }

    /// Whether the template called `name` can be read at all.
    pub fn read(&self, name: &str) -> Result<(), Box<Diagnostic>> {
        self.env
            .get_template(name)
            .map(drop)
            .map_err(|error| explain(innermost(&error), &self.path_of(name), &Value::UNDEFINED))
    }

    /// Renders a template that stands in the config, such as a subject; `path` is the config's file.
    pub fn render_inline(
        &self,
        source: &str,
        path: &Path,
        context: &Value,
    ) -> Result<String, Box<Diagnostic>> {
        self.env.render_named_str("subject", source, context).map_err(|error| explain(&error, path, context))
    }
}

/// The error itself: what includes a template, or fills a block, only passes it on.
fn innermost(error: &Error) -> &Error {
    let inner = error.source().and_then(|source| source.downcast_ref::<Error>());
    inner.map_or(error, innermost)
}

fn explain(error: &Error, path: &Path, context: &Value) -> Box<Diagnostic> {
    let source = error.template_source().unwrap_or_default();
    let spot = error.range().and_then(|range| source.get(range.clone()).map(|text| (range.start, text)));
    let place = match spot {
        Some((at, text)) => {
            let line = source[..at].matches('\n').count() + 1;
            let column = source[..at].rsplit('\n').next().unwrap_or("").chars().count() + 1;
            Some(Place::in_text(source, line, column, text.lines().next().unwrap_or("").chars().count()))
        }
        None => error.line().map(|line| Place::in_text(source, line, 1, 1)),
    };
    let (message, help) = match (error.kind(), spot) {
        (ErrorKind::UndefinedError, Some((_, item))) if item.starts_with('[') => (
            format!("there is no item `{item}` here: the list is shorter, or it is none"),
            "go through it with `{% for item in list %}`, or ask for `list | length` before".into(),
        ),
        (ErrorKind::UndefinedError, Some((_, name))) if is_readers_own(name) => (
            format!("`{name}` differs from reader to reader, and this is the same for all"),
            "leave it out here: it can stand in `digest.html`, `digest.txt` and what they include".into(),
        ),
        (ErrorKind::UndefinedError, Some((_, name))) => {
            let name = name.trim();
            let known = known_names(context);
            let leaf = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
            let leaves: Vec<String> = known.iter().map(|name| leaf(name)).collect();
            // A loop gives its item a name of its own: what follows the dot is compared as well.
            let last = leaf(name);
            let others: Vec<&str> = known.iter().map(String::as_str).filter(|known| *known != name).collect();
            let far = |known: &&str| strsim::damerau_levenshtein(&known.replace("s[0]", ""), name);
            let same = others.iter().copied().filter(|known| leaf(known) == last).min_by_key(far);
            let whole = others.iter().copied().filter(|known| !known.contains('['));
            let near = same.or_else(|| did_you_mean(name, whole));
            let near = near.or_else(|| did_you_mean(&last, leaves.iter().map(String::as_str)));
            let help = if let Some(near) = near {
                format!("did you mean `{near}`?")
            } else {
                let whole: Vec<&str> =
                    known.iter().map(String::as_str).filter(|known| !known.contains(['.', '['])).collect();
                format!("there are {}; `tidings templates names` says more", whole.join(", "))
            };
            (format!("`{name}` is not defined"), help)
        }
        (kind, spot) => {
            let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            told::told(kind, &why, spot.map_or("", |(_, code)| code))
        }
    };
    Box::new(Diagnostic::error("template", path, message).at(place).help(help))
}

/// Whether a name is one of those that are put into each copy last.
fn is_readers_own(name: &str) -> bool {
    name.starts_with("subscriber.") || matches!(name, "subscriber" | "unsubscribe_url" | "preferences_url")
}

/// A file of the site's, else the built-in; `built-in/NAME` is the built-in in any case, to be extended.
fn load(folder: &Path, name: &str) -> Result<Option<String>, Error> {
    if let Some(name) = name.strip_prefix("built-in/") {
        return Ok(built_in::text(name).map(str::to_owned));
    }
    match from_folder(folder, name)? {
        Some(text) => Ok(Some(text)),
        None => Ok(built_in::text(name).map(str::to_owned)),
    }
}

/// Whether a name stays in its folder: one such as `../config/secret` does not.
fn is_plain(name: &str) -> bool {
    !name.split('/').any(|part| part.is_empty() || part.starts_with('.')) && !name.contains('\\')
}

fn from_folder(folder: &Path, name: &str) -> Result<Option<String>, Error> {
    if !is_plain(name) {
        return Ok(None);
    }
    match fsx::read_text(&folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.is_absent() => Ok(None),
        Err(error) => Err(Error::new(ErrorKind::InvalidOperation, error.to_string())),
    }
}

/// The names a template may use, two levels deep, a list by its first item: `site`, `site.title`, `posts[0].title`, …
fn known_names(context: &Value) -> Vec<String> {
    let keys =
        |value: &Value| value.try_iter().into_iter().flatten().map(|key| key.to_string()).collect::<Vec<_>>();
    let mut names = Vec::new();
    for name in keys(context) {
        let value = context.get_attr(&name).unwrap_or_default();
        if value.kind() == ValueKind::Map {
            names.extend(keys(&value).into_iter().map(|key| format!("{name}.{key}")));
        }
        let first = value.get_item_by_index(0).ok().filter(|item| item.kind() == ValueKind::Map);
        names.extend(first.iter().flat_map(keys).map(|key| format!("{name}[0].{key}")));
        names.push(name);
    }
    names.sort();
    names
}
