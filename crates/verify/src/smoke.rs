//! Level 5: the user's own command against the running image. The app's ports are published on 127.0.0.1 and the address comes
//! in JETTISON_URL, JETTISON_HOST and JETTISON_PORT. Here, unlike when it is probed, the app is on an ordinary network.

use std::io::{ErrorKind, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use jettison_engine::process::Command;
use jettison_engine::{Engine, Error, RunRequest};

use crate::VerifierOptions;

/// Bytes of the command's output that are kept.
const KEPT_OUTPUT: usize = 256 * 1024;
/// Bytes of the container's output that are kept.
const KEPT_LOGS: usize = 64 * 1024;

/// How it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Smoke {
    /// Exit code 0.
    pub passed: bool,
    /// One clause.
    pub detail: String,
    /// The command's output, then the container's.
    pub output: String,
}

/// Runs `command` against `image`, whose app listens on `ports`.
pub(crate) fn run(options: &VerifierOptions, command: &str, image: &str, ports: &[u16]) -> Result<Smoke, Error> {
    let engine = &*options.engine;
    let request = RunRequest {
        image: image.to_owned(),
        run: options.run.0.clone(),
        publish: ports.to_vec(),
        limits: options.limits,
        platform: options.build.platform.clone(),
        ..RunRequest::default()
    };
    let container = Container { engine, id: engine.run(&request)? };
    let mut shell = Command::new("sh").args(["-c", command]).cwd(&options.context).keep_last(KEPT_OUTPUT);
    shell = shell.time_limit(options.smoke_time_limit);
    for (name, value) in environment(engine, &container.id, ports)? {
        shell = shell.env(name, value);
    }
    if let Some(first) = ports.first()
        && let Some(port) = engine.published_port(&container.id, *first)?
    {
        wait_until_it_listens(engine, &container.id, port, options.ready_timeout)?;
    }
    let output = shell.merged_output()?;
    let logs = engine.logs(&container.id, KEPT_LOGS).unwrap_or_default();
    let detail = match output.end.code() {
        Some(code) => format!("exit code {code}"),
        None => format!("it did not end by itself within {} s", options.smoke_time_limit.as_secs()),
    };
    Ok(Smoke { passed: output.end.success(), detail, output: format!("{}\n{logs}", output.text()) })
}

/// Where the app is: the first port's address, and each port's by its number in the container.
fn environment(engine: &dyn Engine, container: &str, ports: &[u16]) -> Result<Vec<(String, String)>, Error> {
    let mut variables = vec![("JETTISON_HOST".to_owned(), "127.0.0.1".to_owned())];
    variables.push(("JETTISON_CONTAINER".to_owned(), container.to_owned()));
    for (at, inside) in ports.iter().enumerate() {
        let Some(port) = engine.published_port(container, *inside)? else { continue };
        variables.push((format!("JETTISON_PORT_{inside}"), port.to_string()));
        if at == 0 {
            variables.push(("JETTISON_PORT".to_owned(), port.to_string()));
            variables.push(("JETTISON_URL".to_owned(), format!("http://127.0.0.1:{port}")));
        }
    }
    Ok(variables)
}

/// The engine's own proxy accepts connections before the app does, and closes them at once; an app keeps them open.
fn wait_until_it_listens(engine: &dyn Engine, container: &str, port: u16, limit: Duration) -> Result<(), Error> {
    let start = Instant::now();
    while start.elapsed() < limit && engine.state(container)?.running {
        if is_open(port) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    // Whether that is a failure is for the command to say.
    Ok(())
}

fn is_open(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else { return false };
    if stream.set_read_timeout(Some(Duration::from_millis(250))).is_err() {
        return false;
    }
    match stream.read(&mut [0]) {
        Ok(read) => read > 0,
        Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

/// Removed when dropped, whatever happened.
struct Container<'e> {
    engine: &'e dyn Engine,
    id: String,
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        let _cleaning = jettison_engine::process::cleanup_mode();
        let _ = self.engine.stop(&self.id);
        let _ = self.engine.remove_container(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::is_open;

    #[test]
    fn a_port_counts_as_open_only_if_it_stays_open() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let closing = std::thread::spawn(move || drop(listener.accept()));
        assert!(!is_open(port), "closed at once, as an engine's proxy does");
        closing.join().unwrap();
        assert!(!is_open(port), "nobody listens");

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        assert!(is_open(listener.local_addr().unwrap().port()));
    }
}
