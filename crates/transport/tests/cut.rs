//! Blobs that do not come at once: cut, stalled, redirected, asked for once more, too long, too short, and not what they
//! should be.

mod layout;
mod server;

#[path = "server/shelf.rs"]
mod shelf;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use jettison_image::Image;
use jettison_testkit::{gzip, sha256};
use jettison_transport::{Credentials, Login, Mirrors, OpenError, OpenOptions, RegistryError, Timing};
use layout::{Layout, PLAIN, class, layer, sizes};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use server::{Reply, Server, client, from, impatient};
use shelf::{Shelf, authorization, is_blob, is_for, noise, pull};

/// An image of one layer, and the layer's blob.
fn one(length: usize) -> (Shelf, Vec<u8>) {
    let mut layout = Layout::default();
    let layer = layer(&noise(length));
    let root = layout.image("amd64", std::slice::from_ref(&layer));
    (Shelf::new(layout, root), gzip(&layer.tar()))
}

fn size_of(outcome: Result<Image, OpenError>) -> u64 {
    sizes(&outcome.unwrap())[0]
}

fn registry_error(outcome: Result<Image, OpenError>) -> RegistryError {
    match outcome {
        Err(OpenError::Registry(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cut_blob_goes_on_where_it_was_cut() {
    const LENGTH: usize = 100_000;
    let (_, blob) = one(LENGTH);
    for at in [0, 1, 10, 511, 512, 513, 4096, 50_000, blob.len() - 9, blob.len() - 1] {
        let (shelf, blob) = one(LENGTH);
        let (digest, first) = (sha256(&blob), AtomicBool::new(true));
        let server = shelf.serve_as(move |request, reply| {
            if is_for(request, &blob) && first.swap(false, Ordering::SeqCst) { reply.cut(at) } else { reply }
        });
        assert_eq!(size_of(pull(&server)), LENGTH as u64, "cut at {at}");
        let asked: Vec<Option<usize>> =
            server.seen().iter().filter(|request| request.contains(&digest)).map(|request| from(request)).collect();
        assert_eq!(asked, [None, Some(at).filter(|at| *at > 0)], "cut at {at}");
    }
}

#[test]
fn cuts_with_progress_between_them_do_not_count_as_failures() {
    let (shelf, blob) = one(400_000);
    let cuts = blob.len() / 20_000;
    let expected = sha256(&blob);
    let server = shelf.serve_as(move |request, reply| if is_for(request, &blob) { reply.cut(20_000) } else { reply });
    assert_eq!(size_of(pull(&server)), 400_000);
    let asked = server.seen().iter().filter(|request| request.contains(&expected)).count();
    assert!(asked >= cuts, "{asked} requests");
}

/// What becomes of one request for a blob.
#[derive(Clone, Copy, Debug)]
enum Luck {
    /// The part that was asked for breaks off after so many bytes.
    Cut(usize),
    /// Likewise the whole, whatever was asked for.
    Again(usize),
    /// HTTP 503.
    Busy,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_on_the_way_the_image_is_right_or_there_is_none(
        lucks in vec(
            prop_oneof![(0..90_000_usize).prop_map(Luck::Cut), (0..90_000_usize).prop_map(Luck::Again), Just(Luck::Busy)],
            0..7,
        ),
    ) {
        let (shelf, blob) = one(100_000);
        let next = AtomicUsize::new(0);
        let shown = lucks.clone();
        let server = shelf.serve_as(move |request, reply| {
            if !is_for(request, &blob) {
                return reply;
            }
            match lucks.get(next.fetch_add(1, Ordering::SeqCst)) {
                Some(Luck::Cut(at)) => reply.cut(*at),
                Some(Luck::Again(at)) => Reply::ok("", blob.clone()).cut(*at),
                Some(Luck::Busy) => Reply::empty(503),
                None => reply,
            }
        });
        match pull(&server) {
            Ok(image) => prop_assert_eq!(sizes(&image), [100_000]),
            Err(OpenError::Registry(RegistryError::Unreachable { .. })) => prop_assert!(shown.len() >= 3, "{:?}", shown),
            Err(error) => prop_assert!(false, "{} after {:?}", error, shown),
        }
    }
}

#[test]
fn a_registry_that_ignores_ranges_is_read_over_again() {
    let (shelf, blob) = one(100_000);
    let server = shelf.serve_as(move |request, reply| {
        if !is_for(request, &blob) {
            return reply;
        }
        let whole = Reply::ok("", blob.clone());
        if from(request).is_none() { whole.cut(40_000) } else { whole }
    });
    assert_eq!(size_of(pull(&server)), 100_000);
}

#[test]
fn another_part_than_was_asked_for_is_refused() {
    let (shelf, blob) = one(100_000);
    let server = shelf.serve_as(move |request, reply| match from(request) {
        Some(_) => {
            Reply::new(206, &format!("Content-Range: bytes 7-{}/{}\r\n", blob.len() - 1, blob.len()), &blob[7..])
        }
        None if is_for(request, &blob) => reply.cut(30_000),
        None => reply,
    });
    assert!(matches!(registry_error(pull(&server)), RegistryError::BadAnswer { .. }));
}

#[test]
fn other_bytes_after_a_cut_do_not_go_unnoticed() {
    let (shelf, blob) = one(100_000);
    let server = shelf.serve_as(move |request, mut reply| {
        if from(request).is_some() {
            reply.body.fill(b'x');
        }
        if is_for(request, &blob) && from(request).is_none() { reply.cut(30_000) } else { reply }
    });
    assert_eq!(class(pull(&server)), "digest_mismatch");
}

#[test]
fn a_blob_that_always_breaks_off_is_an_error_with_its_digest() {
    let (shelf, blob) = one(100_000);
    let digest = sha256(&blob);
    let server = shelf.serve_as(move |request, reply| if is_for(request, &blob) { reply.cut(0) } else { reply });
    let error = registry_error(pull(&server)).to_string();
    assert!(error.starts_with(&server.address) && error.contains("after 0 of") && error.contains(&digest), "{error}");
}

#[test]
fn a_blob_that_stands_still_is_asked_for_again() {
    let (shelf, blob) = one(100_000);
    let server = shelf.serve_as(move |request, reply| {
        if is_for(request, &blob) && from(request).is_none() {
            return Reply { stall: Duration::from_secs(60), ..reply.cut(30_000) };
        }
        reply
    });
    let timing = Timing { stall: Duration::from_millis(200), tries: 20, ..impatient() };
    let pulled = client().with_timing(timing).open(&server.reference(), &OpenOptions::default());
    assert_eq!(size_of(pulled.map(|pulled| pulled.image)), 100_000);
}

#[test]
fn what_may_pass_is_waited_for() {
    let (shelf, _) = one(1000);
    let count = AtomicUsize::new(0);
    let server =
        shelf.serve_as(move |request, reply| match count.fetch_add(usize::from(is_blob(request)), Ordering::SeqCst) {
            0 if is_blob(request) => Reply::new(429, "Retry-After: 0\r\n", ""),
            1 if is_blob(request) => Reply::empty(503),
            _ => reply,
        });
    assert_eq!(size_of(pull(&server)), 1000);
}

#[test]
fn who_is_told_to_wait_for_an_hour_is_told_so() {
    let (shelf, _) = one(1000);
    let body = r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit"}]}"#;
    let server = shelf.serve_as(
        move |request, reply| {
            if is_blob(request) { Reply::new(429, "Retry-After: 3600\r\n", body) } else { reply }
        },
    );
    let error = registry_error(pull(&server));
    assert!(matches!(error, RegistryError::Busy { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("pull rate limit") && text.contains("3600 s") && text.contains("no login"), "{text}");
}

#[test]
fn a_token_that_runs_out_in_the_middle_is_renewed() {
    let (shelf, blob) = one(100_000);
    let tokens = AtomicUsize::new(0);
    let server = shelf.serve_as(move |request, reply| {
        if request.contains(" /token") {
            let token = tokens.fetch_add(1, Ordering::SeqCst) + 1;
            return Reply::ok("", format!(r#"{{"token":"T{token}"}}"#));
        }
        let wanted = if from(request).is_some() { "Bearer T2" } else { "Bearer T1" };
        if authorization(request).as_deref() == Some(wanted) || request.contains(" /v2/ ") {
            return if is_for(request, &blob) && from(request).is_none() { reply.cut(30_000) } else { reply };
        }
        let host = server::header(request, "host").unwrap();
        Reply::new(401, &format!("WWW-Authenticate: Bearer realm=\"http://{host}/token\",service=\"s\"\r\n"), "")
    });
    assert_eq!(size_of(pull(&server)), 100_000);
}

#[test]
fn a_redirect_to_another_host_carries_no_login() {
    let (shelf, blob) = one(100_000);
    let (bytes, cuts) = (blob.clone(), Mutex::new(1));
    let store = Server::start(move |request, _| {
        let mut cuts = cuts.lock().unwrap();
        let reply = match from(request) {
            Some(from) => {
                let range = format!("Content-Range: bytes {from}-{}/{}\r\n", bytes.len() - 1, bytes.len());
                Reply::new(206, &range, &bytes[from..])
            }
            None => Reply::ok("", bytes.clone()),
        };
        *cuts -= 1;
        if *cuts >= 0 { reply.cut(30_000) } else { reply }
    });
    let elsewhere = format!("Location: http://{}/store?signature=1\r\n", store.address);
    let server = shelf.serve_as(move |request, reply| {
        if !request.contains(" /v2/ ") && authorization(request).is_none() {
            return Reply::new(401, "WWW-Authenticate: Basic realm=\"r\"\r\n", "");
        }
        if is_for(request, &blob) { Reply::new(307, &elsewhere, "") } else { reply }
    });
    let login = Login::Password { user: "me".to_owned(), password: "secret".to_owned() };
    let registry = client().with_credentials(Credentials::default().with(&server.address, login));
    let pulled = registry.open(&server.reference(), &OpenOptions::default()).map(|pulled| pulled.image);
    assert_eq!(size_of(pulled), 100_000);
    let asked = store.seen();
    assert_eq!(asked.iter().map(|request| from(request)).collect::<Vec<_>>(), [None, Some(30_000)]);
    assert!(asked.iter().all(|request| authorization(request).is_none()), "{asked:?}");
}

#[test]
fn lengths_that_are_not_those_of_the_manifest_are_named() {
    for (extra, endless) in [(1, false), (-1, false), (1, true), (-1, true)] {
        let (shelf, blob) = one(20_000);
        let server = shelf.serve_as(move |request, mut reply| {
            if is_for(request, &blob) {
                let length = blob.len().checked_add_signed(extra).unwrap();
                reply.body = blob.iter().copied().chain([0]).take(length).collect();
                reply.status = 200;
                reply.headers.clear();
                reply.endless = endless;
            }
            reply
        });
        let outcome = pull(&server);
        // what ends with the connection and is too short cannot be told from what was cut
        match (extra, endless) {
            (-1, true) => assert!(matches!(registry_error(outcome), RegistryError::Unreachable { .. })),
            _ => assert_eq!(class(outcome), "size_mismatch", "{extra} {endless}"),
        }
    }
}

#[test]
fn content_that_is_not_what_it_is_called_is_named() {
    let (mut shelf, blob) = one(20_000);
    let other: Vec<u8> = blob.iter().rev().copied().collect();
    shelf.layout.files.insert(layout::name(&sha256(&blob)), other);
    assert_eq!(class(pull(&shelf.serve())), "digest_mismatch");
    let mut layout = Layout::default();
    let blob = layout.blob(PLAIN, layer("1").tar());
    let root = layout.manifest("amd64", &[sha256(b"another")], &[blob]);
    assert_eq!(class(pull(&Shelf::new(layout, root).serve())), "diff_id_mismatch");
}

#[test]
fn sizes_that_nobody_could_send_are_refused_before_anything_is_read() {
    let mut layout = Layout::default();
    let mut blob = layout.blob(PLAIN, layer("1").tar());
    blob["size"] = json!(u64::MAX);
    let root = layout.manifest("amd64", &[sha256(&layer("1").tar())], &[blob]);
    assert_eq!(class(pull(&Shelf::new(layout, root).serve())), "size_mismatch");
}

#[test]
fn indexes_within_indexes_have_an_end() {
    let mut layout = Layout::default();
    let mut inner = layout.image("amd64", &[layer("1")]);
    for _ in 0..8 {
        let index = json!({"schemaVersion": 2, "mediaType": layout::INDEX, "manifests": [inner]});
        inner = layout.document(layout::INDEX, &index);
    }
    assert_eq!(class(pull(&Shelf::new(layout, inner).serve())), "invalid_manifest");
    let mut layout = Layout::default();
    let many: Vec<_> = (0..100).map(|at| layout.image("amd64", &[layer(&"x".repeat(at))])).collect();
    let index = json!({"schemaVersion": 2, "mediaType": layout::INDEX, "manifests": many});
    let root = layout.document(layout::INDEX, &index);
    assert_eq!(class(pull(&Shelf::new(layout, root).serve())), "invalid_manifest");
}

#[test]
fn a_mirror_that_stops_midway_is_passed_over() {
    let moods: [fn(Reply) -> Reply; 3] = [|reply| reply.cut(10_000), |_| Reply::empty(503), |_| Reply::empty(404)];
    for spoil in moods {
        let (shelf, _) = one(100_000);
        let origin = shelf.serve();
        let (shelf, blob) = one(100_000);
        let asked = AtomicUsize::new(0);
        let mirror = shelf.serve_as(move |request, reply| match is_for(request, &blob) {
            true if asked.fetch_add(1, Ordering::SeqCst) > 0 => Reply::empty(503),
            true => spoil(reply),
            false => reply,
        });
        let mut mirrors = Mirrors::new();
        mirrors.add(&origin.address, &mirror.address);
        let registry = client().with_timing(impatient()).with_mirrors(mirrors);
        let pulled = registry.open(&origin.reference(), &OpenOptions::default()).unwrap();
        assert_eq!((pulled.from, pulled.passed.len()), (origin.reference(), 1));
        assert_eq!(sizes(&pulled.image), [100_000]);
    }
}

#[test]
fn a_mirror_that_gives_something_else_is_an_error() {
    let (shelf, _) = one(1000);
    let origin = shelf.serve();
    let (shelf, blob) = one(1000);
    let mirror = shelf.serve_as(
        move |request, reply| {
            if is_for(request, &blob) { Reply::ok("", vec![0; blob.len()]) } else { reply }
        },
    );
    let mut mirrors = Mirrors::new();
    mirrors.add(&origin.address, &mirror.address);
    let outcome = client().with_mirrors(mirrors).open(&origin.reference(), &OpenOptions::default());
    assert!(matches!(outcome, Err(OpenError::Image(_))), "{outcome:?}");
    assert!(!origin.seen().iter().any(|request| is_blob(request)));
}
