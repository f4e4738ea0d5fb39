//! The asker against a small site in a thread; the waiting needs a network namespace and is tested with an engine.

use std::io::Read;
use std::net::TcpListener;

use super::*;

/// Answers `/` with a page that links on, `/late` with 503 once, everything else by its path.
fn site() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut late = 0;
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 2048];
            let count = stream.read(&mut request).unwrap_or(0);
            let text = String::from_utf8_lossy(request.get(..count).unwrap_or_default()).into_owned();
            let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
            late += usize::from(path == "/late");
            let (status, kind, body) = match path.as_str() {
                "/" => (200, "text/html; charset=utf-8", "<a href='/a.css'>a</a><a href='/known'>k</a>".to_owned()),
                "/late" if late == 1 => (503, "text/plain", "not yet".to_owned()),
                _ => (200, "text/plain", path),
            };
            let _ = write!(
                stream,
                "HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
        }
    });
    port
}

fn plan(paths: &[&str]) -> Plan {
    let request =
        |path: &&str| Request { port: None, method: "GET".into(), path: (*path).to_owned(), source: String::new() };
    Plan {
        ready_ms: 10,
        settle_ms: 1,
        request_ms: 2000,
        total_ms: 20_000,
        max_body: 1000,
        max_bodies: 100_000,
        max_links: 5,
        expect_nothing: false,
        requests: paths.iter().map(request).collect(),
    }
}

fn answers(plan: &Plan, ports: &[u16]) -> Vec<(String, Option<u16>, Option<String>)> {
    let mut found = Vec::new();
    Asker::new(plan, Listening::default()).ask_all(ports, &mut |event| {
        if let Event::Answer { request, status, error, .. } = event {
            found.push((request.path, status, error));
        }
    });
    found
}

#[test]
fn follows_the_start_page_without_asking_twice() {
    let found = answers(&plan(&["/", "/known"]), &[site()]);
    let paths: Vec<&str> = found.iter().map(|(path, ..)| path.as_str()).collect();
    // `/known` is in the plan for every port, but the asker learns the ports from the namespace; here it has none.
    assert_eq!(paths.iter().filter(|path| **path == "/a.css").count(), 1, "{found:?}");
    assert!(found.iter().all(|(_, status, _)| *status == Some(200)), "{found:?}");
}

#[test]
fn waits_for_an_app_that_says_it_is_busy() {
    assert_eq!(answers(&plan(&["/late"]), &[site()]), [("/late".to_owned(), Some(200), None)]);
}

#[test]
fn a_port_that_speaks_something_else_is_asked_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
        }
    });
    let found = answers(&plan(&["/", "/a", "/b"]), &[port]);
    assert_eq!(found, [("/".to_owned(), None, Some("not HTTP".to_owned()))]);
}

#[test]
fn the_control_finds_nothing_where_nothing_is() {
    let mut plan = plan(&["/"]);
    plan.expect_nothing = true;
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    plan.requests.iter_mut().for_each(|request| request.port = Some(free));
    assert_eq!(answers(&plan, &[]), [("/".to_owned(), None, Some("connection refused".to_owned()))]);
}

#[test]
fn a_broken_plan_is_an_exit_code_not_a_panic() {
    assert_eq!(probe_main(&[]), 2);
    assert_eq!(probe_main(&["{\"x\": 1}".to_owned()]), 2);
}
