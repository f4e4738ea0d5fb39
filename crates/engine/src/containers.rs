//! Containers of docker and podman: run with limits, look at, stop.

mod options;

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Client, locked};
use crate::process::End;
use crate::{ContainerState, Error, RunRequest, errors};
use options::{ULIMITS, create_command, limit_warnings, refused_limits};

impl Client {
    /// Creates and starts. A program that cannot be started leaves a container whose state tells; anything else that goes
    /// wrong leaves nothing.
    pub(crate) fn run_container(&self, request: &RunRequest) -> Result<String, Error> {
        loop {
            let unsupported = locked(&self.unsupported).clone();
            let error = match self.try_run(request, &unsupported) {
                Ok(id) => return Ok(id),
                Err(error) => error,
            };
            let refused = refused_limits(&error, &unsupported);
            if refused.is_empty() {
                return Err(error);
            }
            for limit in refused {
                let name = &self.info.name;
                self.warn(match limit {
                    ULIMITS => {
                        format!("{name} may not raise ulimits to its defaults on this host; containers get lower ones")
                    }
                    _ => format!("{name} cannot limit {limit} on this host; containers run without that limit"),
                });
                locked(&self.unsupported).push(limit);
            }
        }
    }

    fn try_run(&self, request: &RunRequest, unsupported: &[&'static str]) -> Result<String, Error> {
        let beside;
        let request = if self.is_podman() {
            beside = self.beside_living(request)?;
            &beside
        } else {
            request
        };
        let create = create_command(&self.info.name, request, self.processors, unsupported);
        let output = self.checked(&create, Some(&request.image))?;
        limit_warnings(&output.error_text()).into_iter().for_each(|text| self.warn(text));
        let id = output.text().lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default().to_string();
        let start = self.command(&["start", &id]);
        let output = start.output()?;
        if output.end.success() {
            return Ok(id);
        }
        let stderr = without_summary(&output.error_text());
        if program_refused(&stderr) && self.container_state(&id).is_ok_and(|state| !state.running) {
            locked(&self.refused).insert(id.clone(), errors::tidy(stderr.trim()));
            return Ok(id);
        }
        let error = errors::classify(&self.info.name, &start, output.end, stderr.as_bytes(), None);
        self.kill_and_remove(&id)?;
        Err(error)
    }

    /// podman starts an ended container again for one that joins it by name. By the path of its namespace it cannot; what has
    /// ended has none, which is an error as with docker.
    fn beside_living(&self, request: &RunRequest) -> Result<RunRequest, Error> {
        let joined = |place: &Option<String>, kind: &str| {
            let Some(container) = place.as_deref().and_then(|place| place.strip_prefix("container:")) else {
                return Ok(place.clone());
            };
            let command = self.command(&["container", "inspect", "--format", "{{.State.Pid}}", container]);
            match self.checked(&command, None)?.text().trim() {
                "0" | "" => Err(Error::Command {
                    command: format!("{} create", self.info.name),
                    reason: format!("container {container} does not run, its {kind} namespace cannot be joined"),
                }),
                pid => Ok(Some(format!("ns:/proc/{pid}/ns/{kind}"))),
            }
        };
        let (network, pid) = (joined(&request.network, "net")?, joined(&request.pid, "pid")?);
        Ok(RunRequest { network, pid, ..request.clone() })
    }

    pub(crate) fn container_state(&self, container: &str) -> Result<ContainerState, Error> {
        let command = self.command(&["container", "inspect", "--format", "{{json .State}}", container]);
        let output = self.checked(&command, None)?;
        let mut state = state_of(&serde_json::from_slice(&output.stdout).unwrap_or(Value::Null));
        // podman forgets why a container could not start.
        if let Some(reason) = locked(&self.refused).get(container)
            && state.error.is_empty()
            && !state.running
        {
            state.error = reason.clone();
            state.exit_code = state.exit_code.or(Some(if reason.contains("permission denied") { 126 } else { 127 }));
        }
        Ok(state)
    }

    pub(crate) fn recent_logs(&self, container: &str, max: usize) -> Result<String, Error> {
        // podman's --tail loses a last line that has no newline.
        let tail: &[&str] = if self.is_podman() { &[] } else { &["--tail", "20000"] };
        let command = self.command(&["logs"]).args(tail).arg(container).keep_last(max);
        let output = command.merged_output()?;
        if output.end.success() {
            return Ok(output.text());
        }
        Err(errors::classify(&self.info.name, &command, output.end, &output.stdout, None))
    }

    /// At once: docker kills, podman would first ask and wait.
    pub(crate) fn kill_and_remove(&self, container: &str) -> Result<(), Error> {
        let at_once: &[&str] = if self.is_podman() { &["--time", "0"] } else { &[] };
        let args = [&["rm", "--force", "--volumes"], at_once, &[container]].concat();
        self.remove(&args)
    }

    pub(crate) fn wait_for(&self, container: &str, limit: Duration) -> Result<ContainerState, Error> {
        let until = Instant::now().checked_add(limit);
        let state = self.container_state(container)?;
        if !state.running {
            return Ok(state);
        }
        let left = until.map_or(limit, |until| until.saturating_duration_since(Instant::now()));
        let command = self.command(&["wait", container]).time_limit(left);
        let output = command.output()?;
        if !output.end.success() && output.end != End::TimedOut {
            return Err(errors::classify(&self.info.name, &command, output.end, &output.stderr, None));
        }
        self.container_state(container)
    }

    pub(crate) fn changed_paths(&self, container: &str) -> Result<Vec<(char, String)>, Error> {
        let output = self.checked(&self.command(&["diff", container]), None)?;
        Ok(output.text().lines().filter_map(changed_path).collect())
    }

    pub(crate) fn port_of(&self, container: &str, container_port: u16) -> Result<Option<u16>, Error> {
        let command = self.command(&["port", container, &format!("{container_port}/tcp")]);
        let output = command.output()?;
        if output.end.success() {
            return Ok(host_port(&output.text()));
        }
        let stderr = output.error_text().to_lowercase();
        if stderr.contains("no public port") || stderr.contains("failed to find published port") {
            return Ok(None);
        }
        Err(errors::classify(&self.info.name, &command, output.end, &output.stderr, None))
    }

    pub(crate) fn exec_in(&self, container: &str, argv: &[&str], limit: Duration) -> Result<(i32, String), Error> {
        let command = self.command(&["exec", container]).args(argv).time_limit(limit).keep_last(1 << 20);
        let output = command.merged_output()?;
        match output.end {
            End::Exited(code) if errors::unusable(&self.info.name, &output.text()).is_none() => {
                Ok((code, output.text()))
            }
            end => Err(errors::classify(&self.info.name, &command, end, &output.stdout, None)),
        }
    }
}

/// docker's last line only repeats that it failed.
fn without_summary(stderr: &str) -> String {
    let lines = stderr.lines().filter(|line| !line.starts_with("Error: failed to start containers"));
    lines.map(|line| line.to_string() + "\n").collect()
}

/// Whether a container could not start because of what its image asks for (program, user, working directory) and not
/// because of the engine.
fn program_refused(stderr: &str) -> bool {
    const PROGRAM: &[&str] = &[
        "executable file",
        "exec format error",
        "no such file or directory",
        "permission denied",
        "not found",
        "is a directory",
    ];
    const OTHER: &[&str] = &[
        "unable to find user",
        "unable to find group",
        "no matching entries in passwd",
        "chdir to cwd",
        "is not a directory",
    ];
    let lower = stderr.to_lowercase();
    let any = |needles: &[&str]| needles.iter().any(|needle| lower.contains(needle));
    let engines = any(&["cgroup", "rlimit", "docker.sock", "podman.sock", "network", "mount"]);
    !engines && ((lower.contains("exec") && any(PROGRAM)) || any(OTHER))
}

/// The state as both engines give it.
fn state_of(state: &Value) -> ContainerState {
    let text = |key: &str| state.get(key).and_then(Value::as_str).unwrap_or_default().to_string();
    let flag = |key: &str| state.get(key).and_then(Value::as_bool).unwrap_or(false);
    let running = flag("Running");
    let status = text("Status");
    let ended = !running && status != "created" && status != "configured" && status != "initialized";
    let code = state.get("ExitCode").and_then(Value::as_i64).and_then(|code| i32::try_from(code).ok());
    let error = text("Error");
    let health =
        state.pointer("/Health/Status").or_else(|| state.pointer("/Healthcheck/Status")).and_then(Value::as_str);
    ContainerState {
        exit_code: code.filter(|code| ended || (!running && *code != 0)),
        status,
        running,
        oom_killed: flag("OOMKilled"),
        error,
        health: health.filter(|health| !health.is_empty() && *health != "none").map(str::to_string),
    }
}

/// `C /var/log`
fn changed_path(line: &str) -> Option<(char, String)> {
    let (kind, path) = line.split_once(' ')?;
    let mut chars = kind.chars();
    match (chars.next()?, chars.next()) {
        (kind @ ('A' | 'C' | 'D'), None) => Some((kind, path.to_string())),
        _ => None,
    }
}

/// `127.0.0.1:32768`, the IPv4 one of several lines.
fn host_port(text: &str) -> Option<u16> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with('['))
        .find_map(|line| line.trim().rsplit_once(':')?.1.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tells_a_program_that_cannot_start_from_an_engine_that_fails() {
        let programs = [
            "runc create failed: unable to start container process: exec: \"/no/such\": stat /no/such: no such file or directory",
            "crun: executable file `serve` not found in $PATH: No such file or directory",
            "exec /app: exec format error",
            "unable to find user app: no matching entries in passwd file",
        ];
        assert!(programs.iter().all(|text| program_refused(text)));
        let engines = [
            "driver failed programming external connectivity: Bind for 127.0.0.1:8000 failed: port is already allocated",
            "runc create failed: error setting rlimit type 7: operation not permitted",
            "OCI runtime exec failed: open /sys/fs/cgroup/pids.max: no such file or directory",
            "network abc not found",
        ];
        assert!(!engines.iter().any(|text| program_refused(text)));
        assert_eq!(without_summary("real cause\nError: failed to start containers: x\n"), "real cause\n");
    }

    #[test]
    fn reads_states_of_both_engines() {
        let exited =
            state_of(&json!({"Status": "exited", "Running": false, "ExitCode": 137, "OOMKilled": true, "Error": ""}));
        assert_eq!((exited.exit_code, exited.oom_killed, exited.running), (Some(137), true, false));
        let running =
            state_of(&json!({"Status": "running", "Running": true, "ExitCode": 0, "Health": {"Status": "starting"}}));
        assert_eq!((running.exit_code, running.health.as_deref()), (None, Some("starting")));
        let created = state_of(
            &json!({"Status": "created", "Running": false, "ExitCode": 127, "Error": "exec: \"x\": not found"}),
        );
        assert_eq!(created.exit_code, Some(127));
        assert_eq!(state_of(&Value::Null), ContainerState::default());
    }

    #[test]
    fn reads_ports_and_changes() {
        assert_eq!(host_port("[::1]:40000\n127.0.0.1:32768\n"), Some(32768));
        assert_eq!(host_port("\n"), None);
        assert_eq!(changed_path("A /tmp/with space"), Some(('A', "/tmp/with space".into())));
        assert_eq!(changed_path("warning"), None);
    }
}
