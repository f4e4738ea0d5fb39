//! `jettison check --image`: the rules on what an image says of how it was made.

use crate::program::run;
use crate::{json, place};

#[test]
fn the_history_of_an_image_is_judged() {
    let place = place();
    let report = json(&place, "check --image shop.tar --format json --exit-zero", "check.schema.json");
    assert_eq!(report["files"][0]["path"], "shop.tar");
    let rules: Vec<&str> = report["files"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect();
    assert!(rules.contains(&"apt-recommends-installed"), "{rules:?}");
    let ran = run(&mut place.jettison("check --image shop.tar --only apt-recommends-installed"));
    assert!(ran.stdout.contains("RUN apt-get install -y libfoo"), "{}{}", ran.stdout, ran.stderr);
    let ran = run(&mut place.jettison("check --image nowhere.tar"));
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
}
