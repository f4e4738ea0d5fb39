//! The sidecar's side: runs inside the app's network, waits until it listens, asks what the plan says, prints what it saw.
//! The hidden command `probe` of the binary ends here. Standard library only: it runs from scratch, as process or as guest.

use std::collections::{BTreeSet, VecDeque};
use std::io::Write;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::http::{self, Failure, Get, Response};
use super::links::links;
use super::processes::programs;
use super::sockets::{Listening, own_addresses};
use super::wire::{Event, Plan, Request};
use super::{Answer, ProbeRequest};

/// Ports that are asked at most where a request names none.
const MAX_PORTS: usize = 4;

/// Asked where no port is known, to show that nothing answers.
const CONTROL_PORTS: [u16; 3] = [80, 8000, 8080];

/// Kept of a body when all bodies together have become too many.
const EXCERPT: usize = 4 * 1024;

const POLL: Duration = Duration::from_millis(50);

/// A port that is open may refuse for a moment while the app starts its workers.
const REFUSED_PATIENCE: Duration = Duration::from_secs(2);

/// Apps say 503 until they are ready; all requests together wait this long for that.
const BUSY_PATIENCE: Duration = Duration::from_secs(5);

/// Runs the plan in `args` (one JSON document) and prints lines of JSON; the exit code is 0 when it could.
pub fn probe_main(args: &[String]) -> i32 {
    let Some(plan) = args.iter().find(|arg| arg.starts_with('{')) else {
        let _ = writeln!(
            std::io::stderr(),
            "probe: needs a plan as its argument; it is started by `jettison optimize` and `jettison verify`"
        );
        return 2;
    };
    let plan: Plan = match serde_json::from_str(plan) {
        Ok(plan) => plan,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "probe: the plan is not understood: {error}");
            return 2;
        }
    };
    let mut out = std::io::stdout().lock();
    let mut failed = false;
    run(&plan, &mut |event| {
        let line = serde_json::to_string(&event).unwrap_or_default();
        failed |= writeln!(out, "{line}").and_then(|()| out.flush()).is_err();
    });
    i32::from(failed)
}

fn run(plan: &Plan, emit: &mut dyn FnMut(Event)) {
    let mut seen = programs();
    let (listening, never_ready) = wait_until_ready(plan, &mut seen);
    let (ports, loopback) = (listening.ports(), listening.loopback_ports());
    emit(Event::Listening { ports: ports.clone(), loopback, addresses: own_addresses(), never_ready });
    if !never_ready {
        Asker::new(plan, listening).ask_all(&ports, emit);
    }
    seen.extend(programs());
    emit(Event::Done { programs: seen.into_iter().collect() });
}

/// The listening sockets once they have not changed for the settling time, and whether there were none until the time was up.
fn wait_until_ready(plan: &Plan, seen: &mut BTreeSet<String>) -> (Listening, bool) {
    let start = Instant::now();
    let mut listening = Listening::now();
    if plan.expect_nothing {
        return (listening, false);
    }
    let mut since = start;
    let (ready, settle) = (Duration::from_millis(plan.ready_ms), Duration::from_millis(plan.settle_ms));
    loop {
        let open = !listening.ports().is_empty();
        if open && since.elapsed() >= settle {
            return (listening, false);
        }
        if start.elapsed() >= ready && (!open || start.elapsed() >= ready + settle) {
            return (listening, !open);
        }
        std::thread::sleep(POLL);
        seen.extend(programs());
        let now = Listening::now();
        if now != listening {
            (listening, since) = (now, Instant::now());
        }
    }
}

struct Asker<'a> {
    plan: &'a Plan,
    listening: Listening,
    deadline: Instant,
    busy_until: Option<Instant>,
    kept: usize,
    speaks_http: BTreeSet<u16>,
    foreign: BTreeSet<u16>,
    linked: BTreeSet<(u16, String)>,
}

impl<'a> Asker<'a> {
    fn new(plan: &'a Plan, listening: Listening) -> Self {
        let linked = plan.requests.iter().flat_map(|request| {
            let ports = request.port.map_or_else(|| listening.ports(), |port| vec![port]);
            ports.into_iter().map(|port| (port, request.path.clone()))
        });
        let linked = linked.collect();
        let deadline = Instant::now() + Duration::from_millis(plan.total_ms);
        Self {
            plan,
            listening,
            deadline,
            linked,
            busy_until: None,
            kept: 0,
            speaks_http: BTreeSet::new(),
            foreign: BTreeSet::new(),
        }
    }

    fn ask_all(&mut self, ports: &[u16], emit: &mut dyn FnMut(Event)) {
        let open: Vec<u16> = if self.plan.expect_nothing && ports.is_empty() {
            CONTROL_PORTS.to_vec()
        } else {
            ports.iter().copied().take(MAX_PORTS).collect()
        };
        let mut queue: VecDeque<Request> = self.plan.requests.iter().cloned().collect();
        while let Some(request) = queue.pop_front() {
            let targets = request.port.map_or_else(|| open.clone(), |port| vec![port]);
            for port in targets {
                if request.port.is_none() && self.foreign.contains(&port) {
                    continue;
                }
                let answer = self.ask(&request, port);
                queue.extend(self.follow(&answer, port));
                emit(Event::from(&answer));
            }
        }
    }

    /// Requests for what a start page links to.
    fn follow(&mut self, answer: &Answer, port: u16) -> Vec<Request> {
        let is_page = answer.status.is_some_and(|status| (200..300).contains(&status))
            && answer.content_type.starts_with("text/html")
            && answer.request.path == "/";
        if !is_page {
            return Vec::new();
        }
        let found = links(&String::from_utf8_lossy(&answer.body), self.plan.max_links);
        let new = found.into_iter().filter(|path| self.linked.insert((port, path.clone())));
        new.map(|path| Request { port: Some(port), method: "GET".into(), path, source: "linked from /".into() })
            .collect()
    }

    fn ask(&mut self, request: &Request, port: u16) -> Answer {
        let response = self.patiently(request, port);
        if response.status.is_some() {
            self.speaks_http.insert(port);
        } else if response.error != Some(Failure::Refused) && !self.speaks_http.contains(&port) {
            self.foreign.insert(port);
        }
        self.kept = self.kept.saturating_add(response.body.len());
        Answer {
            request: ProbeRequest::from(Request { port: Some(port), ..request.clone() }),
            status: response.status,
            content_type: response.content_type,
            body: response.body,
            truncated: response.truncated,
            location: response.location,
            error: response.error.map(|failure| failure.to_string()),
        }
    }

    /// Again where the app may just not be there yet.
    fn patiently(&mut self, request: &Request, port: u16) -> Response {
        let start = Instant::now();
        loop {
            let response = self.once(request, port);
            if self.plan.expect_nothing || !self.is_worth_waiting(&response, start) {
                return response;
            }
            std::thread::sleep(POLL * 4);
        }
    }

    fn is_worth_waiting(&mut self, response: &Response, start: Instant) -> bool {
        if Instant::now() >= self.deadline {
            return false;
        }
        if response.error == Some(Failure::Refused) {
            return start.elapsed() < REFUSED_PATIENCE;
        }
        let busy = matches!(response.status, Some(502..=504));
        busy && Instant::now() < *self.busy_until.get_or_insert_with(|| Instant::now() + BUSY_PATIENCE)
    }

    /// One try at each address that the port may be reached by.
    fn once(&self, request: &Request, port: u16) -> Response {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let limit = Duration::from_millis(self.plan.request_ms).min(left);
        let max_body = if self.kept < self.plan.max_bodies { self.plan.max_body } else { EXCERPT };
        let get = Get { method: &request.method, path: &request.path, limit, max_body };
        let mut response = Response { error: Some(Failure::Refused), ..Response::default() };
        for address in self.listening.targets(port) {
            let next = http::get(SocketAddr::new(address, port), get);
            let reached = !matches!(next.error, Some(Failure::Refused | Failure::Unreachable));
            if reached {
                return next;
            }
            if next.error == Some(Failure::Refused) {
                response = next;
            }
        }
        response
    }
}

#[cfg(test)]
mod tests;
