//! `tidings schedule`: what has `tidings run` called again and again, with this site's paths filled in.

mod github;
mod launchd;
mod systemd;

use std::path::{Path, PathBuf};

use super::Exit;
use super::args::Args;
use super::site::{Failure, Site};
use crate::config::{self, Config};
use crate::fsx;
use crate::report::Reporter;

#[derive(Debug, clap::Args)]
pub(super) struct ScheduleOptions {
    #[command(flatten)]
    pub kind: Kind,

    /// Write the files there instead of showing them
    #[arg(long, value_name = "DIR", conflicts_with = "cron")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::Args)]
#[group(multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "one flag for each, of which one is said")]
pub(super) struct Kind {
    /// A line for `crontab -e` [default where there is no systemd]
    #[arg(long)]
    pub cron: bool,

    /// A service and a timer for systemd [default where it runs]
    #[arg(long)]
    pub systemd: bool,

    /// A property list for launchd on macOS [default there]
    #[arg(long)]
    pub launchd: bool,

    /// A workflow for GitHub Actions: feeds to Pages, mail by secrets
    #[arg(long)]
    pub github: bool,
}

/// How often `run` is called, in minutes: it costs next to nothing where there is nothing to do.
const MINUTES: u32 = 10;

/// What is called, and where.
struct Call {
    /// The program's own file.
    program: String,
    /// The site's folder.
    site: String,
    /// The config's file, where it is another than usual.
    config: Option<String>,
    /// What units are called: `tidings-example-com`.
    name: String,
}

/// A file that is to lie somewhere.
struct Planned {
    /// Its folder, where nothing else is said.
    folder: &'static str,
    name: String,
    text: String,
}

impl Kind {
    /// What the owner says, else what is usual on this machine.
    fn units(self, call: &Call, config: &Config) -> Option<(Vec<Planned>, String)> {
        let is_said = self.cron || self.systemd || self.launchd || self.github;
        let has_systemd = Path::new("/run/systemd/system").is_dir();
        if self.github {
            Some((vec![github::workflow(call, config)], github::THEN.to_owned()))
        } else if self.launchd || (!is_said && cfg!(target_os = "macos")) {
            Some((vec![launchd::list(call)], launchd::then(call)))
        } else if self.systemd || (!is_said && has_systemd) {
            Some((systemd::units(call, config), systemd::then(call, config)))
        } else {
            None
        }
    }
}

pub(super) fn command(args: &Args, options: &ScheduleOptions, report: &Reporter) -> Result<Exit, Failure> {
    let config = Site::config(&args.place)?.config;
    let call = Call::new(args, &config)?;
    let Some((files, then)) = options.kind.units(&call, &config) else {
        if options.out.is_some() {
            let words = "there is no systemd here, and a crontab is no file to write: say `--systemd`, `--launchd` or `--github`";
            return Err(Failure::Usage(words.to_owned()));
        }
        report.data(&cron(&call))?;
        report.note("put this line where `crontab -e` takes you");
        return Ok(Exit::Done);
    };
    if let Some(folder) = &options.out {
        for file in &files {
            let path = folder.join(&file.name);
            fsx::write_atomic(&path, file.text.as_bytes())?;
            report.note(&format!("{} written", path.display()));
        }
    } else {
        let shown = files.iter().map(|file| format!("# {}{}\n{}", file.folder, file.name, file.text));
        report.data(&shown.collect::<Vec<_>>().join("\n"))?;
    }
    report.note(&then);
    Ok(Exit::Done)
}

impl Call {
    fn new(args: &Args, config: &Config) -> Result<Self, Failure> {
        let written = |path: PathBuf| path.to_string_lossy().into_owned();
        let url = &config.site.url;
        let place = format!("{}{}", url.host_str().unwrap_or("site"), url.path().trim_end_matches('/'));
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        Ok(Self {
            program: written(std::env::current_exe()?),
            site: written(fsx::real_path(&config.root)?),
            config: args.place.config.as_deref().map(fsx::real_path).transpose()?.map(written),
            name: format!("tidings-{}", place.chars().map(plain).collect::<String>()),
        })
    }

    /// The program and its arguments.
    fn words(&self) -> Vec<&str> {
        let config = self.config.iter().flat_map(|config| ["--config", config]);
        [self.program.as_str(), "-C", &self.site].into_iter().chain(config).chain(["run"]).collect()
    }
}

/// A line of a crontab (crontab(5)): a percent sign there would be a line break.
fn cron(call: &Call) -> String {
    let words: Vec<String> = call.words().into_iter().map(|word| quoted(word).replace('%', r"\%")).collect();
    format!("*/{MINUTES} * * * * {}\n", words.join(" "))
}

/// A word for a shell.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// Whether mail leaves by a program of this machine, which needs rights that others do not.
fn is_by_sendmail(config: &Config) -> bool {
    matches!(config.mail.transport, config::Transport::Sendmail(..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crontab_keeps_odd_paths_whole() {
        let call = Call {
            program: "/usr/bin/tidings".into(),
            site: "/home/minji/나의 블로그 100%".into(),
            config: None,
            name: "tidings-example-com".into(),
        };
        assert_eq!(cron(&call), "*/10 * * * * /usr/bin/tidings -C '/home/minji/나의 블로그 100\\%' run\n");
    }
}
