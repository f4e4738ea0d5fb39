//! What one file says of packages, read while its layer streams past, so that databases, jars and programs need not be kept.
//! By place and first bytes it is decided what of the payload is held: its head up to a bound, its end, or nothing.

use super::auditable::{self, Parts};
use super::{Found, Package, gem, go, jar, npm, python, rpm};

/// Of rpm databases; that of a whole workstation has some 40 MB.
const MAX_DATABASE: u64 = 64 << 20;
/// Of texts: manifests, specifications, lists of files.
const MAX_TEXT: u64 = 16 << 20;
/// Of METADATA, whose head says it all; descriptions follow.
const MAX_METADATA: u64 = 64 << 10;
/// Of a jar that is held as a whole, and of the end of a longer one.
const MAX_JAR: u64 = 32 << 20;
const JAR_END: usize = 4 << 20;
/// Of a program, which has its list of sections at the end.
const PROGRAM_END: usize = 128 << 10;

/// Watches one payload.
#[derive(Debug)]
pub(crate) enum Inspector {
    /// Nothing to be learned.
    Idle,
    /// Wants so many bytes of the head, which is all of the payload or as much of it as says something.
    Head(Reading, u64),
    /// Holds the end.
    End(End),
    /// Looks for what the Go linker writes, and holds the end.
    Program(Box<go::Scanner>, End),
}

/// The last bytes of a payload of known length.
#[derive(Debug, Default)]
pub(crate) struct End {
    held: Vec<u8>,
    /// How many there have been.
    total: u64,
    /// So many pass before any is kept.
    skip: u64,
}

impl End {
    /// Of a payload of `size` bytes the last `room`.
    fn of(size: u64, room: usize) -> Self {
        Self { skip: size.saturating_sub(room as u64), ..Self::default() }
    }

    fn feed(&mut self, bytes: &[u8]) {
        let skipped = self.skip.saturating_sub(self.total).min(bytes.len() as u64);
        self.total = self.total.saturating_add(bytes.len() as u64);
        self.held.extend_from_slice(usize::try_from(skipped).ok().and_then(|at| bytes.get(at..)).unwrap_or_default());
    }

    /// What is held, from a multiple of 16 on: tables in programs are read where they are aligned.
    fn aligned(mut self) -> (Vec<u8>, u64) {
        let start = self.total.saturating_sub(self.held.len() as u64);
        let skip = usize::try_from(start.next_multiple_of(16) - start).unwrap_or(0).min(self.held.len());
        self.held.drain(..skip);
        (self.held, self.total)
    }
}

/// How a held payload is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reading {
    Rpm,
    Python(python::Part),
    Npm,
    Gem,
    Jar,
}

impl Inspector {
    /// For the regular file `path` of `size` bytes that begins with `head` (four bytes or more, where there are so many).
    pub(crate) fn new(path: &str, head: &[u8], size: u64) -> Self {
        if head.starts_with(b"\x7fELF") {
            return Self::Program(Box::default(), End::of(size, PROGRAM_END));
        }
        let whole = |reading, bound| if size <= bound { Self::Head(reading, bound) } else { Self::Idle };
        if rpm::is_database(path) {
            return whole(Reading::Rpm, MAX_DATABASE);
        }
        if head.starts_with(b"PK\x03\x04") && jar::is_archive(path) {
            return if size <= MAX_JAR { whole(Reading::Jar, MAX_JAR) } else { Self::End(End::of(size, JAR_END)) };
        }
        match python::part(path) {
            Some(python::Part::Metadata) => {
                return Self::Head(Reading::Python(python::Part::Metadata), MAX_METADATA);
            }
            Some(part) => return whole(Reading::Python(part), MAX_TEXT),
            None => {}
        }
        if npm::is_manifest(path) {
            return whole(Reading::Npm, MAX_TEXT);
        }
        if gem::is_specification(path) { whole(Reading::Gem, MAX_TEXT) } else { Self::Idle }
    }

    /// How much of the payload's head [`Inspector::finish`] wants.
    pub(crate) fn wants(&self) -> u64 {
        match self {
            Self::Head(_, bound) => *bound,
            Self::Idle | Self::End(_) | Self::Program(..) => 0,
        }
    }

    /// The next bytes of the payload.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        match self {
            Self::Idle | Self::Head(..) => {}
            Self::End(end) => end.feed(bytes),
            Self::Program(scanner, end) => {
                scanner.feed(bytes);
                end.feed(bytes);
            }
        }
    }

    /// What it says; none if nothing. `head` is as much of the payload's beginning as is at hand.
    pub(crate) fn finish(self, path: &str, head: &[u8]) -> Option<Found> {
        let found = match self {
            Self::Idle => return None,
            Self::Head(reading, bound) => {
                let wanted = usize::try_from(bound).unwrap_or(usize::MAX).min(head.len());
                read(reading, path, head.get(..wanted).unwrap_or_default())
            }
            Self::End(End { held, total, .. }) => {
                listed(jar::parse_jar(path, &held, total.saturating_sub(held.len() as u64)))
            }
            Self::Program(scanner, end) => {
                let mut packages = scanner.finish();
                if packages.is_empty() {
                    let (end, length) = end.aligned();
                    packages = auditable::read(Parts { head, end: &end, length });
                }
                packages.iter_mut().skip(1).for_each(|package| package.within = Some(path.to_owned()));
                listed(packages)
            }
        };
        (found != Found::default()).then_some(found)
    }
}

fn read(reading: Reading, path: &str, held: &[u8]) -> Found {
    let text = || String::from_utf8_lossy(held);
    match reading {
        Reading::Rpm => listed(rpm::parse_rpm_database(held)),
        Reading::Python(part) => python::read(part, &text()),
        Reading::Npm => npm::read(&text()),
        Reading::Gem => listed(gem::parse_gemspec(&text()).into_iter().collect()),
        Reading::Jar => listed(jar::parse_jar(path, held, 0)),
    }
}

fn listed(packages: Vec<Package>) -> Found {
    Found { packages, files: Vec::new() }
}
