//! Addresses that are none of a person's, or that somebody has mistyped.

use std::collections::HashMap;
use std::path::Path;

use crate::address::Address;
use crate::diagnostic::Diagnostic;

/// Names that stand for a task, not for somebody (RFC 2142, and what programs use): mail there is seldom asked for.
const ROLES: [&str; 17] = [
    "abuse",
    "admin",
    "administrator",
    "hostmaster",
    "mailer-daemon",
    "news",
    "no-reply",
    "nobody",
    "noc",
    "noreply",
    "postmaster",
    "root",
    "security",
    "spam",
    "sysadmin",
    "usenet",
    "webmaster",
];

/// Where most people have their mail.
const WELL_KNOWN: [&str; 22] = [
    "gmail.com",
    "mail.com",
    "ymail.com",
    "googlemail.com",
    "naver.com",
    "daum.net",
    "hanmail.net",
    "kakao.com",
    "nate.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "yahoo.co.jp",
    "icloud.com",
    "me.com",
    "protonmail.com",
    "proton.me",
    "gmx.net",
    "gmx.de",
    "web.de",
    "qq.com",
];

/// What is odd about an address.
#[derive(Clone, Copy)]
pub(super) enum Odd {
    /// It is that of a task.
    Role,
    /// Its domain is nearly this one.
    Domain(&'static str),
    /// Its domain has no point in it.
    Short,
}

impl Odd {
    pub(super) fn told(self, email: &str, shown: &Path) -> Diagnostic {
        match self {
            Self::Role => {
                let message = format!("`{email}` is the address of a task, not of somebody");
                let help = "delete it, unless you know who reads there and that they have asked for it";
                Diagnostic::warning("subscriber-role", shown, message).help(help)
            }
            Self::Short => {
                let message = format!("the domain of `{email}` has no ending");
                let help = "write it in full, such as `reader@example.com`; until then mail goes there as it is written";
                Diagnostic::warning("subscriber-domain", shown, message).help(help)
            }
            Self::Domain(near) => {
                let message = format!("`{email}` looks mistyped: it is nearly at `{near}`");
                let help = "ask its owner, or correct it; until then mail goes there as it is written";
                Diagnostic::warning("subscriber-domain", shown, message).help(help)
            }
        }
    }
}

/// The domains that have been compared.
#[derive(Default)]
pub(super) struct Known(HashMap<String, Option<&'static str>>);

impl Known {
    /// What is odd about an address, if anything is.
    pub(super) fn odd(&mut self, address: &Address) -> Option<Odd> {
        if ROLES.contains(&address.local().to_ascii_lowercase().as_str()) {
            return Some(Odd::Role);
        }
        let domain = address.domain();
        if !domain.contains('.') && domain != "localhost" {
            return Some(Odd::Short);
        }
        let near = *self.0.entry(domain.to_owned()).or_insert_with(|| mistyped(domain));
        near.map(Odd::Domain)
    }
}

/// The well-known domain from which this one differs by one slip. A short name is near to many: only longer ones are taken for slips.
fn mistyped(domain: &str) -> Option<&'static str> {
    if domain.len() < 8 || WELL_KNOWN.contains(&domain) {
        return None;
    }
    WELL_KNOWN.into_iter().find(|known| strsim::damerau_levenshtein(known, domain) == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen_and_other_domains_are_not() {
        let near = |text: &str| match Known::default().odd(&Address::parse(text).unwrap()) {
            Some(Odd::Domain(near)) => near,
            Some(Odd::Role) => "role",
            Some(Odd::Short) => "short",
            None => "",
        };
        assert_eq!(near("kim@gmial.com"), "gmail.com");
        assert_eq!(near("kim@gmail.con"), "gmail.com");
        assert_eq!(near("kim@naver.co"), "naver.com");
        assert_eq!(near("Postmaster@example.com"), "role");
        assert_eq!(near("kim@naver"), "short");
        for fine in [
            "kim@gmail.com",
            "kim@ge.com",
            "kim@mail.com",
            "kim@example.com",
            "kim@yahoo.co.jp",
            "kim@gmx.at",
        ] {
            assert_eq!(near(fine), "", "{fine}");
        }
    }
}
