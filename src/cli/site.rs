//! What every command begins with: the config, the posts, the ledger, the lock.

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::args::Place;
use super::memory;
use super::seals::keys;
use crate::clock::Ticking;
use crate::config::{self, Config, Loaded, Newsletter, Weight};
use crate::content::{self, Fresh, Library};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::digest::Setting;
use crate::fsx;
use crate::ledger::{Ledger, Registered};
use crate::render::Renderer;
use crate::report::Reporter;
use crate::subscribers::token::Signer;
use crate::template::Templates;

/// Why a command could not do its work.
pub(super) enum Failure {
    /// The configuration is wrong: nothing was done.
    Config(Vec<Diagnostic>),
    /// The command line asks for something that is not there: nothing was done.
    Usage(String),
    /// Another run is at work.
    Locked,
    /// The world said no.
    World(anyhow::Error),
}

impl Failure {
    /// The same as findings.
    pub(super) fn into_findings(self) -> Vec<Diagnostic> {
        let one = |words: String| vec![Diagnostic::error("site", "".as_ref(), words)];
        match self {
            Self::Config(found) => found,
            Self::Usage(words) => one(words),
            Self::Locked => one("another run is at work".to_owned()),
            Self::World(error) => one(error.to_string()),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::World(error.into())
    }
}

/// A site as it stands at one moment.
pub(super) struct Site {
    pub config: Config,
    /// The config's file, as messages name it.
    pub config_path: PathBuf,
    pub library: Library,
    /// What is odd about the config.
    pub diagnostics: Vec<Diagnostic>,
    /// What is odd or wrong about the posts.
    pub posts_found: Vec<Diagnostic>,
    /// The register of published ids, once they are settled.
    pub register: Vec<Registered>,
    /// The cache of what was read, where it is worth writing.
    pub fresh: Option<Fresh>,
    pub now: DateTime<Utc>,
    /// What goes on from there.
    pub clock: Ticking,
}

impl Site {
    /// Reads config and posts. A posts folder that is not there stops everything: an empty feed must not replace a full one.
    pub(super) fn load(place: &Place) -> Result<Self, Failure> {
        Self::with_posts(place, Self::config(place)?)
    }

    /// The same for a command that changes what others could be at work on: alone, with the ledger open and the ids settled. The
    /// ledger is read while the posts are.
    pub(super) fn load_alone(place: &Place) -> Result<(Self, fsx::Lock, Ledger), Failure> {
        Self::alone(place, |lock| lock)
    }

    /// The same for a command that is alone for a moment only: others wait for it.
    pub(super) fn load_briefly_alone(place: &Place) -> Result<(Self, fsx::Lock, Ledger), Failure> {
        Self::alone(place, fsx::Lock::brief)
    }

    fn alone(
        place: &Place,
        held: impl FnOnce(fsx::Lock) -> fsx::Lock,
    ) -> Result<(Self, fsx::Lock, Ledger), Failure> {
        let loaded = Self::config(place)?;
        let config = loaded.config.clone();
        // A configuration without its posts makes no state of its own.
        if !loaded.config.posts.dir.is_dir() {
            Self::with_posts(place, loaded)?;
            return Err(Failure::Usage("there are no posts".to_owned()));
        }
        let lock = held(fsx::lock(&config.state_dir().join("lock"))?.ok_or(Failure::Locked)?);
        let (site, read) = std::thread::scope(|threads| {
            let read = threads.spawn(|| {
                let ledger = memory::open(&config)?;
                let register = ledger.register()?;
                Ok::<_, Failure>((ledger, register))
            });
            let site = Self::with_posts(place, loaded);
            (site, read.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let (mut site, (ledger, register)) = (site?, read?);
        site.settle(register);
        Ok((site, lock, ledger))
    }

    /// A site of which nothing is known but where it is: its config cannot be used.
    pub(super) fn bare(place: &Place) -> Option<Self> {
        let shown = place.config.clone().unwrap_or_else(|| PathBuf::from("config/tidings.yaml"));
        let path = if place.config.is_some() { shown.clone() } else { place.dir.join(&shown) };
        let loaded =
            config::read(&place.dir, (&path, &shown), "site: { url: \"http://localhost/\" }\n").ok()?;
        Self::with_posts(place, loaded).ok()
    }

    pub(super) fn config(place: &Place) -> Result<Loaded, Failure> {
        if !place.dir.is_dir() {
            return Err(Failure::Usage(format!("`{}` is not a folder", place.dir.display())));
        }
        config::load(&place.dir, place.config.as_deref()).map_err(Failure::Config)
    }

    fn with_posts(place: &Place, loaded: Loaded) -> Result<Self, Failure> {
        let now = place.clock().now();
        let clock = Ticking::from(now);
        let (library, mut found, fresh) = content::load(&loaded.config, now);
        // What the owner does not want to hear of is heard of nowhere; what is wrong is.
        let weights = &loaded.config.check;
        found.retain(|one| one.is_error() || weights.get(one.code) != Some(&Weight::Allow));
        if found.iter().any(|diagnostic| diagnostic.code == "no-posts-folder") {
            return Err(Failure::Config(loaded.diagnostics.into_iter().chain(found).collect()));
        }
        let config_path = place.config.clone().unwrap_or_else(|| PathBuf::from("config/tidings.yaml"));
        Ok(Self {
            config: loaded.config,
            config_path,
            library,
            diagnostics: loaded.diagnostics,
            posts_found: found,
            fresh,
            register: Vec::new(),
            now,
            clock,
        })
    }

    /// Takes this site's lock, until the process ends.
    pub(super) fn lock(&self) -> Result<fsx::Lock, Failure> {
        fsx::lock(&self.config.state_dir().join("lock"))?.ok_or(Failure::Locked)
    }

    /// Settles the posts' ids by those they were published under.
    pub(super) fn settle_ids(&mut self, ledger: &Ledger) -> Result<(), Failure> {
        self.settle(ledger.register()?);
        Ok(())
    }

    fn settle(&mut self, register: Vec<Registered>) {
        let published =
            register.iter().map(|line| (line.source.as_os_str(), &line.published)).collect::<HashMap<_, _>>();
        self.posts_found.extend(self.library.settle_ids(&published));
        self.register = register;
    }

    pub(super) fn templates(&self) -> Templates {
        Templates::new(&self.config.templates_dir(), std::path::Path::new("templates"))
    }

    /// What makes the posts' texts readable.
    pub(super) fn renderer(&self) -> Renderer<'_> {
        Renderer::new(&self.config, &self.library)
    }

    /// What issues are composed with.
    pub(super) fn setting<'a>(&'a self, templates: &'a Templates, renderer: &'a Renderer<'a>) -> Setting<'a> {
        Setting { config: &self.config, templates, config_path: &self.config_path, renderer }
    }

    /// What signs the one-click links, where there is a server for them.
    pub(super) fn signer(&self) -> Result<Option<Signer>, Failure> {
        let Some(server) = &self.config.server else { return Ok(None) };
        Ok(Some(Signer::new(keys(&self.config)?, server.url.clone())))
    }

    /// The newsletters that a command is about: the named one, or all.
    pub(super) fn newsletters(&self, name: Option<&str>) -> Result<Vec<&Newsletter>, Failure> {
        let all = &self.config.newsletters;
        let Some(name) = name else { return Ok(all.iter().collect()) };
        if let Some(newsletter) = all.iter().find(|newsletter| newsletter.name == name) {
            return Ok(vec![newsletter]);
        }
        let names: Vec<&str> = all.iter().map(|newsletter| newsletter.name.as_str()).collect();
        let help = did_you_mean(name, names.iter().copied()).map_or_else(
            || format!("there are: {}", names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Err(Failure::Usage(format!("there is no newsletter `{name}`; {help}")))
    }

    /// Everything that was found about config and posts.
    pub(super) fn findings(&self) -> Vec<Diagnostic> {
        self.diagnostics.iter().chain(&self.posts_found).cloned().collect()
    }

    /// Says what was found about config and posts.
    pub(super) fn tell(&self, report: &Reporter) {
        report.diagnostics(&self.diagnostics);
        report.posts(&self.posts_found);
    }

    /// A path of the site as messages name it.
    pub(super) fn shown<'a>(&self, path: &'a std::path::Path) -> &'a std::path::Path {
        path.strip_prefix(&self.config.root).unwrap_or(path)
    }
}
