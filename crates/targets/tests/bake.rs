//! Bake files against what Docker Buildx says of them: `docker buildx bake --print` of 0.29.1.

mod cases;

use std::collections::BTreeMap;

use jettison_targets::{Environment, File, Stated, load};

#[test]
fn targets_are_those_that_bake_sees() {
    cases::run("bake", 25);
}

/// Lines of `expression => JSON`, `ERR` where Bake refuses. What is opaque here is marked, with Bake's answer behind it.
#[test]
fn expressions_have_the_values_that_bake_gives_them() {
    let environment = Environment::from([("HOME".to_owned(), "/root".to_owned())]);
    let table = include_str!("bake/expressions.txt");
    for line in table.lines() {
        let (expression, expected) = line.rsplit_once(" => ").expect("a row");
        let text = format!("target \"app\" {{\n  args = {{ r = {expression} }}\n}}\n");
        let came = match load(&[File::new("docker-bake.hcl", &text)], &environment, &BTreeMap::new()) {
            Err(_) => "ERR".to_owned(),
            Ok(all) => match all.invocations[0].args.first().map(|(_, value)| value) {
                None => "null".to_owned(),
                Some(Stated::Known(value)) => serde_json::Value::from(value.as_str()).to_string(),
                Some(Stated::Opaque(_)) => "OPAQUE".to_owned(),
            },
        };
        let expected = expected.split(" # ").next().expect("a value");
        assert_eq!(came, expected, "{expression}");
    }
    assert!(table.lines().count() > 170);
}
