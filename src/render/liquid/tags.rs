//! Jekyll's own tags: includes, links to posts and files, code, gists.

use serde_json::{Map, Value};

use super::Parameters;
use super::carry::Carrier;
use super::expression::Expression;
use super::syntax::Node;
use crate::config::Blog;

/// Carries out one tag.
pub(super) fn carry(
    carrier: &mut Carrier<'_, '_>,
    name: &str,
    markup: &str,
    body: &[Node],
    out: &mut String,
) {
    match name {
        "highlight" => highlight(carrier, markup, body, out),
        "include" | "include_cached" => include(carrier, markup, false, out),
        "include_relative" => include(carrier, markup, true, out),
        "link" | "post_url" => link(carrier, name, markup, out),
        "gist" => gist(markup, out),
        // What a theme puts into a page's head.
        _ => {}
    }
}

fn highlight(carrier: &mut Carrier<'_, '_>, markup: &str, body: &[Node], out: &mut String) {
    let mut code = String::new();
    carrier.nodes(body, &mut code);
    let language = markup.split_whitespace().next().unwrap_or("").to_lowercase();
    let code = html_escape::encode_text(code.trim_matches(['\n', '\r'])).into_owned();
    out.push_str(&format!(
        "<figure class=\"highlight\"><pre><code class=\"language-{language}\">{code}</code></pre></figure>"
    ));
}

/// A file's name, which may hold `{{ … }}`, and parameters `name="value"` or `name=variable`.
fn include(carrier: &mut Carrier<'_, '_>, markup: &str, is_relative: bool, out: &mut String) {
    let (file, rest) = if markup.contains("{{") {
        let end = markup.rfind("}}").map_or(markup.len(), |at| at + 2);
        let end = end + markup[end..].find(char::is_whitespace).unwrap_or(markup.len() - end);
        (fill(carrier, &markup[..end]), &markup[end..])
    } else {
        let (file, rest) = markup.split_once(char::is_whitespace).unwrap_or((markup, ""));
        (file.to_owned(), rest)
    };
    let file = file.trim().trim_matches(['"', '\'']);
    // Nothing above the folder of includes.
    let is_inside = !file.split('/').any(|part| part.starts_with("..")) && !file.starts_with('/');
    let folder = match (&carrier.engine.config.blog, is_relative) {
        (_, true) => carrier.post.file.parent().unwrap_or(std::path::Path::new("")).to_path_buf(),
        (Blog::Jekyll(jekyll), false) => {
            let named = jekyll.settings.get("includes_dir").and_then(Value::as_str).unwrap_or("_includes");
            carrier.engine.config.root.join(named)
        }
        _ => carrier.engine.config.root.join("_includes"),
    };
    let template =
        (is_inside && carrier.depth < 20).then(|| carrier.engine.include(folder.join(file))).flatten();
    let parameters = parameters(carrier, rest);
    let Some(template) = template else {
        carrier.unknown.push(format!("{{% include {file} %}}"));
        out.push_str(&of_a_theme(&parameters));
        return;
    };
    for name in &template.unknown {
        carrier.unknown.push(format!("{{% {name} %}}"));
    }
    carrier.scope.frames.push(Map::from_iter([("include".to_owned(), Value::Object(parameters))]));
    carrier.depth += 1;
    carrier.nodes(&template.nodes, out);
    carrier.depth -= 1;
    carrier.scope.frames.pop();
}

/// What an include that lies in a theme elsewhere would show, as far as its parameters say: a picture, or a film.
fn of_a_theme(parameters: &Parameters) -> String {
    let quoted = |key: &str| {
        let text = parameters.get(key)?.as_str()?;
        Some(html_escape::encode_quoted_attribute(text).into_owned())
    };
    if let Some(source) = ["image_path", "src", "url", "path", "file"].iter().find_map(|key| quoted(key))
        && crate::render::embed::is_picture(&source)
    {
        let alt = quoted("alt").or_else(|| quoted("caption")).unwrap_or_default();
        let caption = parameters.get("caption").and_then(Value::as_str).unwrap_or_default();
        let caption =
            if caption.is_empty() { String::new() } else { format!("<figcaption>{caption}</figcaption>") };
        return format!("<figure><img src=\"{source}\" alt=\"{alt}\">{caption}</figure>");
    }
    match (quoted("id"), quoted("provider").as_deref()) {
        (Some(id), Some("youtube")) => {
            format!("<iframe src=\"https://www.youtube.com/embed/{id}\"></iframe>")
        }
        (Some(id), Some("vimeo")) => format!("<iframe src=\"https://player.vimeo.com/video/{id}\"></iframe>"),
        _ => String::new(),
    }
}

/// A text with its outputs filled in from the scope of now.
fn fill(carrier: &mut Carrier<'_, '_>, written: &str) -> String {
    let template = super::Template::parse(written);
    let mut out = String::new();
    carrier.nodes(&template.nodes, &mut out);
    out
}

fn parameters(carrier: &Carrier<'_, '_>, markup: &str) -> Parameters {
    let mut found = Parameters::new();
    let mut rest = markup;
    while let Some(at) = rest.find('=') {
        let key = rest[..at].trim_end();
        let key = key.rsplit(|c: char| c.is_whitespace()).next().unwrap_or(key);
        let value = rest[at + 1..].trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let length = match quote {
            Some(quote) => closing(value, quote).map_or(value.len(), |end| end + 1),
            None => value.find(char::is_whitespace).unwrap_or(value.len()),
        };
        let written = &value[..length];
        let value_of = match quote {
            Some(quote) => {
                let inner = written.strip_prefix(quote).unwrap_or(written);
                let inner = inner.strip_suffix(quote).unwrap_or(inner);
                Value::String(inner.replace(&format!("\\{quote}"), &quote.to_string()))
            }
            None => carrier.scope.value(&Expression::parse(written)).into_owned(),
        };
        found.insert(key.to_owned(), value_of);
        rest = &value[length..];
    }
    found
}

/// Where the quoted text that `text` begins with ends.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(at, c)| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}

/// The path of a post, or of another file of the site, below the domain.
fn link(carrier: &mut Carrier<'_, '_>, name: &str, markup: &str, out: &mut String) {
    let wanted = fill(carrier, markup);
    let wanted = wanted.trim().trim_start_matches('/');
    let is_meant = |source: &str| {
        if name == "link" {
            return source == wanted;
        }
        // The folders above and below `_posts` count, `_posts` itself does not.
        let stem = source.rsplit_once('.').map_or(source, |(stem, _)| stem);
        let last = wanted.rsplit('/').next().unwrap_or(wanted);
        if !stem.ends_with(last) {
            return false;
        }
        let bare = stem.replacen("_posts/", "", 1);
        bare == wanted || (!wanted.contains('/') && bare.ends_with(&format!("/{wanted}")))
    };
    let posts = &carrier.engine.library.posts;
    if let Some(post) = posts.iter().find(|post| is_meant(&post.source.to_string_lossy())) {
        out.push_str(post.url.path());
        return;
    }
    if name == "link" && carrier.engine.config.root.join(wanted).is_file() {
        let path = wanted.strip_suffix(".md").map_or(wanted.to_owned(), |stem| format!("{stem}.html"));
        let own = crate::content::written(&carrier.engine.config.root.join(wanted), "permalink");
        let path = own.as_deref().map_or(path.as_str(), |own| own.trim_start_matches('/'));
        out.push_str(&format!("{}/{path}", carrier.engine.base()));
        return;
    }
    carrier.unknown.push(format!("{{% {name} {wanted} %}}"));
}

fn gist(markup: &str, out: &mut String) {
    let mut words = markup.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    if let Some(id) = words.next() {
        let file = words.next().map(|file| format!("?file={file}")).unwrap_or_default();
        out.push_str(&format!("<script src=\"https://gist.github.com/{id}.js{file}\"> </script>"));
    }
}
