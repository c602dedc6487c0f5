//! The posts, and each as feeds have it.

use std::path::Path;

use minijinja::context;

use super::framed::framed;
use super::{Page, Stage, address};
use crate::cli::shelf::may_be_served;
use crate::cli::site::Failure;
use crate::content::{self, Post};
use crate::fsx;
use crate::server::preview::Shown;

/// Columns of an excerpt.
const WIDTH: usize = 72;
/// A longer file is not shown, in bytes.
const LONGEST: u64 = 64 << 20;

impl Stage {
    /// The page of all posts.
    pub(super) fn posts(&self) -> Page {
        let found = self.site.findings();
        let posts: Vec<_> = self
            .site
            .library
            .posts
            .iter()
            .map(|post| {
                let file = post.source.to_string_lossy();
                context! {
                    title => post.title.as_str(),
                    url => address("post", &[("path", &file)]),
                    file,
                    date => post.date.to_rfc3339(),
                    state => if post.audience.feeds { "public" } else { "hidden" },
                    findings => found.iter().filter(|finding| finding.path == post.source).count(),
                }
            })
            .collect();
        let left_out = self.site.library.files.len().saturating_sub(posts.len());
        Page { template: "preview_posts.html", own: context! { posts, left_out }, found }
    }

    /// The page of one post; `None` where there is none of that file.
    pub(super) fn post(&self, file: &str) -> Result<Option<Page>, Failure> {
        let Some(post) = self.by_file(file) else { return Ok(None) };
        let text = self.site.renderer().text(post)?;
        let mut found: Vec<_> =
            self.site.findings().into_iter().filter(|finding| finding.path == post.source).collect();
        found.extend(text.found.iter().cloned());
        let excerpt = text.document().excerpt_text(WIDTH);
        let authors: Vec<_> = post.authors.iter().map(|author| author.name.clone()).collect();
        let terms: Vec<_> = post.categories.iter().chain(&post.tags).cloned().collect();
        let own = context! {
            post => context! {
                title => post.title.as_str(),
                file,
                id => post.id.to_string(),
                address => post.url.as_str(),
                date => post.date.to_rfc3339(),
                updated => post.updated.to_rfc3339(),
                authors,
                terms,
                excerpt => excerpt.as_str(),
                html_url => address("post/html", &[("path", file)]),
            },
        };
        Ok(Some(Page { template: "preview_post.html", own, found }))
    }

    /// A post's text.
    pub(super) fn text(&self, file: &str) -> Result<Shown, Failure> {
        let Some(post) = self.by_file(file) else { return Ok(Shown::Nothing) };
        let html = self.site.renderer().text(post)?.document().html().to_string();
        Ok(Shown::Framed(framed(&self.site, Some(post), &[], &html)))
    }

    /// A picture or the like.
    pub(super) fn file(&self, path: &str) -> Shown {
        let root = fsx::real_path(&self.site.config.root);
        let file = self.site.config.root.join(path);
        match (root, content::media_type(path)) {
            (Ok(root), Some(media_type)) if may_be_served(&root, Path::new(&file)) => {
                fsx::read(&file, LONGEST).map_or(Shown::Nothing, |bytes| Shown::File(media_type, bytes))
            }
            _ => Shown::Nothing,
        }
    }

    fn by_file(&self, file: &str) -> Option<&Post> {
        self.site.library.posts.iter().find(|post| post.source.to_string_lossy() == file)
    }
}
