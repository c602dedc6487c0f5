//! Which of two files a setting is taken from, remembered for those who ask.

use std::path::Path;

use crate::config::Origin;
use crate::config::generators::Told;

/// The settings that have been picked.
pub(super) struct Origins {
    own_file: String,
    their_file: String,
    url_from: Option<String>,
    pub list: Vec<Origin>,
}

impl Origins {
    /// None yet; `shown` is the owner's config as messages name it.
    pub(super) fn new(shown: &Path, told: Option<&Told>) -> Self {
        Self {
            own_file: shown.display().to_string(),
            their_file: told.map(|told| told.file.clone()).unwrap_or_default(),
            url_from: told.and_then(|told| told.url_from.clone()),
            list: Vec::new(),
        }
    }

    /// What the owner says, else what the generator's configuration says.
    pub(super) fn pick(
        &mut self,
        key: &'static str,
        own: Option<String>,
        theirs: Option<String>,
    ) -> Option<String> {
        let from = match (&own, &theirs, &self.url_from) {
            (Some(_), _, _) => self.own_file.clone(),
            (None, Some(_), Some(file)) if key == "site.url" => file.clone(),
            (None, Some(_), _) => self.their_file.clone(),
            _ => return None,
        };
        let value = own.or(theirs)?;
        self.list.push(Origin { key: key.into(), value: value.clone(), from });
        Some(value)
    }

    /// The same, with what counts where neither says anything.
    pub(super) fn or(
        &mut self,
        key: &'static str,
        own: Option<String>,
        theirs: Option<String>,
        default: &str,
    ) -> String {
        self.pick(key, own, theirs).unwrap_or_else(|| {
            self.note(key, default, "default");
            default.to_owned()
        })
    }

    /// A setting that was found out in another way.
    pub(super) fn note(&mut self, key: &'static str, value: impl Into<String>, from: &str) {
        self.list.push(Origin { key: key.into(), value: value.into(), from: from.to_owned() });
    }

    /// The generator's file.
    pub(super) fn theirs(&self) -> &str {
        &self.their_file
    }
}
