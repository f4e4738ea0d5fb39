//! The one flag that says the user asked to stop. The binary's Ctrl-C handler raises it; every running child is then
//! killed by its supervisor and every call returns `Error::Interrupted`, except in a thread that is cleaning up.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static CLEANING: Cell<usize> = const { Cell::new(0) };
}

/// Asks everything to stop. Safe to call from a signal-handling thread, any number of times.
pub fn interrupt() {
    INTERRUPTED.store(true, Ordering::SeqCst);
}

/// Whether [`interrupt`] was called.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// While the returned value lives, commands started by this thread run although the user asked to stop.
pub fn cleanup_mode() -> CleanupMode {
    CLEANING.with(|depth| depth.set(depth.get().saturating_add(1)));
    CleanupMode { _this_thread: PhantomData }
}

/// See [`cleanup_mode`].
#[derive(Debug)]
pub struct CleanupMode {
    _this_thread: PhantomData<*const ()>,
}

impl Drop for CleanupMode {
    fn drop(&mut self) {
        CLEANING.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

/// Whether commands of this thread must heed the flag.
pub(super) fn heeded_here() -> bool {
    CLEANING.with(Cell::get) == 0
}
