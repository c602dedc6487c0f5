//! The program as a server, and a client that says what it is told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::site::Site;

/// A server of the program's own, until it is dropped.
pub(crate) struct Server {
    pub child: Child,
    pub port: u16,
    /// The operator's desk.
    pub desk: u16,
    pub preview: u16,
}

impl Server {
    pub(crate) fn start(site: &Site) -> Self {
        Self::start_with(site, &["serve", "--listen", "127.0.0.1:0"])
    }

    pub(crate) fn start_with(site: &Site, args: &[&str]) -> Self {
        let mut command = site.command(args);
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let port = |line: &str, before: &str| -> Option<u16> {
            line.strip_prefix(before)?.split('/').next()?.parse().ok()
        };
        let own = lines.by_ref().find_map(|line| port(&line, "listening at http://127.0.0.1:"));
        // What else there is comes in this order.
        let mut next = |is_there: bool, before: &str| {
            if is_there { lines.by_ref().find_map(|line| port(&line, before)).unwrap_or(0) } else { 0 }
        };
        let is_preview = args.iter().any(|arg| arg.starts_with("--preview"));
        let preview = next(is_preview, "the preview is at http://127.0.0.1:");
        let has_desk = !is_preview && site.read("config/tidings.yaml").contains("operator:");
        let desk = next(has_desk, "the operator's desk is at http://127.0.0.1:");
        // What it says is read on, or it would wait for its reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port: own.expect("it listens"), desk, preview }
    }

    /// Asks the preview, by a name of this machine or another.
    pub(crate) fn ask_preview(&self, path: &str, headers: &str) -> Answer {
        Self::sent(self.preview, &format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n"))
    }

    /// Asks the operator's desk, by the name of this machine.
    pub(crate) fn ask_desk(&self, method: &str, path: &str, headers: &str) -> Answer {
        let host = format!("Host: localhost:{}\r\n", self.desk);
        Self::sent(
            self.desk,
            &format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n{host}{headers}\r\n"),
        )
    }

    /// Sends a request as it stands and reads the answer to its end.
    pub(crate) fn raw(&self, request: &str) -> Answer {
        Self::sent(self.port, request)
    }

    pub(crate) fn sent(port: u16, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Answer::of(&bytes)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        self.raw(&format!(
            "{method} {path} HTTP/1.1\r\nHost: news.example.com\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            body.len()
        ))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    pub(crate) fn post(&self, path: &str, form: &str) -> Answer {
        self.ask("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n", form)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
pub(crate) struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Self { status, head, body: bytes.get(end + 4..).unwrap_or_default().to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).replace("&#x2f;", "/")
    }
}
