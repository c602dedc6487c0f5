//! A site in a temporary folder, and the program run on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::postgres;

/// Monday morning in Seoul, after the weekly newsletter's time.
pub(crate) const NOW: &str = "2026-11-23T09:00:00+09:00";

pub(crate) const CONFIG: &str = "\
site: { title: 시험 공책, url: https://example.com/blog, language: ko, timezone: Asia/Seoul }
newsletters:
  weekly: { from: 시험 <news@example.com>, schedule: \"0 8 * * MON\", select: { max_age: 30d } }
";

pub(crate) struct Site {
    dir: TempDir,
}

/// What a run of the program left.
pub(crate) struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Site {
    /// A site with the config above, one subscriber, and no post.
    pub(crate) fn new() -> Self {
        let site = Self { dir: TempDir::new().unwrap() };
        site.config(CONFIG)
            .subscribers("- { email: kim@example.net, name: 김민지 }\n")
            .file("posts/.keep", "")
    }

    /// A folder with nothing in it.
    pub(crate) fn bare() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    /// A copy of a folder.
    pub(crate) fn copy_of(folder: &Path) -> Self {
        fn copy(from: &Path, to: &Path) {
            std::fs::create_dir_all(to).unwrap();
            for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
                let target = to.join(entry.file_name());
                if entry.file_type().unwrap().is_dir() {
                    copy(&entry.path(), &target);
                } else {
                    std::fs::copy(entry.path(), target).unwrap();
                }
            }
        }
        let site = Self::bare();
        copy(folder, site.dir.path());
        site
    }

    pub(crate) fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    pub(crate) fn post(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.file(&format!("posts/{name}"), text)
    }

    pub(crate) fn config(self, text: &str) -> Self {
        let shared = postgres::schema_of(self.dir.path()).filter(|_| !text.contains("ledger:"));
        let ledger = shared.map_or_else(String::new, |url| format!("\nledger: \"{url}\"\n"));
        self.file("config/tidings.yaml", format!("{text}{ledger}"))
    }

    pub(crate) fn subscribers(self, text: &str) -> Self {
        self.file("config/subscribers.yaml", text)
    }

    /// `count` subscribers `reader0@example.net`, ….
    pub(crate) fn crowd(self, count: usize) -> Self {
        let list: String =
            (0..count).map(|n| format!("- {{ email: reader{n}@example.net, name: 독자 {n} }}\n")).collect();
        self.subscribers(&list)
    }

    /// Mail goes to a relay on this port of the loopback interface.
    pub(crate) fn relay(self, port: u16, connections: usize) -> Self {
        let mail = format!(
            "{CONFIG}mail: {{ transport: smtp, smtp: {{ host: 127.0.0.1, port: {port}, tls: none, connections: {connections} }} }}\n"
        );
        self.config(&mail)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
        command.arg("-C").arg(self.dir.path());
        if !args.contains(&"--now") {
            command.args(["--now", NOW]);
        }
        command.args(args).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// The messages in the outbox, in the order of their names, with the line ends that they have on the wire.
    pub(crate) fn outbox(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(".tidings/outbox/new")) else { return Vec::new() };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let read = |path: &PathBuf| {
            let text = std::fs::read_to_string(path).unwrap();
            assert!(!text.contains('\r'), "mutt would show it");
            text.replace('\n', "\r\n")
        };
        paths.iter().map(read).collect()
    }

    /// Every file below the site with its bytes and the time it was last written.
    pub(crate) fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
        fn walk(dir: &Path, out: &mut Vec<(PathBuf, Vec<u8>, std::time::SystemTime)>) {
            for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, out);
                } else {
                    let modified = entry.metadata().unwrap().modified().unwrap();
                    out.push((path.clone(), std::fs::read(&path).unwrap(), modified));
                }
            }
        }
        let mut out = Vec::new();
        walk(self.dir.path(), &mut out);
        out.sort();
        out
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap_or(-1),
        }
    }

    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn never_says(self, words: &str) -> Self {
        assert!(!self.stderr.contains(words), "{words:?} is in stderr:\n{}", self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "{words:?} is not in stderr:\n{}", self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn prints(self, words: &str) -> Self {
        assert!(self.stdout.contains(words), "{words:?} is not in stdout:\n{}", self.stdout);
        self
    }

    #[track_caller]
    pub(crate) fn silent(self) -> Self {
        assert_eq!((self.stdout.as_str(), self.stderr.as_str()), ("", ""));
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{}", self.stdout))
    }
}

/// A post with a title and one paragraph.
pub(crate) fn simple(title: &str) -> String {
    format!(
        "---\ntitle: \"{title}\"\ncategories: AI_News\ntag: [AI, 클라우드]\n---\n{title}의 첫 문단입니다.\n"
    )
}
