//! Against a server of three lines that sends whatever it is told to.

use std::net::TcpListener;

use proptest::prelude::*;

use super::*;

/// Sends `answer` to one client after its request came in; keeps the connection open afterwards if `hold`.
fn serve(answer: Vec<u8>, hold: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else { return };
        let mut request = [0; 4096];
        let _ = stream.read(&mut request);
        let _ = stream.write_all(&answer);
        if hold {
            let _ = stream.read(&mut request);
        }
    });
    address
}

fn ask(address: SocketAddr, max_body: usize) -> Response {
    get(address, Get { method: "GET", path: "/x", limit: Duration::from_millis(400), max_body })
}

fn answer_to(bytes: &[u8]) -> Response {
    ask(serve(bytes.to_vec(), false), 1000)
}

#[test]
fn reads_status_type_location_and_counted_body() {
    let response = answer_to(b"HTTP/1.1 302 Found\r\ncontent-TYPE: text/html; charset=utf-8\r\nLocation: /y\r\nContent-Length: 2\r\n\r\nokEXTRA");
    assert_eq!((response.status, response.body.as_slice()), (Some(302), b"ok".as_slice()));
    assert_eq!(
        (response.content_type.as_str(), response.location.as_deref()),
        ("text/html; charset=utf-8", Some("/y"))
    );
    assert_eq!(response.error, None);
}

#[test]
fn joins_chunks_and_ignores_their_extensions() {
    let response = answer_to(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
    );
    assert_eq!((response.body.as_slice(), response.error), (b"abcde".as_slice(), None));
}

#[test]
fn a_body_without_length_ends_with_the_connection() {
    let response = answer_to(b"HTTP/1.0 200 OK\n\nall of it");
    assert_eq!((response.body.as_slice(), response.error), (b"all of it".as_slice(), None));
}

#[test]
fn interim_answers_are_passed_over() {
    let response = answer_to(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!((response.status, response.error), (Some(204), None));
}

#[test]
fn a_length_that_promises_too_much_is_told() {
    let response = answer_to(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nab");
    assert_eq!(response.error, Some(Failure::BrokenHead));
    let response = answer_to(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nab");
    assert_eq!((response.status, response.error), (Some(200), Some(Failure::Short)));
    assert_eq!(response.body, b"ab");
}

#[test]
fn broken_chunks_are_told() {
    for body in ["zz\r\n", "3\r\nabcXX\r\n", "ffffffffffffffffffff\r\n"] {
        let response = answer_to(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}").as_bytes());
        assert_eq!(response.error, Some(Failure::BrokenChunks), "{body}");
    }
}

#[test]
fn a_huge_body_is_cut_and_says_so() {
    for head in ["Content-Length: 5000\r\n", "", "Transfer-Encoding: chunked\r\n"] {
        let start = if head.starts_with('T') { "1388\r\n" } else { "" };
        let bytes = format!("HTTP/1.1 200 OK\r\n{head}\r\n{start}{}", "x".repeat(5000));
        let response = answer_to(bytes.as_bytes());
        assert_eq!((response.body.len(), response.truncated, response.error), (1000, true, None), "{head}");
    }
}

#[test]
fn an_endless_body_ends_with_the_time() {
    let response =
        ask(serve(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n".to_vec(), true), 1000);
    assert_eq!((response.status, response.error), (Some(200), Some(Failure::Endless)));
    assert_eq!(response.body, b"data: 1\n\n");
}

#[test]
fn a_silent_server_and_a_shut_port_are_told_apart() {
    assert_eq!(ask(serve(Vec::new(), true), 10).error, Some(Failure::NoAnswer));
    assert_eq!(ask(serve(Vec::new(), false), 10).error, Some(Failure::Closed));
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(ask(address, 10).error, Some(Failure::Refused));
}

#[test]
fn other_protocols_are_recognised() {
    let response = answer_to(b"SSH-2.0-x\r\n");
    assert_eq!((response.error, response.body.as_slice()), (Some(Failure::NotHttp), b"SSH-2.0-x\r\n".as_slice()));
    assert_eq!(answer_to(b"\x15\x03\x01\x00\x02\x02\x16").error, Some(Failure::Tls));
    assert_eq!(answer_to(b"\x00\x00\x12\x04\x00").error, Some(Failure::NotHttp));
    assert_eq!(answer_to(b"HTTP/1.1 hello\r\n\r\n").error, Some(Failure::BrokenHead));
}

#[test]
fn a_head_without_end_is_given_up() {
    let mut bytes = b"HTTP/1.1 200 OK\r\n".to_vec();
    bytes.extend(b"X: y\r\n".repeat(20_000));
    let address = serve(bytes, true);
    let response = get(address, Get { method: "GET", path: "/", limit: Duration::from_secs(5), max_body: 10 });
    assert_eq!(response.error, Some(Failure::BrokenHead));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_answer_makes_it_panic_or_exceed_the_limit(
        head in prop::option::of("HTTP/1\\.1 [0-9]{1,4} [a-z]{0,3}\r\n((Content-Length|Transfer-Encoding): ([0-9]{1,20}|chunked)\r\n){0,2}\r\n"),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = head.unwrap_or_default().into_bytes();
        bytes.extend(rest);
        let response = ask(serve(bytes, false), 50);
        prop_assert!(response.body.len() <= 64);
    }
}
