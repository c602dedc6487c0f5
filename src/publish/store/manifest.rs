//! What lies in the storage of ours: each object with a hash of its bytes. It lies there itself, so that whichever machine publishes next
//! knows what has changed, and what is left over.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Its name there.
pub(super) const NAME: &str = "tidings-manifest.json";

/// The objects by their paths. An empty hash: its bytes are not known, as a publication that was cut off may have changed them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest(pub BTreeMap<String, String>);

/// What a publication has to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Work {
    /// Objects to be put.
    pub changed: BTreeSet<String>,
    /// Objects to be taken away.
    pub gone: Vec<String>,
    /// What is written before anything is changed: whatever becomes of this publication, the next one knows what may be there.
    pub intent: Manifest,
}

impl Manifest {
    /// What must be done for the storage to hold what `wanted` does.
    pub(super) fn work(&self, wanted: &Manifest) -> Work {
        let is_there = |path: &String, hash: &String| self.0.get(path).is_some_and(|known| known == hash);
        let changed: BTreeSet<String> = wanted
            .0
            .iter()
            .filter(|(path, hash)| !is_there(path, hash))
            .map(|(path, _)| path.clone())
            .collect();
        let gone = self.0.keys().filter(|path| !wanted.0.contains_key(*path)).cloned().collect();
        let mut intent = self.clone();
        intent.0.extend(changed.iter().map(|path| (path.clone(), String::new())));
        Work { changed, gone, intent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(entries: &[(&str, &str)]) -> Manifest {
        Manifest(entries.iter().map(|(path, hash)| ((*path).to_owned(), (*hash).to_owned())).collect())
    }

    #[test]
    fn only_what_has_changed_is_put_and_what_was_cut_off_is_put_again() {
        let before = manifest(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let wanted = manifest(&[("a", "1"), ("b", "9"), ("d", "4")]);
        let work = before.work(&wanted);
        assert_eq!(work.changed, BTreeSet::from(["b".to_owned(), "d".to_owned()]));
        assert_eq!(work.gone, ["c"]);
        // Cut off: nothing that may have been put is taken for what it was.
        assert_eq!(work.intent, manifest(&[("a", "1"), ("b", ""), ("c", "3"), ("d", "")]));
        assert_eq!(work.intent.work(&wanted).changed, work.changed);
        assert_eq!(work.intent.work(&before).changed, BTreeSet::from(["b".to_owned()]));
        assert_eq!(work.intent.work(&before).gone, ["d"]);
    }
}
