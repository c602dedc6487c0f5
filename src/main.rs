//! The `tidings` program: parses the command line and returns an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    tidings::cli::main()
}
