//! The newsletters: who they are from, when they are due, what they take, how they look.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use chrono::TimeDelta;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Content, Filter};
use crate::address::Mailbox;

/// One newsletter.
#[derive(Clone, Debug)]
pub struct Newsletter {
    /// Its key in the config: lower-case letters, digits, `-` and `_`.
    pub name: String,
    /// Its names before this one, where the owner says so; none, where it is said to be new.
    pub was: Option<Vec<String>>,
    /// Its name for readers.
    pub title: String,
    /// The sender.
    pub from: Mailbox,
    /// Where answers go.
    pub reply_to: Option<Mailbox>,
    /// BCP 47: what it speaks to subscribers whose language the list does not say.
    pub language: String,
    /// When it is due.
    pub schedule: Schedule,
    /// The template of its subject, where that is not `subject.txt`.
    pub subject: Option<String>,
    /// Which posts it takes.
    pub select: Select,
    /// How much of each.
    pub content: Content,
    /// Whether its posts stand under their categories.
    pub by_category: bool,
    /// Which of the built-in looks it has.
    pub look: Look,
    /// Whether its issues stand on the web, too.
    pub archive: Archive,
    /// Whether Korean law (정보통신망법 제50조) counts it as advertising.
    pub is_advertising: bool,
    /// What its readers may choose to read about; empty offers no choice.
    pub topics: Vec<String>,
    /// In which languages they may choose to read; empty offers no choice.
    pub languages: Vec<String>,
    /// The list's file; `None` where the ledger alone keeps it, or the config names neither a newsletter nor a list and none lies in its
    /// place.
    pub subscribers: Option<PathBuf>,
}

/// Who may read a newsletter's issues on the web.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Archive {
    /// Everybody.
    #[default]
    Public,
    /// Whoever has got them, by a link of their own.
    Private,
    /// Nobody.
    None,
}

impl JsonSchema for Archive {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Archive".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": [true, false, "private"] })
    }
}

impl<'de> Deserialize<'de> for Archive {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Word;
        impl Visitor<'_> for Word {
            type Value = Archive;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`true`, `false` or `private`")
            }

            fn visit_bool<E>(self, is_there: bool) -> Result<Archive, E> {
                Ok(if is_there { Archive::Public } else { Archive::None })
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Archive, E> {
                if word == "private" {
                    Ok(Archive::Private)
                } else {
                    Err(E::invalid_value(Unexpected::Str(word), &self))
                }
            }
        }
        from.deserialize_any(Word)
    }
}

/// When a newsletter is due.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// Whenever there is a new post.
    EachPost,
    /// Only when the owner says `send`.
    Manual,
    /// At the times of a cron pattern, in the site's zone; with it, as it is written.
    Cron(Box<croner::Cron>, String),
}

impl Schedule {
    /// As the config has it.
    pub fn written(&self) -> String {
        match self {
            Self::EachPost => "each-post".to_owned(),
            Self::Manual => "manual".to_owned(),
            Self::Cron(_, written) => written.clone(),
        }
    }
}

/// How often a subscriber wants to hear, where the list says so.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Cadence {
    /// As the newsletter's schedule has it.
    #[default]
    Scheduled,
    /// Whenever there is a new post.
    Each,
    /// Once a day.
    Daily,
    /// Once a week.
    Weekly,
    /// Once a month.
    Monthly,
}

impl Cadence {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Scheduled, Self::Each, Self::Daily, Self::Weekly, Self::Monthly];

    /// Its name in lists and in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Each => "each",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// The one of that name; the newsletter's own where there is none.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|cadence| cadence.as_str() == name).unwrap_or_default()
    }
}

/// Which posts an issue takes. Pinned ones come first, then the newest.
#[derive(Clone, Debug)]
pub struct Select {
    /// By what they are filed under.
    pub filter: Filter,
    /// Nothing older.
    pub max_age: TimeDelta,
    /// No issue with fewer posts.
    pub min: usize,
    /// At most so many.
    pub max: usize,
    /// Whether a post goes out again when it says that it has been updated.
    pub updated: bool,
    /// How long a post must have stood as it is.
    pub settle: TimeDelta,
}

/// A built-in look.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// Nearly a letter.
    Plain,
    /// Quiet, with titles in serif.
    #[default]
    Journal,
    /// Large pictures.
    Magazine,
    /// Like the letter of a Korean newspaper.
    KoreanPress,
}

impl Newsletter {
    /// When subscribers of a cadence are written to: never by itself where the newsletter is not; else at the hour of the newsletter's own schedule, else at eight; weekly on its
    /// day, else on Monday; monthly on the first.
    pub fn schedule_of(&self, cadence: Cadence) -> Schedule {
        let own = match &self.schedule {
            Schedule::Cron(cron, _) => cron.pattern.to_string(),
            _ => String::new(),
        };
        let mut fields: Vec<&str> = own.split_whitespace().collect();
        // Six begin with seconds.
        if fields.len() > 5 {
            fields.remove(0);
        }
        let plain = |index: usize, default: &str| {
            let field = fields.get(index).filter(|field| field.bytes().all(|b| b.is_ascii_alphanumeric()));
            field.map_or_else(|| default.to_owned(), |field| (*field).to_owned())
        };
        let (minute, hour) = (plain(0, "0"), plain(1, "8"));
        let pattern = match cadence {
            Cadence::Scheduled => return self.schedule.clone(),
            _ if matches!(self.schedule, Schedule::Manual) => return Schedule::Manual,
            Cadence::Each => return Schedule::EachPost,
            Cadence::Daily => format!("{minute} {hour} * * *"),
            Cadence::Weekly => format!("{minute} {hour} * * {}", plain(4, "MON")),
            Cadence::Monthly => format!("{minute} {hour} 1 * *"),
        };
        pattern.parse().map_or(Schedule::Manual, |cron| Schedule::Cron(Box::new(cron), pattern))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cadence_keeps_the_newsletters_hour_and_day() {
        let of = |own: &str, cadence| {
            let newsletter = Newsletter {
                schedule: Schedule::Cron(Box::new(own.parse().unwrap()), own.to_owned()),
                ..sample()
            };
            match newsletter.schedule_of(cadence) {
                Schedule::Cron(cron, _) => cron.pattern.to_string(),
                other => format!("{other:?}"),
            }
        };
        assert_eq!(of("30 7 * * THU", Cadence::Daily), "30 7 * * *");
        assert_eq!(of("30 7 * * THU", Cadence::Weekly), "30 7 * * 4");
        assert_eq!(of("30 7 1,15 * *", Cadence::Weekly), "30 7 * * 1");
        assert_eq!(of("*/5 7 * * *", Cadence::Monthly), "0 7 1 * *");
        assert_eq!(of("0 8 * * MON", Cadence::Each), "EachPost");
    }

    fn sample() -> Newsletter {
        Newsletter {
            name: "weekly".to_owned(),
            was: None,
            title: String::new(),
            from: Mailbox::parse("a@example.com").unwrap(),
            reply_to: None,
            language: "ko".to_owned(),
            schedule: Schedule::Manual,
            subject: None,
            select: Select {
                filter: Filter::default(),
                max_age: TimeDelta::days(14),
                min: 1,
                max: 20,
                updated: false,
                settle: TimeDelta::zero(),
            },
            content: Content::Summary,
            by_category: false,
            look: Look::Journal,
            archive: Archive::Public,
            is_advertising: false,
            topics: Vec::new(),
            languages: Vec::new(),
            subscribers: None,
        }
    }
}
