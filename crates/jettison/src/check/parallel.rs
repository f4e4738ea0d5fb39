//! The same work for many things, on several threads; results in the order of the things.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The stack of a thread: that of the main one, so that a file is judged alike on both.
const STACK: usize = 8 << 20;

/// Does `work` for each of `things` on so many threads. A panic is one thing's own: its result is `broken`'s.
pub fn each<T: Sync, R: Send>(
    things: &[T],
    threads: usize,
    work: &(dyn Fn(&T) -> R + Sync),
    broken: &(dyn Fn(&T) -> R + Sync),
) -> Vec<R> {
    let guarded = |thing: &T| catch_unwind(AssertUnwindSafe(|| work(thing))).unwrap_or_else(|_| broken(thing));
    let threads = threads.min(things.len());
    if threads <= 1 {
        return things.iter().map(guarded).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(things.len()));
    let worker = || {
        let mut own = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(thing) = things.get(at) else { break };
            own.push((at, guarded(thing)));
        }
        if let Ok(mut done) = done.lock() {
            done.append(&mut own);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // a thread that cannot be started leaves its work to the others
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker);
        }
        worker();
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_and_one_panic_is_one_result() {
        let things: Vec<usize> = (0..200).collect();
        let work = |thing: &usize| if *thing == 7 { panic!("on purpose") } else { thing * 2 };
        for threads in [1, 4] {
            let done = each(&things, threads, &work, &|_| usize::MAX);
            assert_eq!(done.len(), 200);
            assert!(done.iter().enumerate().all(|(at, result)| *result == if at == 7 { usize::MAX } else { at * 2 }));
        }
    }
}
