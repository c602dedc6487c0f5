//! What a post is filed under, and whether a choice by such names takes it.

use super::clean;
use super::people::site_author;
use super::post::Post;
use crate::config::{Author, Config, Filter, Group};

/// How one site files its posts.
#[derive(Debug)]
pub struct Filing<'a> {
    config: &'a Config,
    author: Author,
}

impl<'a> Filing<'a> {
    /// By the site's settings.
    pub fn new(config: &'a Config) -> Self {
        let author = site_author(config);
        let name = if author.name.trim().is_empty() { &config.site.title } else { &author.name };
        let author = Author {
            name: clean::one_line(name),
            email: author.email.as_deref().map(clean::one_line),
            url: author.url.as_deref().map(clean::one_line),
        };
        Self { config, author }
    }

    /// The site's author, by the site's title where no name is known: a feed must have one.
    pub fn author(&self) -> &Author {
        &self.author
    }

    /// The names that a post is gathered under.
    pub fn names(&self, group: Group, post: &Post) -> Vec<String> {
        match group {
            Group::Category => post.categories.clone(),
            Group::Tag => post.tags.clone(),
            Group::Author if post.authors.is_empty() => vec![self.author.name.clone()],
            Group::Author => post.authors.iter().map(|author| author.name.clone()).collect(),
            Group::Language => {
                vec![post.language.clone().unwrap_or_else(|| clean::one_line(&self.config.site.language))]
            }
        }
    }

    /// Whether a choice takes a post.
    pub fn takes(&self, filter: &Filter, post: &Post) -> bool {
        let own = [
            self.names(Group::Category, post),
            self.names(Group::Tag, post),
            self.names(Group::Author, post),
            self.names(Group::Language, post),
            vec![post.section(&self.config.posts.dir)],
        ];
        let meets =
            |(wanted, own): (&[String], &Vec<String>)| wanted.iter().any(|wanted| own.contains(wanted));
        filter.any.lists().into_iter().zip(&own).all(|pair| pair.0.is_empty() || meets(pair))
            && !filter.none.lists().into_iter().zip(&own).any(meets)
    }
}

impl Post {
    /// Whether it is about one of these topics: its categories and tags, in any case; none asks for everything.
    pub fn is_about(&self, topics: &[String]) -> bool {
        let own = || self.categories.iter().chain(&self.tags).map(|name| name.to_lowercase());
        topics.is_empty() || topics.iter().any(|topic| own().any(|name| name == topic.trim().to_lowercase()))
    }
}
