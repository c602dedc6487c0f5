//! `feeds:` resolved: defaults like the generator's own, addresses and names checked.

use url::Url;

use super::origin::Origins;
use super::{fields, folder_url, text};
use crate::address::Address;
use crate::config::findings::Findings;
use crate::config::generators::Told;
use crate::config::raw::{self, Many};
use crate::config::{Author, Content, Feed, Feeds, Filter, Format, Podcast, Terms};

pub(super) fn feeds(
    raw: raw::Feeds,
    site: &Url,
    told: Option<&Told>,
    origins: &mut Origins,
    findings: &mut Findings<'_>,
) -> Feeds {
    let number = |limit: Option<usize>| limit.map(|limit| limit.to_string());
    let their_limit = told.and_then(|told| told.feed_limit);
    origins.or("feeds.limit", number(raw.limit), number(their_limit), "20");
    let limit = raw.limit.or(their_limit).unwrap_or(20);
    let name = |content: Content| if content == Content::Summary { "summary" } else { "full" };
    let theirs = told
        .and_then(|told| told.feed_summaries)
        .map(|only| if only { Content::Summary } else { Content::Full });
    let written = |content: Option<Content>| content.map(|content| name(content).to_owned());
    origins.or("feeds.content", written(raw.content), written(theirs), "full");
    for content in raw.own.iter().map(|own| own.content).chain([raw.content]) {
        if content == Some(Content::Titles) {
            let message = "`content: titles` is for newsletters; a feed has texts";
            findings.error("content", "titles", message, "use `full` or `summary`");
        }
    }
    let mut formats = raw.formats.unwrap_or_else(|| vec![Format::Rss, Format::Atom, Format::Json]);
    formats = distinct(formats);
    if formats.is_empty() {
        findings.error(
            "formats",
            "",
            "`feeds.formats` is empty: there would be no feeds",
            "write one of `rss`, `atom` and `json`, or leave it out",
        );
    }
    let main = Feed {
        path: String::new(),
        title: None,
        description: None,
        filter: Filter::default(),
        formats,
        limit: Some(limit).filter(|limit| *limit > 0),
        content: raw.content.or(theirs).unwrap_or(Content::Full),
        podcast: raw.podcast.map(|podcast| Box::new(self::podcast(podcast, site, findings))),
    };
    let mut by = raw.by.map(Many::list).unwrap_or_default();
    by.sort_unstable();
    by.dedup();
    Feeds {
        own: raw.own.into_iter().filter_map(|own| self::own(own, &main, site, findings)).collect(),
        main,
        by,
        archive: raw.archive.filter(|entries| *entries > 0),
        hub: raw.hub.and_then(|hub| web(&hub.0, "hub", findings)),
        style: raw.style.unwrap_or(true),
        fields: fields::fields(raw.namespaces, raw.fields, findings),
    }
}

/// One of the owner's own; what it does not say is as in the main feeds.
fn own(raw: raw::OwnFeed, main: &Feed, site: &Url, findings: &mut Findings<'_>) -> Option<Feed> {
    let Some(path) = raw.path else {
        let help =
            "write where it shall lie: a folder such as `path: trips`, or a file such as `path: trips.xml`";
        findings.error("own", "", "a feed under `own` has no `path`", help);
        return None;
    };
    let place = path.trim_matches('/');
    let is_odd = |part: &str| {
        part.is_empty()
            || part.starts_with('.')
            || part.contains(['\\', '?', '#', '%'])
            || part.contains(char::is_control)
    };
    if place.split('/').any(is_odd) {
        let help =
            "write the folder it shall lie in, such as `path: trips`, or its file, such as `path: trips.xml`";
        findings.error("path", &path, format!("`{path}` is no place below the public folder"), help);
        return None;
    }
    let of_ending = |path: &str| {
        let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
        match ending {
            "json" => Some(Format::Json),
            "atom" => Some(Format::Atom),
            "xml" if path.ends_with("atom.xml") => Some(Format::Atom),
            "rss" | "xml" => Some(Format::Rss),
            _ => None,
        }
    };
    let ending = place.rsplit('/').next().and_then(|last| last.rsplit_once('.')).map(|(_, ending)| ending);
    if ending.is_some() && of_ending(place).is_none() {
        let help =
            "end it with `.xml`, `.rss`, `.atom` or `.json`, or name a folder, without a point in its name";
        findings.error("path", &path, format!("`{path}` has the ending of no feed"), help);
        return None;
    }
    let formats = match (of_ending(place), raw.formats) {
        (Some(_), Some(formats)) if formats.len() == 1 => formats,
        (Some(format), None) => vec![format],
        (Some(_), Some(_)) => {
            let help = "name one format, or a folder, which takes a document for each";
            findings.error("path", &path, format!("`{path}` is one document, and has one format"), help);
            return None;
        }
        (None, formats) => formats.map_or_else(|| main.formats.clone(), distinct),
    };
    let select = raw.select;
    let filter = Filter {
        any: Terms {
            categories: select.categories.list(),
            tags: select.tags.list(),
            authors: select.authors.list(),
            languages: select.languages.list(),
            sections: select.sections.list(),
        },
        none: select.exclude.terms(),
    };
    Some(Feed {
        path: place.to_owned(),
        title: text(raw.title),
        description: text(raw.description),
        filter,
        formats,
        limit: raw.limit.map_or(main.limit, |limit| Some(limit).filter(|limit| *limit > 0)),
        content: raw.content.unwrap_or(main.content),
        podcast: raw.podcast.map(|podcast| Box::new(self::podcast(podcast, site, findings))),
    })
}

fn podcast(raw: raw::Podcast, site: &Url, findings: &mut Findings<'_>) -> Podcast {
    let category = |name: String| match name.split_once('>') {
        Some((outer, inner)) => (outer.trim().to_owned(), Some(inner.trim().to_owned())),
        None => (name.trim().to_owned(), None),
    };
    let image = text(raw.image).and_then(|image| site.join(image.trim_start_matches('/')).ok());
    let owner = raw.owner.map(|owner| Author {
        name: text(owner.name).unwrap_or_default(),
        email: text(owner.email).filter(|email| {
            let good = Address::parse(email).is_ok();
            if !good {
                findings.error(
                    "email",
                    email,
                    format!("`{email}` is not an address"),
                    "write `name@example.com`",
                );
            }
            good
        }),
        url: None,
    });
    let funding = raw.funding.and_then(|funding| {
        let url = web(&text(funding.url).unwrap_or_default(), "funding", findings)?;
        Some((url, text(funding.text).unwrap_or_default()))
    });
    if image.is_none() {
        findings.warning(
            "podcast",
            "`podcast.image` is missing: directories take no podcast without a cover",
            "write the address of a square picture of 1400 to 3000 pixels",
        );
    }
    if raw.category.is_none() {
        findings.warning(
            "podcast",
            "`podcast.category` is missing: directories take no podcast without one",
            "write one of Apple's, such as `category: Technology` or `category: Arts > Books`",
        );
    }
    Podcast {
        categories: raw.category.map(Many::list).unwrap_or_default().into_iter().map(category).collect(),
        explicit: raw.explicit,
        serial: raw.serial,
        image,
        author: text(raw.author),
        owner,
        copyright: text(raw.copyright),
        locked: raw.locked,
        funding,
        guid: text(raw.guid),
        medium: raw.medium,
    }
}

/// Each once, in the order written.
fn distinct(formats: Vec<Format>) -> Vec<Format> {
    let mut kept = Vec::new();
    for format in formats {
        if !kept.contains(&format) {
            kept.push(format);
        }
    }
    kept
}

/// A web address.
fn web(written: &str, key: &str, findings: &mut Findings<'_>) -> Option<Url> {
    let url =
        Url::parse(written).ok().filter(|url| folder_url(url.as_str()).is_some() || url.query().is_some());
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_none() {
        let help = "write it in full, as in `https://example.com/`";
        findings.error(key, written, format!("`{written}` is not an absolute web address"), help);
    }
    url
}
