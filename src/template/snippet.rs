//! A template of one value, as it stands in the config. What it names may be missing: then it says nothing.

use minijinja::{Environment, UndefinedBehavior, Value};

use super::filters;

/// One such template.
#[derive(Debug)]
pub struct Snippet(Environment<'static>);

const NAME: &str = "value";

impl Snippet {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with its syntax, in words.
    pub fn new(source: &str) -> Result<Self, String> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Chainable);
        filters::add_to(&mut env);
        let why =
            |error: minijinja::Error| error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        env.add_template_owned(NAME, source.to_owned()).map_err(why)?;
        Ok(Self(env))
    }

    /// What it says; `None` where it fails on this value.
    pub fn render(&self, context: &Value) -> Option<String> {
        self.0.get_template(NAME).ok()?.render(context).ok()
    }
}
