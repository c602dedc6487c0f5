//! MiniJinja's errors in the words of whoever wrote the template, with the mend.

use minijinja::ErrorKind;

use super::BUILT_IN;
use crate::diagnostic::did_you_mean;

/// What filters of Jinja2 and Liquid are called here.
const ELSEWHERE: [(&str, &str); 9] = [
    ("date_to_string", "date"),
    ("downcase", "lower"),
    ("escape_once", "escape"),
    ("size", "length"),
    ("strftime", "date"),
    ("strip", "trim"),
    ("truncate", "shorten"),
    ("truncatewords", "shorten"),
    ("upcase", "upper"),
];

/// The filters that templates for mail have a use for, our own first.
const FILTERS: [&str; 22] = [
    "date", "shorten", "josa", "plural", "wrap", "rule", "default", "escape", "first", "groupby", "indent",
    "join", "last", "length", "lower", "map", "replace", "safe", "sort", "title", "trim", "upper",
];

/// What is wrong, and the next step: `why` is what MiniJinja says of the piece `code` of a template.
pub(super) fn told(kind: ErrorKind, why: &str, code: &str) -> (String, String) {
    match kind {
        ErrorKind::TemplateNotFound => not_there(why, code),
        ErrorKind::UnknownFilter => {
            let name = code.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            let known = ELSEWHERE.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| *ours);
            let help = match known.or_else(|| did_you_mean(name, FILTERS)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("use one of {}, or another of MiniJinja's", FILTERS.join(", ")),
            };
            (format!("there is no filter `{name}`"), help)
        }
        _ => {
            let (message, help) = of_syntax(why);
            (message.unwrap_or_else(|| why.to_owned()), help.to_owned())
        }
    }
}

fn not_there(why: &str, code: &str) -> (String, String) {
    let Some(name) = code.split(['"', '\'']).nth(1) else {
        return (why.to_owned(), "name a file of the templates folder or a built-in".to_owned());
    };
    let bare = name.trim_start_matches("built-in/");
    let help = match did_you_mean(bare, BUILT_IN.iter().map(|(known, _)| *known)) {
        Some(near) => format!("did you mean `{near}`? Or put a file of that name into `templates/`"),
        None => "put a file of that name into `templates/`; `tidings templates list` names the built-in ones"
            .to_owned(),
    };
    (format!("there is no template `{name}`"), help)
}

fn of_syntax(why: &str) -> (Option<String>, &'static str) {
    let some = |message: &str| Some(message.to_owned());
    if let Some(tag) = why.strip_prefix("unknown statement ") {
        return if tag.starts_with("end") || tag.starts_with("el") {
            let message = format!("`{tag}` belongs to nothing that is open here");
            (Some(message), "close first what was opened last: `for` by `endfor`, `if` by `endif`")
        } else if tag == "assign" || tag == "capture" {
            (Some(format!("there is no tag `{tag}` here")), "write `{% set name = value %}`")
        } else {
            let help = "use `for`, `if`, `set`, `with`, `block`, `extends`, `include`, `import`, `macro`, `filter` or `raw`";
            (Some(format!("there is no tag `{tag}` here")), help)
        };
    }
    let starts = |words: &str| why.starts_with(words);
    if starts("unexpected end of input, expected end of variable block") {
        (some("`{{` is opened here and not closed"), "close it with `}}`")
    } else if starts("unexpected end of input, expected end of block") {
        (
            some("the template ends, and a `for`, `if` or `block` in it is still open"),
            "close it with `{% endfor %}`, `{% endif %}` or `{% endblock %}`",
        )
    } else if starts("unexpected `:`") {
        (
            some("a `:` means nothing here"),
            "write what a filter takes in brackets, as in `{{ date | date(\"en\") }}`: this is no Liquid",
        )
    } else if starts("unexpected `.`") {
        (
            some("a name cannot begin with `.`"),
            "write it as it is called here, as in `{{ newsletter.title }}`: this is no template of Hugo's",
        )
    } else if starts("unexpected character") {
        (
            some("no value can begin with this sign; perhaps a `{{` or `{%` above is not closed"),
            "close it with `}}` or `%}` before the text goes on",
        )
    } else if starts("recursion limit") {
        (some("this template includes itself, on and on"), "include another one, or take the line out")
    } else if starts("a reader's own words") {
        (
            None,
            "write `{{ subscriber.name }}` alone: who has given no name is called by `reader:` of `words/`",
        )
    } else if starts("cannot read") {
        (None, "save the file as UTF-8 text, and let tidings read it")
    } else {
        (None, "see MiniJinja's syntax: `{{ value }}`, `{% for x in list %} … {% endfor %}`")
    }
}
