//! A password that is fetched when it is needed and never shown.

use std::path::PathBuf;
use std::process::Command;

use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use crate::fsx;

/// Where a secret is. Its `Debug` form shows no more than that.
#[derive(Clone, Debug)]
pub enum Secret {
    /// In the config, perhaps as `${NAME}`.
    Value(SecretString),
    /// The first line of a file; further lines are older secrets, where those are still believed.
    File(PathBuf),
    /// What a command prints.
    Command(String),
}

/// A secret that could not be had. Says where it was looked for, never what was found.
#[derive(Debug, Error)]
pub enum SecretError {
    /// `${NAME}` names a variable that is not set.
    #[error("the environment variable `{0}` is not set")]
    Unset(String),
    /// The file could not be read.
    #[error(transparent)]
    File(#[from] fsx::FileError),
    /// The command did not run, or ended with an error.
    #[error("`{0}` did not print a secret")]
    Command(String),
}

impl Secret {
    /// Fetches it, and the older ones that are still believed.
    pub fn reveal_all(&self) -> Result<Vec<SecretString>, SecretError> {
        let Self::File(path) = self else { return Ok(vec![self.reveal()?]) };
        let text = fsx::read_text(path)?;
        Ok(text.lines().filter(|line| !line.trim().is_empty()).map(SecretString::from).collect())
    }

    /// Fetches it.
    pub fn reveal(&self) -> Result<SecretString, SecretError> {
        match self {
            Self::Value(text) => {
                expand(text.expose_secret()).map(SecretString::from).map_err(SecretError::Unset)
            }
            Self::File(path) => {
                let text = fsx::read_text(path)?;
                Ok(text.lines().next().unwrap_or("").to_owned().into())
            }
            Self::Command(line) => {
                let output =
                    Command::new("sh").args(["-c", line]).output().ok().filter(|o| o.status.success());
                let text = output.and_then(|o| String::from_utf8(o.stdout).ok());
                text.map(|t| t.trim_end_matches(['\r', '\n']).to_owned().into())
                    .ok_or_else(|| SecretError::Command(line.clone()))
            }
        }
    }
}

/// Replaces each `${NAME}` by the environment's value; fails with the first name that is not set.
#[expect(clippy::disallowed_methods, reason = "the config's own right")]
pub(super) fn expand(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start + 2..].find('}') else { break };
        let name = &rest[start + 2..start + 2 + length];
        out.push_str(&rest[..start]);
        out.push_str(&std::env::var(name).map_err(|_| name.to_owned())?);
        rest = &rest[start + 3 + length..];
    }
    out.push_str(rest);
    Ok(out)
}
