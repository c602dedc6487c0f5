//! A PostgreSQL server, where the tests are to run on one: `TIDINGS_TEST_POSTGRES` is its address, without a database.

use std::path::Path;
use std::process::{Command, Stdio};

/// The address of a schema of its own for a site in this folder; `None` where the tests run on SQLite.
pub(crate) fn schema_of(folder: &Path) -> Option<String> {
    let server = std::env::var("TIDINGS_TEST_POSTGRES").ok()?;
    let name: String = folder.file_name()?.to_str()?.chars().filter(char::is_ascii_alphanumeric).collect();
    // Folders' names differ by more than their letters' case.
    let name = format!(
        "{}_{}",
        name.to_lowercase(),
        name.bytes().fold(0_u32, |sum, byte| sum * 31 % 99_991 + u32::from(byte))
    );
    run(&server, &format!("CREATE SCHEMA IF NOT EXISTS {name}"));
    Some(format!("{server}/postgres?options=-c%20search_path%3D{name}"))
}

/// Has the server carry out a statement.
pub(crate) fn run(server: &str, sql: &str) {
    let psql = Command::new("psql")
        .args(["-q", "-v", "ON_ERROR_STOP=1", "-c", sql, &format!("{server}/postgres")])
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert!(psql.status.success(), "{}", String::from_utf8_lossy(&psql.stderr));
}
