//! The image's own HEALTHCHECK, run once in the container as the engine would: a candidate may answer every probe and still be
//! killed as unhealthy, because its base lacks the program that asks.

use std::time::Duration;

use jettison_engine::{Engine, Error};
use serde_json::Value;

use super::Health;

const LIMIT: Duration = Duration::from_secs(30);

/// Runs the health check of `image` in `container`; none if it has none. An engine that was interrupted is an error, any other
/// trouble is a check that did not succeed.
pub fn ask(engine: &dyn Engine, image: &str, container: &str) -> Result<Option<Health>, Error> {
    let document = match engine.inspect_image(image) {
        Err(error @ Error::Interrupted) => return Err(error),
        // The container runs, so there was an image; what it says of health cannot be known any more.
        Err(_) => return Ok(None),
        Ok(document) => document,
    };
    let Some(argv) = command(&document) else { return Ok(None) };
    let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
    match engine.exec(container, &argv, LIMIT) {
        Ok((code, output)) => Ok(Some(Health { exit_code: Some(code), output })),
        Err(error @ Error::Interrupted) => Err(error),
        Err(error) => Ok(Some(Health { exit_code: None, output: error.to_string() })),
    }
}

/// The check as a command line. docker keeps it in `Config`, podman beside it as well. Docker's image specification, v1.2.
fn command(document: &Value) -> Option<Vec<String>> {
    let test = ["/Config/Healthcheck/Test", "/Healthcheck/Test"].into_iter().find_map(|at| document.pointer(at))?;
    let mut words = strings(test);
    if words.is_empty() {
        return None;
    }
    let kind = words.remove(0);
    match kind.as_str() {
        "CMD" if !words.is_empty() => Some(words),
        "CMD-SHELL" => {
            let shell = document.pointer("/Config/Shell").map(strings).filter(|shell| !shell.is_empty());
            let mut shell = shell.unwrap_or_else(|| vec!["/bin/sh".to_owned(), "-c".to_owned()]);
            shell.extend(words.into_iter().next());
            Some(shell)
        }
        _ => None,
    }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn words(test: Value, shell: Value) -> Vec<String> {
        command(&json!({"Config": {"Healthcheck": {"Test": test}, "Shell": shell}})).unwrap_or_default()
    }

    #[test]
    fn both_forms_become_command_lines() {
        assert_eq!(words(json!(["CMD", "curl", "-f", "x"]), Value::Null), ["curl", "-f", "x"]);
        assert_eq!(
            words(json!(["CMD-SHELL", "curl -f x || exit 1"]), Value::Null),
            ["/bin/sh", "-c", "curl -f x || exit 1"]
        );
        assert_eq!(words(json!(["CMD-SHELL", "x"]), json!(["/bin/bash", "-ec"])), ["/bin/bash", "-ec", "x"]);
    }

    #[test]
    fn no_check_is_no_command() {
        for test in [json!(["NONE"]), json!([]), json!(["CMD"]), Value::Null, json!("x")] {
            assert!(words(test, Value::Null).is_empty());
        }
        assert_eq!(command(&json!({})), None);
    }
}
