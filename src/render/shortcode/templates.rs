//! A site's own shortcodes: MiniJinja templates in `templates/shortcodes/`. Zola's are near enough to be run as they are.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use minijinja::value::{Serde, Value as Jinja};
use minijinja::{Environment, ErrorKind, UndefinedBehavior, context};
use url::Url;

use super::{Answer, Call, tera};
use crate::config::{Blog, Config};
use crate::content::{Post, included};

/// The templates, read when the first is asked for.
pub(super) struct Templates {
    /// Where they are: the site's own, then its theme's.
    folders: Vec<PathBuf>,
    site: Url,
    environment: OnceLock<Environment<'static>>,
}

impl Templates {
    pub(super) fn new(config: &Config) -> Self {
        let theme = match &config.blog {
            Blog::Zola(zola) => zola.settings.get("theme").and_then(serde_json::Value::as_str),
            _ => None,
        };
        let theme = theme.map(|name| config.root.join("themes").join(name).join("templates"));
        let folders =
            [config.templates_dir()].into_iter().chain(theme).map(|dir| dir.join("shortcodes")).collect();
        Self { folders, site: config.site.url.clone(), environment: OnceLock::new() }
    }

    /// What the template of that name makes of a call, `.md` Markdown; `None` where there is none. The error is the template's.
    pub(super) fn run(&self, config: &Config, call: &Call, post: &Post) -> Option<Result<Answer, String>> {
        let environment = self.environment.get_or_init(|| self.load());
        let found = [".html", ".md"].iter().find_map(|ending| {
            match environment.get_template(&format!("{}{ending}", call.name)) {
                Err(error) if error.kind() == ErrorKind::TemplateNotFound => None,
                found => Some(found),
            }
        })?;
        let template = match found {
            Ok(template) => template,
            Err(error) => return Some(Err(error.to_string())),
        };
        let inner = || Jinja::from_safe_string(call.inner.clone().unwrap_or_default());
        let of = |value: &serde_json::Value| Jinja::from(Serde(value.clone()));
        let named = of(&serde_json::Value::Object(call.params.clone()));
        let values = context! {
            ..context! {
                args => call.args.iter().map(of).collect::<Vec<_>>(),
                params => named.clone(),
                inner => inner(),
                body => inner(),
                page => context! {
                    title => post.title.as_str(),
                    url => post.url.as_str(),
                    permalink => post.url.as_str(),
                    date => post.date.to_rfc3339(),
                    extra => post.matter.as_deref().and_then(|matter| matter.get("extra")).map(of),
                },
                site => context! { title => config.site.title.as_str(), url => config.site.url.as_str() },
                config => context! { title => config.site.title.as_str(), base_url => config.site.url.as_str() },
                lang => config.site.language.as_str(),
            },
            ..named
        };
        let is_markdown = Path::new(template.name()).extension().is_some_and(|ending| ending == "md");
        let made = template.render(values).map_err(|error| error.to_string());
        Some(made.map(|text| if is_markdown { Answer::Markdown(text) } else { Answer::Html(text) }))
    }

    fn load(&self) -> Environment<'static> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Lenient);
        tera::add(&mut environment, &self.site);
        let folders = self.folders.clone();
        environment.set_loader(move |name| {
            let is_plain = !name.contains(['/', '\\']) && !name.starts_with('.');
            let found = || folders.iter().find_map(|folder| included(&folder.join(name)));
            Ok(is_plain.then(found).flatten())
        });
        environment
    }
}
