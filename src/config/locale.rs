//! Which language is spoken at this machine.

/// BCP 47, as far as the environment says so (POSIX, "Environment Variables": `LC_ALL`, `LC_MESSAGES`, `LANG`).
#[expect(clippy::disallowed_methods, reason = "the config's own right")]
pub fn language() -> Option<String> {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let said = names.iter().filter_map(|name| std::env::var(name).ok()).find(|said| !said.is_empty())?;
    let tag = said.split(['.', '@']).next()?.replace('_', "-");
    (!matches!(tag.as_str(), "C" | "POSIX")).then(|| tag.split('-').next().unwrap_or_default().to_owned())
}
