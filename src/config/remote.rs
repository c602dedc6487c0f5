//! Object storage that documents are published to.

use url::Url;

/// The kinds that are known, by their schemes.
pub(super) const SCHEMES: [&str; 8] = ["s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "file"];

/// A place in object storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Such as `s3://bucket/prefix`.
    pub url: Url,
}

impl Remote {
    /// What the environment says of credentials, regions and endpoints, by the names that the storage's own tools read: `AWS_…`, `GOOGLE_…`,
    /// `AZURE_…`. They are looked up when they are needed, and kept nowhere.
    #[expect(clippy::disallowed_methods, reason = "the config's own right")]
    pub fn environment(&self) -> Vec<(String, String)> {
        let beginning = match self.url.scheme() {
            "s3" | "s3a" => "AWS_",
            "gs" => "GOOGLE_",
            "file" => return Vec::new(),
            _ => "AZURE_",
        };
        let own = std::env::vars().filter(|(key, _)| key.starts_with(beginning));
        own.map(|(key, value)| (key.to_ascii_lowercase(), value)).collect()
    }
}
