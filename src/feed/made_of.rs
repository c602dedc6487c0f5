//! What a document is made of, told without making it.

use blake3::Hasher;
use rayon::prelude::*;

use super::{FeedError, Plan};
use crate::content::Post;
use crate::fsx;

impl Plan<'_> {
    /// A hash for each document of all that goes into it: where it is the same, so is every byte. `None` where that depends on
    /// more than the plan, as with posts that include files.
    ///
    /// # Errors
    /// A writer's.
    pub fn made_of(&self) -> Result<Vec<Option<String>>, FeedError> {
        let config = self.config;
        let common = format!(
            "{:?} {:?} {:?} {:?} {:?}",
            fsx::program(),
            config.site,
            config.authors,
            config.blog,
            config.feeds.fields
        );
        let common = blake3::hash(common.as_bytes());
        // Mostly a few posts are shown, of many.
        let shown = self.shown_posts();
        let of = |(post, shown): (&Post, &bool)| shown.then(|| made_of_post(post)).flatten();
        let posts: Vec<Option<blake3::Hash>> = self.library.posts.par_iter().zip(&shown).map(of).collect();
        self.documents
            .par_iter()
            .map(|document| {
                let (head, tail) = self.frame(document)?;
                let mut hash = Hasher::new();
                hash.update(common.as_bytes());
                for part in [&head, &tail] {
                    hash.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
                }
                let channel = self.channel(document);
                hash.update(format!("{:?} {:?}", channel.content, channel.author).as_bytes());
                for post in &channel.posts[document.posts.clone()] {
                    let Some(own) = posts[*post] else { return Ok(None) };
                    hash.update(own.as_bytes());
                }
                Ok(Some(hash.finalize().to_hex()[..32].to_owned()))
            })
            .collect()
    }
}

/// Everything that is known of a post.
fn made_of_post(post: &Post) -> Option<blake3::Hash> {
    let whole = postcard::to_stdvec(post).ok().filter(|_| post.self_contained)?;
    Some(blake3::hash(&whole))
}
