//! Signals to a child's process group, and to what runs in containers below it: podman and buildah start those in sessions
//! of their own, where a signal to the group does not reach them, and die themselves before they have cleaned up.

use std::process::Child;

/// Asks the group that `child` leads to end.
#[cfg(unix)]
pub(super) fn ask(child: &Child) {
    signal(child, rustix::process::Signal::TERM);
}

/// Kills what is left of the group.
#[cfg(unix)]
pub(super) fn kill(child: &Child) {
    signal(child, rustix::process::Signal::KILL);
}

#[cfg(unix)]
fn signal(child: &Child, signal: rustix::process::Signal) {
    use rustix::process::{Pid, kill_process_group};
    // Every child leads a group of its own (see `Command::prepare`), so its id is the group's.
    let _ = kill_process_group(Pid::from_child(child), signal);
}

#[cfg(not(unix))]
pub(super) fn ask(_child: &Child) {}

#[cfg(not(unix))]
pub(super) fn kill(_child: &Child) {}

/// Kills the processes below `child` that are in another PID namespace, so that `child` sees its container end and cleans
/// up as after a failure. Whether there were any.
#[cfg(target_os = "linux")]
pub(super) fn kill_contained(child: &Child) -> bool {
    use rustix::process::{Pid, Signal, kill_process};
    let namespace = |pid: u32| std::fs::read_link(format!("/proc/{pid}/ns/pid")).ok();
    let ours = namespace(std::process::id());
    let contained =
        descendants(child.id()).into_iter().filter(|pid| namespace(*pid).is_some_and(|other| Some(other) != ours));
    let pids = contained.filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
    pids.filter(|pid| kill_process(*pid, Signal::KILL).is_ok()).count() > 0
}

#[cfg(not(target_os = "linux"))]
pub(super) fn kill_contained(_child: &Child) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn descendants(root: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let pairs: Vec<(u32, u32)> = pids.filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&pid) = found.get(next) {
        let children = pairs.iter().filter(|(child, parent)| *parent == pid && !found.contains(child));
        let children: Vec<u32> = children.map(|(child, _)| *child).collect();
        found.extend(children);
        next += 1;
    }
    found.split_off(1)
}

/// Field 4 of proc_pid_stat(5), behind the name in parentheses.
#[cfg(target_os = "linux")]
fn parent(pid: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
