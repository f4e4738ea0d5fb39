//! A running child and the thread that watches it: reaps it when it ends, kills its whole process group when the time is
//! over, the user asked to stop, or nobody wants its output any more.

use std::io::{ErrorKind, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::{Command, End, group, interrupt};
use crate::Error;

/// Between asking a process group to end and killing it: an engine's client needs a moment to tell its server.
const GRACE: Duration = Duration::from_secs(3);
/// How long output is awaited that a grandchild may still hold open after the child has ended.
const LINGER: Duration = Duration::from_secs(1);
/// Longest pause between two looks at the child.
const TICK: Duration = Duration::from_millis(20);

/// What happens to a child.
enum Event {
    Out(Vec<u8>),
    Err(Vec<u8>),
    Closed,
    Ended(End),
}

/// A child under supervision.
pub(super) struct Running {
    pub(super) stdin: Option<ChildStdin>,
    pub(super) stdout: Option<ChildStdout>,
    events: Receiver<Event>,
    open: usize,
    unwanted: Arc<AtomicBool>,
    ended: Option<End>,
}

/// How the child's output is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plumbing {
    /// Two pipes, both read here.
    Separate,
    /// One pipe for both, so that lines keep their order.
    Merged,
    /// Stdout is left to the caller; stderr read here.
    Piped,
}

impl Running {
    pub(super) fn start(command: &Command, plumbing: Plumbing, with_stdin: bool) -> Result<Self, Error> {
        let heeds_interrupt = interrupt::heeded_here();
        if heeds_interrupt && interrupt::interrupted() {
            return Err(Error::Interrupted);
        }
        let io_error = |source| Error::Io { what: command.program_name(), source };
        let (events_in, events) = channel();
        let mut prepared = command.prepare(with_stdin);
        let mut merged = None;
        if plumbing == Plumbing::Merged {
            let (reader, writer) = std::io::pipe().map_err(io_error)?;
            prepared.stderr(writer.try_clone().map_err(io_error)?).stdout(writer);
            merged = Some(reader);
        }
        let mut child = prepared.spawn().map_err(io_error)?;
        // The parent's ends of the pipe live in `prepared`; while they do, the reader never sees the end.
        drop(prepared);

        let mut open = 0;
        let mut stdout = child.stdout.take();
        if let Some(reader) = merged {
            collect(reader, events_in.clone(), Event::Out);
            open += 1;
        }
        if plumbing == Plumbing::Separate
            && let Some(reader) = stdout.take()
        {
            collect(reader, events_in.clone(), Event::Out);
            open += 1;
        }
        if let Some(reader) = child.stderr.take() {
            collect(reader, events_in.clone(), Event::Err);
            open += 1;
        }
        let stdin = child.stdin.take();
        let unwanted = Arc::new(AtomicBool::new(false));
        let watch = Watch {
            deadline: command.time_limit.and_then(|limit| Instant::now().checked_add(limit)),
            heeds_interrupt,
            unwanted: unwanted.clone(),
        };
        thread::spawn(move || {
            let end = watch.until_ended(&mut child);
            let _ = events_in.send(Event::Ended(end));
        });
        Ok(Self { stdin, stdout, events, open, unwanted, ended: None })
    }

    /// Copies `source` to the child's stdin and closes it. A child that does not read to the end is no error here: its
    /// exit status tells.
    pub(super) fn feed(&mut self, source: &mut dyn Read) -> std::io::Result<()> {
        let Some(mut stdin) = self.stdin.take() else { return Ok(()) };
        let mut buffer = vec![0; 64 << 10];
        loop {
            let count = match source.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if stdin.write_all(buffer.get(..count).unwrap_or_default()).is_err() {
                return Ok(());
            }
        }
    }

    /// Blocks until the child has ended and its output is read; gives every chunk of it to `on_out` or `on_err`.
    pub(super) fn drain(&mut self, on_out: &mut dyn FnMut(&[u8]), on_err: &mut dyn FnMut(&[u8])) -> End {
        let mut last_call = None;
        loop {
            if let Some(end) = self.ended
                && self.open == 0
            {
                return end;
            }
            let event = match last_call {
                None => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => self.events.recv_timeout(Instant::saturating_duration_since(&at, Instant::now())),
            };
            match event {
                Ok(Event::Out(chunk)) => on_out(&chunk),
                Ok(Event::Err(chunk)) => on_err(&chunk),
                Ok(Event::Closed) => self.open = self.open.saturating_sub(1),
                Ok(Event::Ended(end)) => {
                    self.ended = Some(end);
                    last_call = Instant::now().checked_add(LINGER);
                }
                Err(_) => return self.ended.unwrap_or(End::Unknown),
            }
        }
    }
}

impl Drop for Running {
    /// Kills the child unless it has ended, and waits until it is reaped.
    fn drop(&mut self) {
        self.stdout = None;
        self.stdin = None;
        if self.ended.is_some() {
            return;
        }
        self.unwanted.store(true, Ordering::SeqCst);
        while !matches!(self.events.recv(), Ok(Event::Ended(_)) | Err(_)) {}
    }
}

fn collect(mut reader: impl Read + Send + 'static, events: Sender<Event>, wrap: fn(Vec<u8>) -> Event) {
    thread::spawn(move || {
        let mut buffer = vec![0; 16 << 10];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    if events.send(wrap(buffer.get(..count).unwrap_or_default().to_vec())).is_err() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let _ = events.send(Event::Closed);
    });
}

/// Why a child may have to go.
struct Watch {
    deadline: Option<Instant>,
    heeds_interrupt: bool,
    unwanted: Arc<AtomicBool>,
}

impl Watch {
    fn until_ended(&self, child: &mut Child) -> End {
        let mut pause = Duration::from_millis(1);
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return end_of(status),
                Ok(None) => {}
                Err(_) => return End::Unknown,
            }
            if let Some(end) = self.verdict() {
                terminate(child);
                return end;
            }
            thread::sleep(pause);
            pause = (pause * 2).min(TICK);
        }
    }

    fn verdict(&self) -> Option<End> {
        if self.heeds_interrupt && interrupt::interrupted() {
            return Some(End::Interrupted);
        }
        if self.unwanted.load(Ordering::SeqCst) {
            return Some(End::Unknown);
        }
        self.deadline.is_some_and(|at| Instant::now() >= at).then_some(End::TimedOut)
    }
}

fn end_of(status: ExitStatus) -> End {
    if let Some(code) = status.code() {
        return End::Exited(code);
    }
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return End::Signalled(signal);
    }
    End::Unknown
}

/// Asks the group to end, then kills what is left of it, and reaps the child.
fn terminate(child: &mut Child) {
    if !(group::kill_contained(child) && ends_within(child, GRACE)) {
        group::ask(child);
        ends_within(child, GRACE);
    }
    group::kill(child);
    let _ = child.kill();
    let _ = child.wait();
}

fn ends_within(child: &mut Child, limit: Duration) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < limit {
        if !matches!(child.try_wait(), Ok(None)) {
            return true;
        }
        thread::sleep(TICK);
    }
    false
}
