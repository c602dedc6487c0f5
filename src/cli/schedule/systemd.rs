//! A service and a timer (systemd.service(5), systemd.timer(5), systemd.exec(5)).

use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use super::{Call, MINUTES, Planned, is_by_sendmail};
use crate::config::Config;
use crate::fsx;

const FOLDER: &str = "/etc/systemd/system/";

/// What a run needs none of. A mail program of this machine gets its rights by its file's, and would not under these.
const ALONE: &str = "\
NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateDevices=yes
PrivateUsers=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
";

/// The service, and the timer that starts it.
pub(super) fn units(call: &Call, config: &Config) -> Vec<Planned> {
    let words: Vec<String> = call.words().into_iter().map(quoted).collect();
    let user =
        fsx::real_path(&config.root).ok().and_then(|root| root.metadata().ok()).map_or(0, |of| of.uid());
    let user = name_of(user).unwrap_or_else(|| user.to_string());
    // What is written outside the site's folder: feeds, and reports that have been read.
    let bounces = &config.mail.bounces;
    let outside = [Some(&config.public), bounces.maildir.as_ref(), bounces.mbox.as_ref()];
    let outside: String = outside
        .into_iter()
        .flatten()
        .filter_map(|path| plain(path))
        .filter(|path| !path.starts_with(&call.site))
        .map(|path| format!("ReadWritePaths={}\n", quoted_path("-", &path.to_string_lossy())))
        .collect();
    let alone = if is_by_sendmail(config) { "" } else { ALONE };
    let service = format!(
        "\
[Unit]
Description=Feeds and newsletter of {}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
ExecStart={}
# Another run is at work, or the relay is away: the timer calls again.
SuccessExitStatus=75
TimeoutStartSec=infinity
# What is in flight is finished.
TimeoutStopSec=15min
UMask=0022
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={}
{outside}PrivateTmp=yes
ProtectControlGroups=yes
ProtectProc=invisible
{alone}",
        escaped(&config.site.title),
        words.join(" "),
        quoted_path("", &call.site),
    );
    let timer = format!(
        "\
[Unit]
Description=Calls {0} every {MINUTES} minutes

[Timer]
OnCalendar=*:0/{MINUTES}
Persistent=yes

[Install]
WantedBy=timers.target
",
        call.name
    );
    let planned = |kind: &str, text| Planned { folder: FOLDER, name: format!("{}.{kind}", call.name), text };
    vec![planned("service", service), planned("timer", timer)]
}

/// A path from the root, without `..`; systemd takes no others.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in std::path::absolute(path).ok()?.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    Some(plain)
}

/// What is to be done with them.
pub(super) fn then(call: &Call, config: &Config) -> String {
    let is_roots =
        fsx::real_path(&config.root).is_ok_and(|root| root.metadata().is_ok_and(|of| of.uid() == 0));
    let user = if is_roots {
        "; the site's folder is root's, and so is the run: better give both a user of their own"
    } else {
        ""
    };
    format!(
        "put them into {FOLDER} (as root, `--out {FOLDER}` does); then: systemctl daemon-reload && systemctl enable --now {}.timer{user}",
        call.name
    )
}

/// A word of a command line: quoted, with what systemd would replace doubled.
fn quoted(word: &str) -> String {
    let word = escaped(word).replace('$', "$$");
    if word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+=:@%".contains(c)) {
        word
    } else {
        format!("\"{}\"", word.replace('\\', r"\\").replace('"', "\\\""))
    }
}

/// A path of a list of them, which a `-` before it lets be absent.
fn quoted_path(mark: &str, path: &str) -> String {
    let path = format!("{mark}{}", escaped(path));
    if path.contains([' ', '\t', '"', '\'', '\\']) {
        format!("\"{}\"", path.replace('\\', r"\\").replace('"', "\\\""))
    } else {
        path
    }
}

/// A value in which nothing is a specifier.
fn escaped(value: &str) -> String {
    value.replace('%', "%%")
}

fn name_of(user: u32) -> Option<String> {
    let known = fsx::read_text("/etc/passwd".as_ref()).ok()?;
    known.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == user.to_string()).then(|| name.to_owned())
    })
}
