//! The id of a run: says which process on which machine it is, so that a later run can see whether it still lives.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::RUN_LABEL;
use crate::process::Command;

/// Names of images and networks of ours begin with this.
const PREFIX: &str = "jettison-";

static COUNTER: AtomicU32 = AtomicU32::new(1);

/// One run of jettison: `<pid>-<start of the process>-<now>-<machine>-<random>`, all but the pid in hex. Unique; a later run
/// on the same machine can see whether it still lives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunId(pub String);

/// Whether a run is alive, as far as can be seen from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Alive,
    Dead,
    /// On another machine or in another PID namespace, begun at this second since 1970.
    Elsewhere {
        started: u64,
    },
    /// No id of a run.
    NotOurs,
}

impl RunId {
    /// The id for this process, another one at every call.
    pub fn new() -> Self {
        let pid = std::process::id();
        let start = start_of(pid).unwrap_or_default();
        let random = RandomState::new().hash_one(COUNTER.fetch_add(1, Ordering::Relaxed)) as u32;
        Self(format!("{pid}-{start:x}-{:x}-{:08x}-{random:08x}", now(), place()))
    }

    /// Whether the process of this run still lives on this machine.
    pub fn is_alive(&self) -> bool {
        self.life() == Life::Alive
    }

    /// `jettison.run=<id>`
    pub fn label(&self) -> String {
        format!("{RUN_LABEL}={self}")
    }

    /// A name for a container or network of this run, another one at every call.
    pub fn name(&self, what: &str) -> String {
        format!("{PREFIX}{self}-{what}{}", COUNTER.fetch_add(1, Ordering::Relaxed))
    }

    /// The name of this run's image `what` (of the characters a tag may have).
    pub fn image(&self, what: &str) -> String {
        format!("{PREFIX}run:{self}-{what}")
    }

    /// Whether an image's name is one that this run gave.
    pub(crate) fn owns_name(&self, reference: &str) -> bool {
        let short =
            ["localhost/", "docker.io/library/", "docker.io/"].iter().find_map(|host| reference.strip_prefix(host));
        let short = short.unwrap_or(reference);
        short.starts_with(PREFIX) || (!self.0.is_empty() && short.contains(&self.0))
    }

    pub(super) fn life(&self) -> Life {
        let Some((pid, start, began, machine)) = self.parts() else { return Life::NotOurs };
        if machine != place() {
            return Life::Elsewhere { started: began };
        }
        if start_of(pid) == Some(start) { Life::Alive } else { Life::Dead }
    }

    fn parts(&self) -> Option<(u32, u64, u64, u32)> {
        let mut parts = self.0.split('-');
        let pid = parts.next()?.parse().ok()?;
        let start = u64::from_str_radix(parts.next()?, 16).ok()?;
        let began = u64::from_str_radix(parts.next()?, 16).ok()?;
        let machine = u32::from_str_radix(parts.next()?, 16).ok()?;
        u32::from_str_radix(parts.next()?, 16).ok()?;
        parts.next().is_none().then_some((pid, start, began, machine))
    }
}

impl Default for RunId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|time| time.as_secs()).unwrap_or_default()
}

/// What tells processes with the same pid apart: on Linux the clock ticks at which it started (proc_pid_stat(5), field 22),
/// elsewhere a hash of what `ps` says. None if there is no such process.
fn start_of(pid: u32) -> Option<u64> {
    if let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        // The name in parentheses may hold anything; fields are counted after its end, from the third on.
        return stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok();
    }
    if std::path::Path::new("/proc/self/stat").exists() {
        return None;
    }
    let listed = Command::new("ps").args(["-o", "lstart=", "-p", &pid.to_string()]).env("LC_ALL", "C").output().ok()?;
    let text = listed.text();
    (listed.end.success() && !text.trim().is_empty()).then(|| hash(text.trim()))
}

/// Where pids mean the same: this boot of this machine and this PID namespace.
fn place() -> u32 {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let namespace = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    hash((boot, namespace)) as u32
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_this_process_is_alive_and_unique() {
        let (one, two) = (RunId::new(), RunId::new());
        assert!(one.is_alive());
        assert_ne!(one, two);
    }

    #[test]
    fn a_reused_pid_is_not_the_run() {
        let id = RunId::new();
        let mut parts: Vec<_> = id.0.split('-').map(str::to_string).collect();
        parts[1] = "1".into();
        assert_eq!(RunId(parts.join("-")).life(), Life::Dead);
    }

    #[test]
    fn another_machine_is_neither_alive_nor_dead() {
        let id = RunId::new();
        let mut parts: Vec<_> = id.0.split('-').map(str::to_string).collect();
        parts[2] = "10".into();
        parts[3] = format!("{:x}", place() ^ 1);
        assert_eq!(RunId(parts.join("-")).life(), Life::Elsewhere { started: 16 });
    }

    #[test]
    fn foreign_labels_are_no_runs() {
        for text in ["", "x", "1-2-3", "1-a-b-c-d-e", "abc-1-1-1-1", "1-1-1-1-zz", "4294967296-1-1-1-1"] {
            assert_eq!(RunId(text.into()).life(), Life::NotOurs, "{text}");
        }
    }

    #[test]
    fn image_names_fit_a_tag() {
        let image = RunId::new().image("candidate-12");
        let (_, tag) = image.split_once(':').unwrap();
        assert!(tag.len() <= 128 && tag.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)), "{tag}");
    }

    #[test]
    fn owns_its_names_whatever_the_engine_puts_before() {
        let run = RunId::new();
        let image = run.image("x");
        assert!(run.owns_name(&image) && run.owns_name(&format!("localhost/{image}")));
        assert!(run.owns_name(&format!("docker.io/library/other:{run}")));
        assert!(!run.owns_name("myapp:1") && !run.owns_name("registry.example/jettison:1"));
    }
}
