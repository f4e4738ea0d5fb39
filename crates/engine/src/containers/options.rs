//! `docker create …`: the options of a container and its limits, and what is left of them on a host that cannot enforce
//! them all. podman takes the same options.

use crate::client::QUICK;
use crate::process::{Command, looks_secret};
use crate::{Error, Limits, RUN_LABEL, RunRequest};

/// The limits by the option that sets them.
const LIMITS: &[&str] = &["memory", "cpus", "pids"];
/// The engine's default limits on open files and processes, which it may lack the right to raise to.
pub(super) const ULIMITS: &str = "ulimits";
/// Processes of one user that no container of ours comes near.
#[cfg(unix)]
const ENOUGH_PROCESSES: u64 = 16_384;

/// `docker create …` for this request.
pub(super) fn create_command(
    program: &str,
    request: &RunRequest,
    processors: Option<f64>,
    unsupported: &[&str],
) -> Command {
    let mut command = Command::new(program).args(["create", "--pull", "never"]).time_limit(QUICK);
    let mut option = |name: &str, value: &str| command = command.clone().arg(name).arg(value);
    option("--label", &format!("{RUN_LABEL}={}", request.run));
    for (name, value) in [("--name", &request.name), ("--network", &request.network), ("--pid", &request.pid)] {
        if let Some(value) = value {
            option(name, value);
        }
    }
    for port in &request.publish {
        option("--publish", &format!("127.0.0.1::{port}"));
    }
    if let Some(entrypoint) = &request.entrypoint {
        option("--entrypoint", entrypoint);
    }
    for (name, value) in &request.env {
        option("--env", &format!("{name}={value}"));
    }
    if request.cap_drop_all {
        option("--cap-drop", "ALL");
    }
    if request.no_new_privileges {
        option("--security-opt", "no-new-privileges");
    }
    if let Some(platform) = &request.platform {
        option("--platform", platform);
    }
    for (name, value) in limit_options(&request.limits, processors, unsupported) {
        option(name, &value);
    }
    for (name, value) in &request.env {
        if looks_secret(name) {
            command = command.secret(value);
        }
    }
    command.arg(&request.image).args(&request.command)
}

fn limit_options(limits: &Limits, processors: Option<f64>, unsupported: &[&str]) -> Vec<(&'static str, String)> {
    let mut options = Vec::new();
    if !unsupported.contains(&"memory") {
        options.push(("--memory", limits.memory.to_string()));
        // Memory and swap together: the same number means no swap.
        options.push(("--memory-swap", limits.memory.to_string()));
    }
    if !unsupported.contains(&"cpus") {
        // docker refuses more than there are.
        options.push(("--cpus", limits.cpus.min(processors.unwrap_or(f64::MAX)).to_string()));
    }
    if !unsupported.contains(&"pids") {
        options.push(("--pids-limit", limits.pids.to_string()));
    }
    if unsupported.contains(&ULIMITS) {
        options.extend(own_ulimits().into_iter().map(|value| ("--ulimit", value)));
    }
    options
}

/// The hard limits of this process, which no container needs a privilege for. Of processes fewer do, because something on
/// the way (podman's monitor) may hold a lower limit, and far more are left than the pids limit allows.
#[cfg(unix)]
fn own_ulimits() -> Vec<String> {
    use rustix::process::{Resource, getrlimit};
    let files = getrlimit(Resource::Nofile).maximum.map(|most| format!("nofile={most}:{most}"));
    let most = getrlimit(Resource::Nproc).maximum.unwrap_or(u64::MAX).min(ENOUGH_PROCESSES);
    files.into_iter().chain([format!("nproc={most}:{most}")]).collect()
}

#[cfg(not(unix))]
fn own_ulimits() -> Vec<String> {
    Vec::new()
}

/// The limits that an error of the engine says it cannot set here, of those not known yet.
pub(super) fn refused_limits(error: &Error, known: &[&str]) -> Vec<&'static str> {
    let Error::Command { reason, .. } = error else { return Vec::new() };
    let lower = reason.to_lowercase();
    if lower.contains("rlimit") && lower.contains("not permitted") {
        return if known.contains(&ULIMITS) { Vec::new() } else { vec![ULIMITS] };
    }
    let about_limits = [
        "cgroup",
        "controller",
        "not supported",
        "does not support",
        "can not be set",
        "memory.max",
        "pids.max",
        "cpu.max",
    ];
    if !about_limits.iter().any(|needle| lower.contains(needle)) {
        return Vec::new();
    }
    let named = |limit: &str| match limit {
        "memory" => lower.contains("memory") || lower.contains("swap"),
        "cpus" => lower.contains("cpu"),
        _ => lower.contains("pids"),
    };
    let left: Vec<_> = LIMITS.iter().copied().filter(|limit| !known.contains(limit)).collect();
    let guilty: Vec<_> = left.iter().copied().filter(|limit| named(limit)).collect();
    if guilty.is_empty() && lower.contains("cgroup") { left } else { guilty }
}

/// What `create` says of limits that it accepted but does not enforce.
pub(super) fn limit_warnings(stderr: &str) -> Vec<String> {
    let about_limits = |line: &&str| line.to_lowercase().contains("limit");
    stderr.lines().filter(about_limits).map(|line| line.trim().trim_start_matches("WARNING: ").to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> RunRequest {
        RunRequest { image: "jettison:x".into(), run: "1-2-3-4".into(), ..RunRequest::default() }
    }

    #[test]
    fn limits_an_app_and_leaves_its_capabilities() {
        let request = RunRequest {
            network: Some("net".into()),
            publish: vec![8000],
            env: vec![("API_TOKEN".into(), "s3cret".into()), ("A".into(), "b c".into())],
            command: vec!["serve".into()],
            ..request()
        };
        let args = create_command("docker", &request, Some(1.0), &[]).shown_args().join(" ");
        assert_eq!(
            args,
            "create --pull never --label jettison.run=1-2-3-4 --network net --publish 127.0.0.1::8000 --env API_TOKEN=*** --env A=b c \
             --memory 2147483648 --memory-swap 2147483648 --cpus 1 --pids-limit 512 jettison:x serve"
        );
    }

    #[test]
    fn a_sidecar_shares_namespaces_and_drops_all() {
        let request = RunRequest {
            network: Some("container:abc".into()),
            pid: Some("container:abc".into()),
            cap_drop_all: true,
            no_new_privileges: true,
            entrypoint: Some("/jettison".into()),
            ..request()
        };
        let args = create_command("podman", &request, None, LIMITS).shown_args().join(" ");
        assert_eq!(
            args,
            "create --pull never --label jettison.run=1-2-3-4 --network container:abc --pid container:abc --entrypoint /jettison \
             --cap-drop ALL --security-opt no-new-privileges jettison:x"
        );
    }

    #[test]
    fn gives_up_only_the_limit_that_the_host_refuses() {
        let error = |reason: &str| Error::Command { command: String::new(), reason: reason.into() };
        assert_eq!(
            refused_limits(&error("NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler"), &[]),
            ["cpus"]
        );
        assert_eq!(
            refused_limits(&error("crun: controller `pids` is not available under /sys/fs/cgroup"), &[]),
            ["pids"]
        );
        assert_eq!(
            refused_limits(&error("cgroups: cgroup mountpoint does not exist: unknown"), &["pids"]),
            ["memory", "cpus"]
        );
        let ulimits = "runc create failed: error setting rlimit type 7: operation not permitted: OCI permission denied";
        assert_eq!(refused_limits(&error(ulimits), &["cpus"]), [ULIMITS]);
        assert!(refused_limits(&error(ulimits), &[ULIMITS]).is_empty());
        assert!(refused_limits(&error("port is already allocated"), &[]).is_empty());
        assert!(refused_limits(&error("crun: controller `pids` is not available"), &["pids"]).is_empty());
    }

    #[test]
    fn passes_on_that_a_limit_is_not_enforced() {
        let stderr =
            "WARNING: Your kernel does not support swap limit capabilities. Memory limited without swap.\nother\n";
        let text = "Your kernel does not support swap limit capabilities. Memory limited without swap.";
        assert_eq!(limit_warnings(stderr), [text]);
    }
}
