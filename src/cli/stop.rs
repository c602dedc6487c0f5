//! Signals: the first ends a run in the proper way, the second at once. Both are safe: the ledger knows what was in flight.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;

use crate::report::Reporter;

/// What a shell reports of a program that was interrupted.
const INTERRUPTED: i32 = 130;
/// How soon a signal is answered.
const LOOKED_AT: Duration = Duration::from_millis(100);

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

/// Answers the first signal on a terminal: a relay may be slow, and whoever waits should know that they need not.
pub(super) fn tell(stop: &Arc<AtomicBool>, report: Reporter) {
    if !io::stderr().is_terminal() {
        return;
    }
    let stop = Arc::downgrade(stop);
    thread::spawn(move || {
        while let Some(flag) = stop.upgrade() {
            if flag.load(Ordering::Relaxed) {
                return report.note("\nwhat is in flight is finished; Ctrl-C once more ends at once");
            }
            drop(flag);
            thread::sleep(LOOKED_AT);
        }
    });
}
