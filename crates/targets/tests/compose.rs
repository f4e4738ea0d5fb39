//! Compose files against what Docker Compose says of them: `docker compose build --print` of 2.40.3 (compose-go 2.9.1), paths made
//! relative, the labels and names that it makes up left out.

mod cases;

use std::collections::BTreeMap;

use jettison_targets::{Environment, File, add_dotenv, load};

#[test]
fn builds_are_those_that_compose_sees() {
    cases::run("compose", 30);
}

/// Lines of `[text, value]`, or `[text, null]` where Compose refuses: with A=a, E empty, _X1=u. `config` doubles each `$`.
#[test]
fn variables_are_filled_in_as_by_compose() {
    let environment: Environment =
        [("A", "a"), ("E", ""), ("_X1", "u")].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let table = include_str!("compose/interpolation.jsonl");
    for line in table.lines() {
        let row: Vec<serde_json::Value> = serde_json::from_str(line).expect("JSON");
        let document = serde_json::json!({"services": {"w": {"build": {"context": ".", "args": {"R": row[0]}}}}});
        let files = [File::new("compose.yaml", &document.to_string())];
        let came = load(&files, &environment, &BTreeMap::new());
        let value = came.ok().map(|all| all.invocations[0].args[0].1.known().expect("a value").replace('$', "$$"));
        assert_eq!(value.as_deref(), row[1].as_str(), "{line}");
    }
    assert!(table.lines().count() > 60);
}

/// Lines of `[.env, value of A]`, `UNSET` where it has none and null where Compose refuses: with X=x outside.
#[test]
fn dotenv_files_are_read_as_by_compose() {
    let table = include_str!("compose/dotenv.jsonl");
    for line in table.lines() {
        let row: Vec<serde_json::Value> = serde_json::from_str(line).expect("JSON");
        let mut environment = Environment::from([("X".to_owned(), "x".to_owned())]);
        let text = format!("{}\n", row[0].as_str().expect("a text"));
        let value = match add_dotenv(&mut environment, ".env", &text) {
            Ok(()) => Some(environment.get("A").map_or("UNSET", String::as_str)),
            Err(_) => None,
        };
        assert_eq!(value, row[1].as_str(), "{line}");
    }
    assert!(table.lines().count() > 40);
}
