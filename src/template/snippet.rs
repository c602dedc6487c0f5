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
        env.add_template_owned(NAME, source.to_owned()).map_err(|error| why(&error))?;
        Ok(Self(env))
    }

    /// What it says.
    ///
    /// # Errors
    /// Why it cannot be run on this value, in words.
    pub fn render(&self, context: &Value) -> Result<String, String> {
        self.0.get_template(NAME).and_then(|template| template.render(context)).map_err(|error| why(&error))
    }

    /// The names that it asks for, such as `post`.
    pub fn names(&self) -> Vec<String> {
        let asked = self.0.get_template(NAME).map(|template| template.undeclared_variables(false));
        asked.map(|names| names.into_iter().collect()).unwrap_or_default()
    }
}

fn why(error: &minijinja::Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
}
