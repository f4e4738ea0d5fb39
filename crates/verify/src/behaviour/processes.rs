//! The programs that run in this process namespace, from `/proc`. In the sidecar that is the app's, where the engine let it in.

use std::collections::BTreeSet;
use std::path::Path;

/// The programs of all processes but this one; what may not be seen is left out.
pub fn programs() -> BTreeSet<String> {
    let own = std::process::id().to_string();
    let Ok(entries) = std::fs::read_dir("/proc") else { return BTreeSet::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let pids = names.filter(|name| *name != own && name.bytes().all(|byte| byte.is_ascii_digit()));
    pids.filter_map(|pid| program(&Path::new("/proc").join(pid))).collect()
}

/// `exe` may only be read with the same user and rights; `cmdline` always, but it says what the process likes.
fn program(process: &Path) -> Option<String> {
    if let Ok(path) = std::fs::read_link(process.join("exe")) {
        let path = path.to_string_lossy().into_owned();
        return Some(path.strip_suffix(" (deleted)").map_or(path.clone(), str::to_owned));
    }
    let line = std::fs::read(process.join("cmdline")).ok()?;
    let first = line.split(|byte| *byte == 0).next().filter(|first| first.starts_with(b"/"))?;
    Some(String::from_utf8_lossy(first).into_owned())
}
