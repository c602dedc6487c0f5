//! The `tidings` program: parses the command line and returns an exit code.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Rendering makes and drops many small texts on every core at once, which this one is made for.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    tidings::cli::main()
}
