//! A PostgreSQL server. `TIDINGS_TEST_POSTGRES` is the address of one (without a database) on which every test of a site is to run; where it
//! is not set, the tests that need one start their own, which ends with them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The address of a schema of its own for a site in this folder; `None` where the tests run on SQLite.
pub(crate) fn schema_of(folder: &Path) -> Option<String> {
    std::env::var("TIDINGS_TEST_POSTGRES").ok()?;
    Some(schema(folder.file_name()?.to_str()?))
}

/// The address of a schema with a name like this one.
pub(crate) fn schema(like: &str) -> String {
    let plain: String = like.chars().filter(char::is_ascii_alphanumeric).collect();
    // Folders' names differ by more than their letters' case.
    let name = format!(
        "s{}_{}",
        plain.to_lowercase(),
        plain.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 99_991)
    );
    run(&format!("CREATE SCHEMA IF NOT EXISTS {name}"));
    format!("{}/postgres?options=-c%20search_path%3D{name}&application_name={name}", server())
}

/// Has the server carry out a statement; what it prints.
pub(crate) fn run(sql: &str) -> String {
    let database = format!("{}/postgres", server());
    let psql = Command::new("psql")
        .args(["-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql, &database])
        .stdin(Stdio::null())
        .output()
        .expect("psql, of PostgreSQL");
    assert!(psql.status.success(), "{}", String::from_utf8_lossy(&psql.stderr));
    String::from_utf8(psql.stdout).unwrap()
}

/// Who vouches for the server's certificate.
pub(crate) fn authority() -> &'static Path {
    &known().1
}

fn server() -> &'static str {
    &known().0
}

fn known() -> &'static (String, PathBuf) {
    static SERVER: OnceLock<(String, PathBuf)> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("TIDINGS_TEST_POSTGRES") {
        Ok(address) => (address, std::env::var("TIDINGS_TEST_POSTGRES_CA").unwrap().into()),
        Err(_) => start(),
    })
}

/// Starts a server on the loopback interface, which ends when this process does.
fn start() -> (String, PathBuf) {
    let dir = tempfile::TempDir::new().unwrap().keep();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // It is its standard input that ends with this process.
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres.sh");
    let child = Command::new("sh")
        .arg(script)
        .args(["serve", dir.to_str().unwrap(), &port.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::mem::forget(child);
    let begun = Instant::now();
    let address = format!("postgres://postgres@127.0.0.1:{port}");
    let is_there = || {
        let psql = Command::new("psql").args(["-qc", "SELECT 1", &format!("{address}/postgres")]).output();
        psql.is_ok_and(|psql| psql.status.success())
    };
    while !is_there() {
        assert!(begun.elapsed() < Duration::from_mins(1), "PostgreSQL does not come up");
        std::thread::sleep(Duration::from_millis(100));
    }
    (address, dir.join("ca.pem"))
}
