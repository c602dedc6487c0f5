//! A site's own shortcodes: MiniJinja templates in `templates/shortcodes/`. Zola's are near enough to be run as they are.

use std::path::PathBuf;
use std::sync::OnceLock;

use minijinja::value::{Serde, Value as Jinja};
use minijinja::{Environment, UndefinedBehavior, context};

use super::Call;
use crate::config::Config;
use crate::content::{Post, included};

/// The templates, read when the first is asked for.
pub(super) struct Templates {
    folder: PathBuf,
    environment: OnceLock<Environment<'static>>,
}

impl Templates {
    pub(super) fn new(config: &Config) -> Self {
        Self { folder: config.templates_dir().join("shortcodes"), environment: OnceLock::new() }
    }

    /// What the template of that name makes of a call; `None` where there is none, or it cannot be run.
    pub(super) fn run(&self, config: &Config, call: &Call, post: &Post) -> Option<String> {
        let environment = self.environment.get_or_init(|| self.load());
        let template = [".html", ".md"]
            .iter()
            .find_map(|ending| environment.get_template(&format!("{}{ending}", call.name)).ok())?;
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
        template.render(values).ok()
    }

    fn load(&self) -> Environment<'static> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Lenient);
        let folder = self.folder.clone();
        environment.set_loader(move |name| {
            let is_plain = !name.contains(['/', '\\']) && !name.starts_with('.');
            Ok(is_plain.then(|| included(&folder.join(name))).flatten())
        });
        environment
    }
}
