//! The one place that starts processes: engines, git, credential helpers, the smoke command. Every child leads a process
//! group of its own, so that Ctrl-C in the terminal reaches us and not them, and we decide when they go. Values that look
//! secret are masked in everything that is shown.

mod group;
mod interrupt;
mod mask;
mod stream;
mod supervise;
mod text;

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

pub use interrupt::{CleanupMode, cleanup_mode, interrupt, interrupted};
pub use mask::{Masker, looks_secret};
pub use stream::ProcessReader;
use supervise::{Plumbing, Running};
pub use text::{LineSplitter, clean};

use crate::Error;

/// Bytes of output kept by default; of more, the last.
const KEPT: usize = 64 << 20;
/// A shown command is cut after this many characters.
const SHOWN: usize = 200;

/// A program to run, with what it needs. Inherits the environment; stdin is empty unless given.
#[derive(Clone, Debug)]
pub struct Command {
    program: OsString,
    args: Vec<OsString>,
    cwd: Option<PathBuf>,
    env: Vec<(OsString, Option<OsString>)>,
    time_limit: Option<Duration>,
    keep: usize,
    masker: Masker,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal, not ours.
    Signalled(i32),
    /// Killed: its time limit was over.
    TimedOut,
    /// Killed: the user asked to stop.
    Interrupted,
    /// Its status cannot be had.
    Unknown,
}

impl End {
    /// Exit code 0.
    pub fn success(self) -> bool {
        self == End::Exited(0)
    }

    /// The exit code, if it ended by itself.
    pub fn code(self) -> Option<i32> {
        match self {
            End::Exited(code) => Some(code),
            _ => None,
        }
    }
}

/// What a program that ran to its end left.
#[derive(Clone, Debug)]
pub struct Output {
    /// How it ended.
    pub end: End,
    /// Its stdout (with stderr in it after [`Command::merged_output`]); of a very long one, the last part.
    pub stdout: Vec<u8>,
    /// Its stderr, likewise.
    pub stderr: Vec<u8>,
}

impl Output {
    /// Stdout as text, invalid UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Stderr as text, invalid UTF-8 replaced.
    pub fn error_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

impl Command {
    /// A program, looked up in `PATH` unless it has a slash.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_os_string(),
            args: Vec::new(),
            cwd: None,
            env: Vec::new(),
            time_limit: None,
            keep: KEPT,
            masker: Masker::default(),
        }
    }

    /// One more argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_os_string());
        self
    }

    /// More arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_os_string()));
        self
    }

    /// Where it runs.
    pub fn cwd(mut self, directory: impl AsRef<Path>) -> Self {
        self.cwd = Some(directory.as_ref().to_path_buf());
        self
    }

    /// A variable, over the inherited ones.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_os_string(), Some(value.as_ref().to_os_string())));
        self
    }

    /// A variable it must not inherit.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_os_string(), None));
        self
    }

    /// Its process group is killed after this long.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }

    /// Keeps only the last so many bytes of each output.
    pub fn keep_last(mut self, bytes: usize) -> Self {
        self.keep = bytes;
        self
    }

    /// Hides this value in everything shown of the command and its errors.
    pub fn secret(mut self, value: &str) -> Self {
        self.masker.add(value);
        self
    }

    /// Runs it to its end. A non-zero exit and the time limit are in [`Output::end`]; errors are not being able to start it
    /// and the user's wish to stop.
    pub fn output(&self) -> Result<Output, Error> {
        self.collect(Plumbing::Separate, None)
    }

    /// As [`Command::output`], with stdout and stderr in one stream in the order written.
    pub fn merged_output(&self) -> Result<Output, Error> {
        self.collect(Plumbing::Merged, None)
    }

    /// As [`Command::output`], with this as its stdin.
    pub fn output_from(&self, stdin: &mut dyn Read) -> Result<Output, Error> {
        self.collect(Plumbing::Separate, Some(stdin))
    }

    /// Runs it to its end and gives every line of stdout and stderr, in the order written and without terminal codes, to
    /// `on_line`, in the calling thread.
    pub fn lines(&self, on_line: &mut dyn FnMut(&str)) -> Result<End, Error> {
        let mut running = Running::start(self, Plumbing::Merged, false)?;
        let mut splitter = LineSplitter::default();
        let end = running.drain(&mut |chunk| splitter.push(chunk, on_line), &mut |_| {});
        splitter.end(on_line);
        self.unless_interrupted(end)
    }

    /// Starts it with its stdout as a stream.
    pub fn reader(&self) -> Result<ProcessReader, Error> {
        ProcessReader::start(self)
    }

    /// Runs it to its end; anything but exit code 0 is an error with the last line of its stderr.
    pub fn succeed(&self) -> Result<Output, Error> {
        let output = self.output()?;
        if output.end.success() { Ok(output) } else { Err(self.failure(output.end, &output.stderr)) }
    }

    /// The error of a run that ended like this.
    pub fn failure(&self, end: End, stderr: &[u8]) -> Error {
        Error::Command { command: self.display(), reason: self.reason(end, stderr) }
    }

    /// The command as typed, secrets masked, cut where it is long.
    pub fn display(&self) -> String {
        let mut shown = self.program_name();
        for arg in &self.args {
            shown.push(' ');
            shown.push_str(&quoted(&self.masker.argument(&arg.to_string_lossy())));
        }
        match shown.char_indices().nth(SHOWN) {
            Some((at, _)) => format!("{}…", shown.get(..at).unwrap_or_default()),
            None => shown,
        }
    }

    /// The arguments as shown, secrets masked.
    pub fn shown_args(&self) -> Vec<String> {
        self.args.iter().map(|arg| self.masker.argument(&arg.to_string_lossy())).collect()
    }

    /// A text of the program (an output line), secrets masked.
    pub fn masked(&self, text: &str) -> String {
        self.masker.text(text)
    }

    fn collect(&self, plumbing: Plumbing, stdin: Option<&mut dyn Read>) -> Result<Output, Error> {
        let mut running = Running::start(self, plumbing, stdin.is_some())?;
        if let Some(source) = stdin {
            let what = format!("input of {}", self.program_name());
            running.feed(source).map_err(|source| Error::Io { what, source })?;
        }
        let (mut out, mut err) = (Tail::new(self.keep), Tail::new(self.keep));
        let end = running.drain(&mut |chunk| out.push(chunk), &mut |chunk| err.push(chunk));
        let end = self.unless_interrupted(end)?;
        Ok(Output { end, stdout: out.into_bytes(), stderr: err.into_bytes() })
    }

    fn unless_interrupted(&self, end: End) -> Result<End, Error> {
        if end == End::Interrupted { Err(Error::Interrupted) } else { Ok(end) }
    }

    fn prepare(&self, with_stdin: bool) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.args);
        command.stdin(if with_stdin { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(cwd) = &self.cwd {
            command.current_dir(cwd);
        }
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }

    fn program_name(&self) -> String {
        let path = Path::new(&self.program);
        path.file_name().unwrap_or(&self.program).to_string_lossy().into_owned()
    }

    /// Why it failed: the last line of its stderr that says something, else how it ended.
    fn reason(&self, end: End, stderr: &[u8]) -> String {
        let text = String::from_utf8_lossy(stderr);
        let last = text.lines().map(clean).rfind(|line| !line.trim().is_empty());
        match (end, last) {
            (End::TimedOut, _) => {
                format!("stopped after {} s, its time limit", self.time_limit.unwrap_or_default().as_secs_f32())
            }
            (_, Some(line)) => self.masked(line.trim()),
            (End::Exited(code), None) => format!("exit code {code}"),
            (End::Signalled(signal), None) => format!("killed by signal {signal}"),
            (_, None) => "ended in an unknown way".to_string(),
        }
    }
}

/// As a shell would need it.
fn quoted(arg: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+*~^[]".contains(c);
    if !arg.is_empty() && arg.chars().all(plain) {
        arg.to_string()
    } else {
        format!("'{}'", arg.replace('\'', r"'\''"))
    }
}

/// The last so many bytes of a stream.
#[derive(Debug)]
struct Tail {
    keep: usize,
    bytes: VecDeque<u8>,
}

impl Tail {
    fn new(keep: usize) -> Self {
        Self { keep, bytes: VecDeque::new() }
    }

    fn push(&mut self, chunk: &[u8]) {
        let chunk = chunk.get(chunk.len().saturating_sub(self.keep)..).unwrap_or_default();
        let surplus = self.bytes.len().saturating_add(chunk.len()).saturating_sub(self.keep);
        self.bytes.drain(..surplus.min(self.bytes.len()));
        self.bytes.extend(chunk);
    }

    fn into_bytes(self) -> Vec<u8> {
        self.bytes.into()
    }
}
