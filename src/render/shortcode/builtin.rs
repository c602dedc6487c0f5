//! The shortcodes that Hugo and Zola bring along.

use html_escape::encode_quoted_attribute as quoted;
use html_escape::encode_text as escaped;

use super::{Answer, Call, Shortcodes};
use crate::content::Post;

/// One of Hugo's.
pub(super) fn hugo(codes: &Shortcodes<'_>, call: &Call, post: &Post) -> Option<Answer> {
    Some(Answer::Html(match call.name.as_str() {
        "figure" => figure(call),
        "highlight" => highlight(call),
        "youtube" => frame(&format!("https://www.youtube.com/embed/{}", call.text("id", 0)?), call),
        "vimeo" | "vimeo_simple" => {
            frame(&format!("https://player.vimeo.com/video/{}", call.text("id", 0)?), call)
        }
        "gist" => gist(call)?,
        "tweet" | "x" | "twitter" | "twitter_simple" => {
            let user = call.text("user", 0)?;
            let address = call.text("id", 1).map_or_else(
                || format!("https://x.com/i/status/{user}"),
                |id| format!("https://x.com/{user}/status/{id}"),
            );
            link(&address, &address)
        }
        "instagram" | "instagram_simple" => {
            let address = format!("https://www.instagram.com/p/{}/", call.text("id", 0)?);
            link(&address, &address)
        }
        "details" => {
            let summary = call.named("summary").unwrap_or_else(|| "Details".to_owned());
            let inner = call.inner.as_deref().unwrap_or("");
            return Some(Answer::Markdown(format!(
                "<details><summary>{}</summary>\n\n{inner}\n\n</details>\n",
                escaped(&summary)
            )));
        }
        "qr" => {
            let text = call.inner.clone().or_else(|| call.text("text", 0))?;
            let text = text.trim();
            if text.starts_with("http") { link(text, text) } else { escaped(text).into_owned() }
        }
        "param" => {
            let name = call.text("name", 0)?;
            let own = post.matter.as_deref().and_then(|matter| look_up(matter, &name));
            let site = || {
                let crate::config::Blog::Hugo(hugo) = &codes.config.blog else { return None };
                let language = post.language.as_deref().unwrap_or_default();
                let of_language = format!("languages.{language}.params.{name}");
                look_up(&hugo.settings, &of_language)
                    .or_else(|| look_up(&hugo.settings, &format!("params.{name}")))
            };
            return Some(Answer::Markdown(own.or_else(site)?));
        }
        "ref" | "relref" => {
            let path = call.text("path", 0)?;
            let language = call.named("lang").or_else(|| post.language.clone());
            return Some(Answer::Markdown(reference(codes, post, &path, language.as_deref())?));
        }
        "comment" => String::new(),
        _ => return None,
    }))
}

/// One of Zola's.
pub(super) fn zola(call: &Call) -> Option<Answer> {
    Some(Answer::Html(match call.name.as_str() {
        "youtube" => frame(&format!("https://www.youtube.com/embed/{}", call.named("id")?), call),
        "vimeo" => frame(&format!("https://player.vimeo.com/video/{}", call.named("id")?), call),
        "streamable" => frame(&format!("https://streamable.com/e/{}", call.named("id")?), call),
        "gist" => format!("<script src=\"{}.js\"></script>", quoted(&call.named("url")?)),
        _ => return None,
    }))
}

fn look_up(values: &serde_json::Map<String, serde_json::Value>, path: &str) -> Option<String> {
    let mut parts = path.split('.');
    let first = parts.next()?;
    let (_, start) = values.iter().find(|(key, _)| key.eq_ignore_ascii_case(first))?;
    let found = parts.try_fold(start, |value, part| {
        value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(part)).map(|(_, value)| value)
    })?;
    match found {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn link(address: &str, words: &str) -> String {
    format!("<a href=\"{}\">{}</a>", quoted(address), escaped(words))
}

/// What an unknown call shows, as far as it says: the picture that it names, or a text that is code by the call's name.
pub(super) fn guessed(call: &Call) -> Option<String> {
    if let Some(inner) = &call.inner {
        let is_code = ["code", "mermaid", "chart", "codeblock", "prism"].contains(&call.name.as_str());
        return is_code.then(|| format!("<pre><code>{}</code></pre>", escaped(inner)));
    }
    let source = ["src", "url", "image", "img", "path"]
        .iter()
        .find_map(|key| call.named(key))
        .or_else(|| call.text("src", 0))
        .filter(|source| crate::render::embed::is_picture(source))?;
    let alt = call.named("alt").or_else(|| call.named("caption")).unwrap_or_default();
    Some(format!("<img src=\"{}\" alt=\"{}\">", quoted(&source), quoted(&alt)))
}

fn frame(address: &str, call: &Call) -> String {
    let title = call.named("title").map(|title| format!(" title=\"{}\"", quoted(&title))).unwrap_or_default();
    format!("<iframe src=\"{}\"{title}></iframe>", quoted(address))
}

fn gist(call: &Call) -> Option<String> {
    let (user, id) = (call.text("user", 0)?, call.text("id", 1)?);
    let file = call.text("file", 2).map(|file| format!("?file={file}")).unwrap_or_default();
    Some(format!(
        "<script src=\"{}\"></script>",
        quoted(&format!("https://gist.github.com/{user}/{id}.js{file}"))
    ))
}

fn figure(call: &Call) -> String {
    let mut image = String::from("<img");
    let alt = call.named("alt").or_else(|| call.named("caption").map(|caption| without_markdown(&caption)));
    for (key, value) in [
        ("src", call.text("src", 0)),
        ("alt", alt),
        ("width", call.named("width")),
        ("height", call.named("height")),
    ] {
        if let Some(value) = value {
            image.push_str(&format!(" {key}=\"{}\"", quoted(&value)));
        }
    }
    image.push('>');
    if let Some(address) = call.named("link") {
        image = format!("<a href=\"{}\">{image}</a>", quoted(&address));
    }
    let mut caption =
        call.named("title").map(|title| format!("<h4>{}</h4>", escaped(&title))).unwrap_or_default();
    let (text, source) = (call.named("caption"), call.named("attr"));
    if text.is_some() || source.is_some() {
        let source = source.map(|words| {
            call.named("attrlink")
                .map_or_else(|| escaped(&words).into_owned(), |address| link(&address, &words))
        });
        let text = text.map(|text| crate::render::markdown::inline(&text));
        caption.push_str(&format!("<p>{}</p>", text.into_iter().chain(source).collect::<Vec<_>>().join(" ")));
    }
    let caption = if caption.is_empty() { caption } else { format!("<figcaption>{caption}</figcaption>") };
    format!("<figure>{image}{caption}</figure>")
}

fn without_markdown(text: &str) -> String {
    text.replace(['*', '_', '`'], "")
}

fn highlight(call: &Call) -> String {
    let language = call.args.first().and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
    let code = call.inner.as_deref().unwrap_or("");
    format!("<pre><code class=\"language-{}\">{}\n</code></pre>", quoted(&language), escaped(code))
}

/// The address of the page that a path means: from the content folder, beside this page, or by its name.
fn reference(codes: &Shortcodes<'_>, post: &Post, path: &str, language: Option<&str>) -> Option<String> {
    let (path, anchor) =
        path.split_once('#').map_or((path, String::new()), |(path, anchor)| (path, format!("#{anchor}")));
    if path.is_empty() {
        return Some(format!("{}{anchor}", post.url));
    }
    let wanted = path.trim_start_matches('/').trim_end_matches('/');
    let bare = wanted.strip_suffix(".md").unwrap_or(wanted);
    let is_meant = |other: &Post| {
        let source = other.source.to_string_lossy();
        let source = source.strip_suffix(".md").unwrap_or(&source);
        // `name.ko.md` is called `name`, too.
        let language = other.language.as_deref().unwrap_or_default();
        let source =
            source.strip_suffix(language).and_then(|source| source.strip_suffix('.')).unwrap_or(source);
        let bundle = source.strip_suffix("/index").unwrap_or(source);
        let ends =
            |own: &str| own.strip_suffix(bare).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        ends(source) || ends(bundle)
    };
    let posts = &codes.library.posts;
    let meant = || posts.iter().filter(|other| is_meant(other));
    meant()
        .find(|other| other.language.as_deref() == language)
        .or_else(|| meant().next())
        .map(|other| format!("{}{anchor}", other.url))
}
