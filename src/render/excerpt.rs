//! What stands for a post where the whole is too much.

use pulldown_cmark::{Event, Tag, TagEnd};

/// What stands before `<!--more-->`; without one, the first paragraph that says anything; else nothing.
pub(super) fn of<'a>(events: &[Event<'a>]) -> Vec<Event<'a>> {
    before_more(events).unwrap_or_else(|| first_paragraph(events))
}

fn before_more<'a>(events: &[Event<'a>]) -> Option<Vec<Event<'a>>> {
    let cut = events.iter().position(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => html
            .trim()
            .strip_prefix("<!--")
            .and_then(|rest| rest.strip_suffix("-->"))
            .is_some_and(|c| c.trim() == "more"),
        _ => false,
    })?;
    let mut open: Vec<TagEnd> = Vec::new();
    for event in &events[..cut] {
        match event {
            Event::Start(tag) => open.push(tag.to_end()),
            Event::End(_) => drop(open.pop()),
            _ => {}
        }
    }
    let closing = open.into_iter().rev().map(Event::End);
    Some(events[..cut].iter().cloned().chain(closing).collect())
}

fn first_paragraph<'a>(events: &[Event<'a>]) -> Vec<Event<'a>> {
    let mut rest = events;
    while let Some(start) = rest.iter().position(|event| matches!(event, Event::Start(Tag::Paragraph))) {
        let length = rest[start..].iter().position(|event| matches!(event, Event::End(TagEnd::Paragraph)));
        let end = start + length.unwrap_or(rest.len() - start - 1) + 1;
        let paragraph = &rest[start..end];
        if says_anything(paragraph) {
            return paragraph.to_vec();
        }
        rest = &rest[end..];
    }
    Vec::new()
}

/// A picture's description is not the post's text.
fn says_anything(paragraph: &[Event<'_>]) -> bool {
    let mut image = 0;
    paragraph.iter().any(|event| {
        match event {
            Event::Start(Tag::Image { .. }) => image += 1,
            Event::End(TagEnd::Image) => image -= 1,
            Event::Text(text) | Event::Code(text) => return image == 0 && !text.trim().is_empty(),
            _ => {}
        }
        false
    })
}
