//! A program's stdout as a stream, for archives of many gigabytes.

use std::io::{self, Read};

use super::supervise::{Plumbing, Running};
use super::{Command, End, Tail};
use crate::Error;

/// How much of stderr is kept for the error.
const KEPT_STDERR: usize = 64 << 10;

/// Stdout of a running program. The program is killed and reaped when this is dropped; if it ends with anything but
/// success, the read that would have been the end of the stream is an error with the last line of its stderr.
pub struct ProcessReader {
    command: Command,
    running: Running,
    outcome: Option<Result<(), String>>,
}

impl ProcessReader {
    pub(super) fn start(command: &Command) -> Result<Self, Error> {
        let running = Running::start(command, Plumbing::Piped, false)?;
        Ok(Self { command: command.clone(), running, outcome: None })
    }

    fn finish(&mut self) -> Result<(), String> {
        let mut stderr = Tail::new(KEPT_STDERR);
        let end = self.running.drain(&mut |_| {}, &mut |chunk| stderr.push(chunk));
        if end.success() {
            return Ok(());
        }
        if end == End::Interrupted {
            return Err(Error::Interrupted.to_string());
        }
        let stderr = stderr.into_bytes();
        Err(format!("{}: {}", self.command.display(), self.command.reason(end, &stderr)))
    }
}

impl Read for ProcessReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.outcome.is_none() {
            let count = match self.running.stdout.as_mut() {
                Some(stdout) => stdout.read(buffer)?,
                None => 0,
            };
            if count > 0 {
                return Ok(count);
            }
            let outcome = self.finish();
            self.outcome = Some(outcome);
        }
        match &self.outcome {
            Some(Err(reason)) => Err(io::Error::other(reason.clone())),
            _ => Ok(0),
        }
    }
}
