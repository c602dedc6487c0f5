//! The templates, tried on the newest posts, and what comes out.

use super::places::{in_config, traced};
use crate::cli::list::List;
use crate::cli::site::{Failure, Site};
use crate::cli::spam;
use crate::config::{Cadence, Newsletter};
use crate::content::Filing;
use crate::diagnostic::Diagnostic;
use crate::digest::{self, Editor, Order};
use crate::feed::Plan;
use crate::ledger::{Ledger, Wishes};
use crate::template::BUILT_IN;

/// Tries the page that lists the feeds.
pub(in crate::cli) fn feeds_page(site: &Site, found: &mut Vec<Diagnostic>) {
    let (plan, odd_feeds) = Plan::new(&site.config, &site.library, &site.config_path);
    found.extend(odd_feeds);
    let templates = site.templates();
    let is_page =
        |name: &&str| ["pages/", "letters/", "owner/"].iter().any(|folder| name.starts_with(folder));
    for name in BUILT_IN
        .iter()
        .map(|(name, _)| *name)
        .filter(is_page)
        .filter(|name| !name.starts_with("pages/words/"))
    {
        found.extend(templates.read(name).err().map(|error| *error));
    }
    plan.beside(&site.templates(), found);
}

/// Tries the templates of every newsletter on the newest posts, as their faults show themselves only when they are used, and looks at
/// what comes out. How many were tried comes back.
pub(in crate::cli) fn newsletters(
    site: &Site,
    ledger: &Ledger,
    found: &mut Vec<Diagnostic>,
) -> Result<usize, Failure> {
    let templates = site.templates();
    let renderer = site.renderer();
    let filing = Filing::new(&site.config);
    let mut tried = 0;
    for newsletter in &site.config.newsletters {
        let posts = digest::newest(&site.library.posts, &filing, &newsletter.select, site.now);
        if posts.is_empty() && !site.library.posts.is_empty() {
            let message = format!("no post is of the kind that `{}` asks for", newsletter.name);
            let help = "compare what `select` names with the posts' own, letter by letter";
            let place = in_config(site, &format!("{}:", newsletter.name));
            let warning = Diagnostic::warning("nothing-selected", &site.config_path, message);
            found.push(warning.at(place).help(help));
        }
        if posts.is_empty() {
            continue;
        }
        tried += 1;
        List::load(site, newsletter, ledger)?;
        let mut wanted = ledger.wishes(&newsletter.name)?;
        wanted.languages.insert(newsletter.language.clone());
        for language in &wanted.languages {
            let order = Order {
                newsletter,
                cadence: Cadence::Scheduled,
                language,
                posts: &posts,
                editor: &Editor::default(),
                before: 0,
                now: site.now,
            };
            match digest::compose(site.setting(&templates, &renderer), order, found) {
                Ok(issue) if *language == newsletter.language => {
                    found.extend(issue.lint().into_iter().map(|finding| traced(site, &issue, finding)));
                    found.extend(spam::marks(&issue, &newsletter.name));
                }
                Ok(_) => {}
                Err(diagnostic) => found.push(*diagnostic),
            }
            if !templates.of_newsletter(&newsletter.name).speaks(language) {
                let message =
                    format!("there are no words in `{language}`: subscribers who want it get English ones");
                let help = match meant(language) {
                    Some(tag) => format!("write `{tag}`, if that is meant"),
                    None => format!(
                        "`tidings templates eject words/en.yaml`, and write them into `words/{language}.yaml`"
                    ),
                };
                let place = in_config(site, &format!("language: {language}"));
                found.push(Diagnostic::warning("words", &site.config_path, message).at(place).help(help));
            }
        }
        wishes(site, newsletter, &wanted, found);
    }
    Ok(tried)
}

/// What subscribers of a list want and will not get.
fn wishes(site: &Site, newsletter: &Newsletter, wanted: &Wishes, found: &mut Vec<Diagnostic>) {
    let Some(path) = &newsletter.subscribers else { return };
    let mut tell = |message: String, help: &str| {
        found.push(Diagnostic::warning("wish", site.shown(path), message).help(help));
    };
    for topic in &wanted.topics {
        if !site.library.posts.iter().any(|post| post.is_about(std::slice::from_ref(topic))) {
            let help = "topics are categories and tags, as the posts have them";
            tell(format!("no post is about `{topic}`, which a subscriber wants to read about"), help);
        }
    }
    for (cadence, days) in [(Cadence::Weekly, 7), (Cadence::Monthly, 31)] {
        if wanted.cadences.contains(&cadence) && newsletter.select.max_age < chrono::TimeDelta::days(days) {
            let name = &newsletter.name;
            let message = format!(
                "some hear {}, and `max_age` of `{name}` is {} days: what is older by then is not sent to them",
                cadence.as_str(),
                newsletter.select.max_age.num_days()
            );
            tell(message, "raise `select.max_age`, for instance to `40d`");
        }
    }
}

/// The tag of a language that is written by the name of its country, or by its own.
fn meant(language: &str) -> Option<&'static str> {
    match language.to_lowercase().as_str() {
        "kr" | "korean" | "한국어" | "한글" => Some("ko"),
        "jp" | "japanese" | "日本語" => Some("ja"),
        "us" | "uk" | "english" | "영어" => Some("en"),
        _ => None,
    }
}
