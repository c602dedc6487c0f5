//! What plays or runs inside a page: readers and mail programs show none of it, so a picture or a link takes its place.

use std::borrow::Cow;

/// The HTML with a picture or a link for each frame, video, sound and gist. The inside and the end tag of a frame are left for
/// the sanitiser, which drops them.
pub(super) fn linked(html: &str) -> Cow<'_, str> {
    const TAGS: [&str; 6] = ["<iframe", "<video", "<audio", "<script", "<embed", "<object"];
    let lower = html.to_ascii_lowercase();
    if !TAGS.iter().any(|tag| lower.contains(tag)) {
        return html.into();
    }
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    while let Some(start) = TAGS.iter().filter_map(|tag| lower[at..].find(tag)).min().map(|found| at + found)
    {
        let end = lower[start..].find('>').map_or(html.len(), |found| start + found + 1);
        let name_end = lower[start + 1..]
            .find(|c: char| !c.is_ascii_alphanumeric())
            .map_or(html.len(), |length| start + 1 + length);
        let (name, tag) = (&lower[start + 1..name_end], &html[start..end]);
        out.push_str(&html[at..start]);
        // All of a video is the video, with the words for those who cannot see it.
        let whole = matches!(name, "video" | "audio" | "script" | "object");
        let close = format!("</{name}");
        let closed = whole.then(|| lower[end..].find(&close).map(|found| end + found)).flatten();
        let inside = &html[end..closed.unwrap_or(end)];
        at = closed
            .map_or(end, |close| lower[close..].find('>').map_or(html.len(), |found| close + found + 1));
        let source = ["src", "data", "data-src"].iter().find_map(|key| attribute(tag, key));
        let source = source.or_else(|| inner_source(inside));
        match (name, source) {
            ("script", Some(source)) if !source.contains("gist.github.com/") => {
                out.push_str(&html[start..at]);
            }
            ("script", None) => out.push_str(&html[start..at]),
            ("script", Some(source)) => {
                link(&mut out, source.split(".js").next().unwrap_or(source), "gist.github.com");
            }
            (_, Some(source)) => replace(&mut out, source, tag),
            (_, None) => {}
        }
    }
    out.push_str(&html[at..]);
    out.into()
}

/// Whether an address is a picture's, by its ending.
pub(super) fn is_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or(address).to_ascii_lowercase();
    [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"].iter().any(|ending| path.ends_with(ending))
}

/// The address inside `<source src="…">`.
fn inner_source(inside: &str) -> Option<&str> {
    let at = inside.to_ascii_lowercase().find("<source")?;
    attribute(inside[at..].split('>').next()?, "src")
}

fn replace(out: &mut String, source: &str, tag: &str) {
    let title = attribute(tag, "title");
    if let Some(id) = youtube(source) {
        let words = title.unwrap_or("YouTube");
        out.push_str(&format!(
            "<a href=\"https://www.youtube.com/watch?v={id}\"><img src=\"https://img.youtube.com/vi/{id}/hqdefault.jpg\" alt=\"{words}\"></a>"
        ));
    } else if let Some(poster) = attribute(tag, "poster") {
        out.push_str(&format!(
            "<a href=\"{source}\"><img src=\"{poster}\" alt=\"{}\"></a>",
            title.unwrap_or("")
        ));
    } else {
        link(out, source, title.unwrap_or_else(|| place(source)));
    }
}

fn link(out: &mut String, source: &str, words: &str) {
    out.push_str(&format!("<a href=\"{source}\">{words}</a>"));
}

/// The host of an address, or the name of a file.
fn place(source: &str) -> &str {
    let (is_remote, rest) = source.split_once("//").map_or((false, source), |(_, rest)| (true, rest));
    let path = rest.split(['?', '#']).next().unwrap_or(rest);
    let part = if is_remote { path.split('/').next() } else { path.trim_end_matches('/').rsplit('/').next() };
    part.filter(|part| !part.is_empty()).unwrap_or(source)
}

/// The id of a video on YouTube.
fn youtube(source: &str) -> Option<&str> {
    let after = ["youtube.com/embed/", "youtube-nocookie.com/embed/", "youtube.com/watch?v=", "youtu.be/"]
        .iter()
        .find_map(|place| source.split_once(place).map(|(_, after)| after))?;
    let length = after.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
    (length >= 6 && !after.starts_with("videoseries")).then(|| &after[..length])
}

/// The value of a tag's attribute, as written, where it holds nothing that could end the quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let lower = tag.to_ascii_lowercase();
    let key = format!("{name}=");
    let at = lower
        .match_indices(&key)
        .map(|(at, _)| at)
        .find(|at| lower[..*at].ends_with(|c: char| c.is_ascii_whitespace()))?;
    let rest = &tag[at + key.len()..];
    let value = match rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(quote) => rest[1..].split(quote).next()?,
        None => rest.split(|c: char| c.is_whitespace() || c == '>').next()?,
    };
    (!value.is_empty() && !value.contains(['"', '<', '>'])).then_some(value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_becomes_a_link_or_a_picture() {
        for (html, expect) in [
            ("<p>x</p>", "<p>x</p>"),
            ("<IFRAME width=\"1\" src='//v.kr/1'></iframe>y", "<a href=\"//v.kr/1\">v.kr</a></iframe>y"),
            ("<iframe title=\"영상\" src=\"https://v.kr/1\">", "<a href=\"https://v.kr/1\">영상</a>"),
            ("<iframe src=\"a\" title='\"><b>'>", "<a href=\"a\">a</a><b>'>"),
            ("<iframe", ""),
            (
                "<iframe src=\"https://www.youtube.com/embed/dQw4w9WgXcQ?start=1\"></iframe>",
                "<a href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\"><img src=\"https://img.youtube.com/vi/dQw4w9WgXcQ/hqdefault.jpg\" alt=\"YouTube\"></a></iframe>",
            ),
        ] {
            assert_eq!(linked(html), expect);
        }
    }

    #[test]
    fn videos_and_gists_leave_what_can_be_clicked() {
        for (html, expect) in [
            ("<video controls><source src=\"/a/b.mp4\">no video</video>z", "<a href=\"/a/b.mp4\">b.mp4</a>z"),
            (
                "<video src=\"b.mp4\" poster=\"p.png\"></video>",
                "<a href=\"b.mp4\"><img src=\"p.png\" alt=\"\"></a>",
            ),
            (
                "<script src=\"https://gist.github.com/kim/1.js\"></script>",
                "<a href=\"https://gist.github.com/kim/1\">gist.github.com</a>",
            ),
            ("<script>x()</script>", "<script>x()</script>"),
        ] {
            assert_eq!(linked(html), expect);
        }
    }
}
