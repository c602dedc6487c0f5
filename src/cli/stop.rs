//! Signals: the first ends a run in the proper way, the second at once. Both are safe: the ledger knows what was in flight.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;

/// What a shell reports of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// From now on SIGTERM, SIGINT, SIGQUIT and SIGHUP set what is returned; one that comes after ends the process.
pub(super) fn on_signal() -> io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT, SIGQUIT, SIGHUP] {
        // In this order: the flag that is set by the first signal is what the second one finds.
        flag::register_conditional_shutdown(signal, INTERRUPTED, Arc::clone(&stop))?;
        flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}
