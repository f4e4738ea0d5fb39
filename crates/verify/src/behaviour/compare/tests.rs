//! What counts as the same, what as a difference, and which level follows.

use proptest::prelude::*;

use super::*;
use crate::behaviour::{ProbeRequest, mask};

fn answer(path: &str, status: u16, content_type: &str, body: &str) -> Answer {
    let request = ProbeRequest { port: Some(80), method: "GET".into(), path: path.into(), source: "a test".into() };
    Answer { request, status: Some(status), content_type: content_type.into(), body: body.into(), ..Answer::default() }
}

fn web(answers: Vec<Answer>) -> Behaviour {
    let missing = answer(MISSING_PATH, 404, "text/plain", "not found");
    let answers = answers.into_iter().chain([missing]).collect();
    Behaviour { started: true, stayed_up: true, probed: true, ports: vec![80], answers, ..Behaviour::default() }
}

fn page(body: &str) -> Behaviour {
    web(vec![answer("/", 200, "text/html", body)])
}

fn json(body: &str) -> Behaviour {
    web(vec![answer("/", 200, "application/json", body)])
}

fn ended(code: i32, logs: &str) -> Behaviour {
    Behaviour { started: true, exit_code: Some(code), logs: logs.into(), ..Behaviour::default() }
}

/// The level against `twice`, two runs of the original, and what failed.
fn judge(twice: [&Behaviour; 2], candidate: &Behaviour) -> (u8, Vec<String>) {
    let (level, checks) = compare(twice[0], candidate, &mask(twice[0], twice[1]));
    let failed = checks.into_iter().filter(|check| !check.passed);
    (level, failed.map(|check| format!("{}: {}", check.name, check.detail)).collect())
}

fn failure(original: &Behaviour, candidate: &Behaviour) -> String {
    judge([original, original], candidate).1.join(" | ")
}

#[test]
fn equal_answers_with_a_page_of_its_own_are_level_4() {
    assert_eq!(judge([&page("hello"), &page("hello")], &page("hello")), (4, vec![]));
}

#[test]
fn equal_failures_are_no_evidence() {
    let broken = web(vec![answer("/", 500, "text/plain", "oops")]);
    assert_eq!(judge([&broken, &broken], &broken), (3, vec![]));
    let same_as_missing = page("not found");
    assert_eq!(judge([&same_as_missing, &same_as_missing], &same_as_missing).0, 3);
}

#[test]
fn a_body_that_is_never_the_same_is_no_evidence() {
    assert_eq!(judge([&page("a\nb"), &page("c")], &page("d")), (3, vec![]));
}

#[test]
fn each_part_of_an_answer_counts() {
    let original = page("hello");
    assert_eq!(failure(&original, &web(vec![answer("/", 500, "text/html", "hello")])), "GET /: 500 instead of 200");
    assert!(failure(&original, &web(vec![answer("/", 200, "text/plain", "hello")])).contains("`text/plain`"));
    assert_eq!(failure(&original, &page("hullo")), "GET /: body differs in line 1: `hullo` instead of `hello`");
    assert!(failure(&original, &web(vec![])).contains("not asked"));
    let (mut here, mut there) = (answer("/", 302, "", ""), answer("/", 302, "", ""));
    (here.location, there.location) = (Some("/a".into()), Some("/b".into()));
    assert_eq!(failure(&web(vec![here]), &web(vec![there])), "GET /: redirects to `/b` instead of `/a`");
}

#[test]
fn the_spelling_of_a_content_type_does_not_count() {
    let one = web(vec![answer("/", 200, "text/html; charset=UTF-8; q=1", "x")]);
    let other = web(vec![answer("/", 200, "Text/HTML;q=1;charset=\"utf-8\"", "x")]);
    assert_eq!(failure(&one, &other), "");
}

#[test]
fn json_differs_by_value_and_not_by_white_space() {
    assert_eq!(failure(&json(r#"{"a":[1,2]}"#), &json("{ \"a\": [1, 2]\n}")), "");
    assert_eq!(
        failure(&json(r#"{"a":[1,2]}"#), &json(r#"{"a":[1,3]}"#)),
        "GET /: body differs at /a/1: 3 instead of 2"
    );
}

#[test]
fn only_the_places_that_differ_by_themselves_are_masked() {
    let (one, two) = (json(r#"{"id":1,"v":"x"}"#), json(r#"{"id":2,"v":"x"}"#));
    assert_eq!(judge([&one, &two], &json(r#"{"id":"other","v":"x"}"#)), (4, vec![]));
    assert_eq!(judge([&one, &two], &json(r#"{"id":3,"v":"y"}"#)).0, 3);
    let (one, two) = (page("<p>now 10:00:01\nsame"), page("<p>now 10:00:02\nsame"));
    assert_eq!(judge([&one, &two], &page("<p>now 23:59:59\nsame")), (4, vec![]));
    assert_eq!(judge([&one, &two], &page("<p>now 23:59:59\nother")).0, 3);
}

#[test]
fn a_mask_grows_with_a_third_run() {
    let (one, two) = (json(r#"{"up":1}"#), json(r#"{"up":2}"#));
    let mut both = mask(&one, &one);
    assert!(!compare(&one, &two, &both).1.iter().all(|check| check.passed));
    both.merge(mask(&one, &two));
    assert!(compare(&one, &two, &both).1.iter().all(|check| check.passed));
}

#[test]
fn the_containers_own_name_is_not_a_difference() {
    let named = |id: &str| Behaviour { identity: vec![id.to_owned()], ..page(&format!("served by {id}.")) };
    assert_eq!(failure(&named("3f1c5b7a9d00"), &named("aa1c5b7a9d11")), "");
    let mut lying = named("3f1c5b7a9d00");
    lying.identity.clear();
    assert!(!failure(&named("aa1c5b7a9d11"), &lying).is_empty());
}

#[test]
fn a_candidate_that_falls_over_says_why() {
    let fallen = Behaviour { logs: "x\nlibpq.so.5: cannot open shared object file\n".into(), ..ended(127, "") };
    let failed = judge([&page("x"), &page("x")], &fallen);
    let reason = "starts: ends with exit code 127 (libpq.so.5: cannot open shared object file) instead of stays up";
    assert_eq!(failed, (1, vec![reason.to_owned()]));
}

#[test]
fn a_health_check_that_worked_must_go_on_working() {
    let with = |exit_code, output: &str| {
        let output = output.to_owned();
        Behaviour { health: Some(crate::behaviour::Health { exit_code, output }), ..page("x") }
    };
    assert_eq!(failure(&with(Some(0), ""), &with(Some(0), "other words")), "");
    let failed = failure(&with(Some(0), ""), &with(Some(127), "/bin/sh: curl: not found\n"));
    assert_eq!(failed, "healthcheck: exit code 127 (/bin/sh: curl: not found) instead of exit code 0");
    assert_eq!(failure(&with(Some(1), ""), &with(Some(0), "")), "");
}

#[test]
fn guesses_that_any_path_would_answer_alike_are_shown_only_when_they_fail() {
    let with = |status| web(vec![answer("/", 200, "", "x"), answer("/guess", status, "text/plain", "not found")]);
    let (_, checks) = compare(&with(404), &with(404), &Mask::default());
    assert!(checks.iter().all(|check| check.name != "GET /guess"), "{checks:?}");
    assert_eq!(failure(&with(404), &with(500)), "GET /guess: 500 instead of 404");
    assert_eq!(telling_answers(&with(404)), 1);
}

#[test]
fn a_page_that_only_repeats_the_path_is_the_not_found_page() {
    let mut echo = page("unused");
    for answer in &mut echo.answers {
        answer.status = Some(200);
        answer.body = format!("you asked for {}", answer.request.path).into();
    }
    assert_eq!(judge([&echo, &echo], &echo).0, 3);
}

#[test]
fn other_ports_stop_at_level_2() {
    let mut moved = page("x");
    moved.ports = vec![80, 8080];
    assert_eq!(
        judge([&page("x"), &page("x")], &moved),
        (2, vec!["ports: listens on :80, :8080 instead of :80".to_owned()])
    );
}

#[test]
fn a_port_that_is_random_in_the_original_is_not_compared() {
    let with = |port| Behaviour { ports: vec![80, port], ..page("x") };
    assert_eq!(judge([&with(40001), &with(40002)], &with(40003)), (4, vec![]));
}

#[test]
fn a_worker_without_ports_reaches_level_2() {
    let worker = Behaviour { started: true, stayed_up: true, probed: true, never_ready: true, ..Behaviour::default() };
    assert_eq!(judge([&worker, &worker], &worker), (2, vec![]));
    assert_eq!(reachable(&worker, &mask(&worker, &worker)), (2, vec!["the original listens on no port".to_owned()]));
    assert!(failure(&worker, &page("x")).contains("ports"));
}

#[test]
fn a_program_must_end_alike_and_say_the_same() {
    assert_eq!(judge([&ended(0, "a\nb"), &ended(0, "a\nb")], &ended(0, "a\nb")), (2, vec![]));
    assert_eq!(judge([&ended(0, "a"), &ended(0, "a")], &ended(0, "b")).0, 1);
    assert!(failure(&ended(0, "a"), &ended(3, "a")).contains("exit code 3"));
    assert_eq!(failure(&ended(0, "took 12 ms"), &ended(0, "took 12 ms")), "");
    assert_eq!(judge([&ended(0, "took 12 ms"), &ended(0, "took 13 ms")], &ended(0, "took 99 ms")), (2, vec![]));
}

#[test]
fn a_program_that_fails_is_known_by_its_last_line() {
    let first = ended(1, "line 12: trace\nError: no DATABASE_URL\n");
    assert_eq!(failure(&first, &ended(1, "line 99: other trace\nError: no DATABASE_URL\n")), "");
    assert!(failure(&first, &ended(1, "Error: libpq.so not found\n")).contains("libpq"));
}

#[test]
fn new_errors_in_the_log_are_told_but_fail_nothing() {
    let with = |logs: &str| Behaviour { logs: logs.into(), ..page("x") };
    let (_, checks) = compare(&with("ERROR 17 known\n"), &with("ERROR 18 known\nERROR new\n"), &Mask::default());
    let told = checks.iter().find(|check| check.name == "logs").unwrap();
    assert!(told.passed && told.detail.contains("ERROR new") && !told.detail.contains("known"), "{told:?}");
    assert!(compare(&with("x"), &with("y"), &Mask::default()).1.iter().all(|check| check.name != "logs"));
}

#[test]
fn without_a_sidecar_nothing_above_level_2_is_claimed() {
    let unseen = Behaviour { started: true, stayed_up: true, ..Behaviour::default() };
    assert_eq!(judge([&unseen, &unseen], &unseen), (2, vec![]));
}

fn any_answer() -> impl Strategy<Value = Answer> {
    let body = prop_oneof!["[ -~\n]{0,60}", Just(r#"{"a":[1,{"b":null}],"c":"x"}"#.to_owned()), ".{0,20}"];
    let kind = prop_oneof![Just("text/html"), Just("application/json; charset=x"), Just("")];
    ("/[a-c]{0,2}", prop::option::of(200u16..520), kind, body, prop::option::of("/[a-z]{1,3}")).prop_map(
        |(path, status, kind, body, location)| Answer {
            status,
            error: status.is_none().then(|| "closed without an answer".to_owned()),
            location,
            ..answer(&path, 0, kind, &body)
        },
    )
}

fn any_behaviour() -> impl Strategy<Value = Behaviour> {
    let ports = prop::collection::btree_set(1u16..90, 0..3);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), prop::option::of(0i32..3));
    (flags, ports, prop::collection::vec(any_answer(), 0..5), "[a-zE: \n]{0,60}").prop_map(
        |((started, stayed_up, probed, exit_code), ports, answers, logs)| Behaviour {
            started,
            stayed_up,
            probed,
            exit_code,
            ports: ports.into_iter().collect(),
            answers,
            logs,
            ..Behaviour::default()
        },
    )
}

proptest! {
    #[test]
    fn everything_is_equal_to_itself(behaviour in any_behaviour()) {
        let (_, checks) = compare(&behaviour, &behaviour, &mask(&behaviour, &behaviour));
        prop_assert!(checks.iter().all(|check| check.passed), "{checks:?}");
    }

    #[test]
    fn both_runs_of_the_original_pass_under_their_mask(one in any_behaviour(), two in any_behaviour()) {
        let mask = mask(&one, &two);
        for candidate in [&one, &two] {
            let (level, checks) = compare(&one, candidate, &mask);
            prop_assert!((1..=4).contains(&level));
            let failed: Vec<_> = checks.iter().filter(|check| !check.passed).collect();
            prop_assert!(failed.is_empty(), "{failed:?}");
        }
    }
}
