//! Images of a registry that is a thread of the test: found, chosen, refused, with what the user is told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::Value;

use crate::program::{Place, Ran, run};
use crate::{assert_text, schema, shop};

/// What a request wants that only logged-in users get; `me:tide`.
const LOGIN: &str = "authorization: basic bwu6dglkzq==";

/// Serves [`shop`] as `shop/api:1.4`, and as `closed/api:1.4` to who is logged in; its address.
fn registry() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let files = shop().docker_files();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, &files);
        }
    });
    address
}

fn answer(stream: TcpStream, files: &[(String, Vec<u8>)]) {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    while !request.ends_with("\r\n\r\n") {
        if !reader.read_line(&mut request).is_ok_and(|count| count > 0) {
            return;
        }
    }
    let (status, headers, body) = reply(&request, files);
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
    let _ = reader.get_mut().write_all(&[head.into_bytes(), body].concat());
}

fn reply(request: &str, files: &[(String, Vec<u8>)]) -> (u16, &'static str, Vec<u8>) {
    let path = request.split(' ').nth(1).unwrap_or_default();
    if path.contains("/closed/") && !request.to_lowercase().contains(LOGIN) {
        return (401, "WWW-Authenticate: Basic realm=\"r\"\r\n", Vec::new());
    }
    if path.contains("/tags/list") {
        return (200, "Content-Type: application/json\r\n", br#"{"tags":["1.3","1.4","edge"]}"#.to_vec());
    }
    let file = |name: &str| files.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes.clone());
    if path.ends_with("/manifests/1.4") {
        return (
            200,
            "Content-Type: application/vnd.oci.image.index.v1+json\r\n",
            file("index.json").expect("an index"),
        );
    }
    match path.rsplit_once("sha256:").and_then(|(_, hex)| file(&format!("blobs/sha256/{hex}"))) {
        Some(blob) => (200, "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n", blob),
        None if path == "/v2/" => (200, "", b"{}".to_vec()),
        None => (404, "", br#"{"errors":[{"message":"manifest unknown"}]}"#.to_vec()),
    }
}

/// What a command says, with the registry's changing address as `HOST`.
fn said(ran: Ran, address: &str) -> Ran {
    let known = |text: String| text.replace(address, "HOST");
    Ran { stdout: known(ran.stdout), stderr: known(ran.stderr), ..ran }
}

fn analyzed(place: &Place, image: &str) -> Value {
    let ran = run(&mut place.jettison(&format!("analyze {image} --format json --quiet")));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    schema::checked(&ran.stdout, "analyze.schema.json")
}

#[test]
fn a_registry_gives_the_same_answer_as_the_archive() {
    let (place, address) = (crate::place(), registry());
    let (mut there, mut here) =
        (analyzed(&place, &format!("registry:{address}/shop/api:1.4")), analyzed(&place, "shop.tar"));
    assert_eq!(there["image"]["source"], "registry");
    for document in [&mut there, &mut here] {
        document["image"]["reference"].take();
        document["image"]["source"].take();
    }
    assert_eq!(there, here);
}

#[test]
fn a_plain_name_is_looked_for_in_its_registry_where_there_is_no_engine() {
    let address = registry();
    let ran = run(&mut Place::new().jettison(&format!("history {address}/shop/api:1.4")));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("{address}/shop/api:1.4 from registry")), "{}", ran.stderr);
}

#[test]
fn a_mirror_is_asked_first_and_named() {
    let (address, place) = (registry(), Place::new());
    let ran = run(&mut place.jettison(&format!("inspect registry:shop/api:1.4 --registry-mirror {address}")));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("shop/api:1.4 from its mirror {address}")), "{}", ran.stderr);
    let table = format!("[[registry]]\nlocation = \"docker.io\"\n[[registry.mirror]]\nlocation = \"{address}\"\n");
    let place = place.with(".config/containers/registries.conf", table);
    assert_eq!(run(&mut place.jettison("inspect registry:shop/api:1.4")).code, Some(0));
}

#[test]
fn tags_that_are_called_nearly_so_are_offered() {
    let address = registry();
    let ran = run(&mut Place::new().jettison(&format!("why registry:{address}/shop/api:1.5 /etc --quiet")));
    assert_text!(said(ran, &address));
    let ran = run(&mut Place::new().jettison(&format!("inspect {address}/shop/api:nothing-like-it --quiet")));
    assert_text!(said(ran, &address));
}

#[test]
fn who_is_not_logged_in_is_told_how() {
    let (address, place) = (registry(), Place::new());
    let refused = run(&mut place.jettison(&format!("inspect registry:{address}/closed/api:1.4 --quiet")));
    assert_text!(said(refused, &address));
    let login = format!(r#"{{"auths":{{"{address}":{{"auth":"bWU6dGlkZQ=="}}}}}}"#);
    for file in [".docker/config.json", ".config/containers/auth.json"] {
        let place = Place::new().with(file, &login);
        let ran = run(&mut place.jettison(&format!("inspect registry:{address}/closed/api:1.4")));
        assert_eq!(ran.code, Some(0), "{file}: {}", ran.stderr);
    }
    let inline =
        place.jettison(&format!("inspect registry:{address}/closed/api:1.4")).env("DOCKER_AUTH_CONFIG", login).output();
    assert!(inline.expect("the program").status.success());
}

#[test]
fn a_broken_configuration_is_named_and_does_not_stop_what_needs_no_login() {
    let address = registry();
    let place = Place::new().with(".docker/config.json", "{\"auths\": hush");
    let ran = run(&mut place.jettison(&format!("inspect registry:{address}/shop/api:1.4")));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains(".docker/config.json: no JSON, line 1; its logins are not used"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("hush"), "{}", ran.stderr);
}

#[test]
fn a_platform_that_is_not_there_is_said() {
    let address = registry();
    let ran =
        run(&mut Place::new()
            .jettison(&format!("inspect registry:{address}/shop/api:1.4 --platform linux/s390x --quiet")));
    assert_text!(said(ran, &address));
}
