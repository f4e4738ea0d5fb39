//! What is made to break readers: circles, bombs, depth, endless files. All of it ends in an error or a value, soon and within the
//! stack of an ordinary thread.

use std::collections::BTreeMap;

use jettison_targets::{Cause, Environment, File, Targets, load};
use proptest::prelude::*;

fn read(name: &str, text: &str) -> Result<Targets, String> {
    load(&[File::new(name, text)], &Environment::new(), &BTreeMap::new()).map_err(|error| error.to_string())
}

#[track_caller]
fn is_beyond(name: &str, text: &str) {
    match load(&[File::new(name, text)], &Environment::new(), &BTreeMap::new()) {
        Err(error) => {
            let far = matches!(error.cause, Cause::TooMuch(_)) || error.to_string().contains("at most ");
            assert!(far, "{error}");
            assert!(error.place.is_some(), "{error}");
        }
        Ok(_) => panic!("it was read"),
    }
}

#[test]
fn bombs_of_text_end_early() {
    let mut text = String::from("v0 = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n");
    for level in 1..60 {
        text += &format!("v{level} = \"${{v{0}}}${{v{0}}}\"\n", level - 1);
    }
    is_beyond("docker-bake.hcl", &format!("{text}target \"default\" {{\n  args = {{ A = v59 }}\n}}\n"));
    let mut lists = String::from("v0 = [1, 2, 3, 4]\n");
    for level in 1..60 {
        lists += &format!("v{level} = [v{0}, v{0}]\n", level - 1);
    }
    is_beyond("docker-bake.hcl", &format!("{lists}target \"default\" {{\n  tags = v59\n}}\n"));
}

#[test]
fn functions_that_call_each_other_end_early() {
    let mut text = String::from("function \"f0\" {\n  params = [x]\n  result = x\n}\n");
    for level in 1..60 {
        text += &format!(
            "function \"f{level}\" {{\n  params = [x]\n  result = \"${{f{0}(x)}}${{f{0}(x)}}\"\n}}\n",
            level - 1
        );
    }
    is_beyond("docker-bake.hcl", &format!("{text}target \"default\" {{\n  args = {{ A = f59(\"x\") }}\n}}\n"));
}

#[test]
fn chains_of_variables_are_bounded() {
    let mut text = String::from("v0 = \"x\"\n");
    for level in 1..5000 {
        text += &format!("v{level} = v{}\n", level - 1);
    }
    is_beyond("docker-bake.hcl", &format!("{text}target \"default\" {{\n  args = {{ A = v4999 }}\n}}\n"));
}

#[test]
fn depth_is_bounded() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{a=", "}"), ("\"${", "}\""), ("f(", ")"), ("[for x in ", ": x]"), ("!", "")]
    {
        let text =
            format!("target \"default\" {{\n  args = {{ A = {}1{} }}\n}}\n", open.repeat(20_000), close.repeat(20_000));
        assert!(read("docker-bake.hcl", &text).is_err(), "{open}");
    }
    let sum = vec!["1"; 20_000].join(" + ");
    assert!(read("docker-bake.hcl", &format!("a = {sum}\n")).is_err());
    let json = format!("{{\"a\": {}1{}}}", "[".repeat(5000), "]".repeat(5000));
    assert!(read("docker-bake.json", &json).is_err());
    let blocks = format!("{}{}", "target \"a\" {\n".repeat(5000), "}\n".repeat(5000));
    assert!(read("docker-bake.hcl", &blocks).is_err());
}

#[test]
fn the_deepest_that_is_read_fits_the_stack() {
    // chains of variables, each as deep as the parser allows
    let mut text = String::from("v0 = \"x\"\n");
    for level in 1..100 {
        text += &format!("v{level} = {}v{}{}\n", "[for x in [".repeat(25), level - 1, "]: x][0]".repeat(25));
    }
    is_beyond("docker-bake.hcl", &format!("{text}target \"default\" {{\n  args = {{ A = v99 }}\n}}\n"));
    let nested =
        format!("target \"default\" {{\n  args = {{ A = {}\"x\"{} }}\n}}\n", "upper(".repeat(60), ")".repeat(60));
    assert_eq!(
        read("docker-bake.hcl", &nested).expect("a file").invocations[0].args[0].1.known().expect("a value"),
        "X"
    );
    let sum = format!("target \"default\" {{\n  args = {{ A = {} }}\n}}\n", vec!["1"; 120].join(" + "));
    assert_eq!(
        read("docker-bake.hcl", &sum).expect("a file").invocations[0].args[0].1.known().expect("a value"),
        "120"
    );
}

#[test]
fn results_that_no_file_needs_are_not_made() {
    let a = "\"xxxxxxxxxxxxxxxx\"";
    for expression in [
        "format(\"%1000000000s\", \"x\")".to_owned(),
        "indent(1000000000, \"a\\nb\")".to_owned(),
        "pow(10, 1000000)".to_owned(),
        format!("replace({a}, \"\", {a})"),
        "join(\"x\", setproduct(range(1000), range(1000), range(1000)))".to_owned(),
        "regex_replace(\"aaaa\", \"(a*)*b\", \"x\")".to_owned(),
        "regex(\"((((a{100}){100}){100}){100})\", \"a\")".to_owned(),
        "jsondecode(\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\")".to_owned(),
        "substr(\"abc\", -9223372036854775807, 9223372036854775807)".to_owned(),
        "element([1], -9223372036854775808)".to_owned(),
        "slice([1], 5, 2)".to_owned(),
        "parseint(\"99999999999999999999999999999999999999999999999999\", 10)".to_owned(),
        "170141183460469231731687303715884105727 + 1".to_owned(),
        "-170141183460469231731687303715884105727 % -1".to_owned(),
        "1 % 0".to_owned(),
        "range(0, 1, 0)".to_owned(),
        "chunklist([1], -1)".to_owned(),
    ] {
        // a value or an error; what counts is that it comes
        let _ = read("docker-bake.hcl", &format!("target \"default\" {{\n  args = {{ A = {expression} }}\n}}\n"));
    }
}

#[test]
fn a_matrix_is_bounded() {
    let axis = (0..100).map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "target \"a\" {{\n  name = \"a-${{x}}-${{y}}-${{z}}\"\n  matrix = {{ x = [{axis}], y = [{axis}], z = [{axis}] }}\n}}\n"
    );
    is_beyond("docker-bake.hcl", &text);
}

#[test]
fn chains_of_inheritance_are_bounded() {
    let mut text = String::from("target \"t0\" {}\n");
    for level in 1..200 {
        text += &format!(
            "target \"t{level:03}\" {{\n  inherits = [\"t{}\"]\n}}\n",
            if level == 1 { "0".to_owned() } else { format!("{:03}", level - 1) }
        );
    }
    // resolved from the first on, none of them is deep
    assert!(read("docker-bake.hcl", &text).is_ok());
    let mut text = String::from("target \"z\" {}\n");
    for level in 0..200 {
        let base = if level == 199 { "z".to_owned() } else { format!("t{:03}", level + 1) };
        text += &format!("target \"t{level:03}\" {{\n  inherits = [\"{base}\"]\n}}\n");
    }
    is_beyond("docker-bake.hcl", &text);
}

#[test]
fn chains_of_extends_are_bounded() {
    let mut text = String::from("services:\n  z: {build: .}\n");
    for level in 0..200 {
        let base = if level == 199 { "z".to_owned() } else { format!("s{:03}", level + 1) };
        text += &format!("  s{level:03}: {{extends: {base}}}\n");
    }
    is_beyond("compose.yaml", &text);
}

#[test]
fn services_that_grow_by_extending_are_bounded() {
    let mut text = String::from("services:\n  s00000: {build: {context: ., args: {A: x}}}\n");
    for level in 1..6000 {
        text += &format!("  s{level:05}: {{extends: s{:05}, build: {{args: {{A{level}: x}}}}}}\n", level - 1);
    }
    is_beyond("compose.yaml", &text);
}

#[test]
fn files_that_name_ever_more_files_are_bounded() {
    let mut files = BTreeMap::new();
    for level in 0..400 {
        files.insert(format!("f{level}.yaml"), format!("include: [f{0}.yaml, f{0}.yaml]\n", level + 1));
    }
    let error = load(&[File::new("f0.yaml", &files["f0.yaml"])], &Environment::new(), &files).expect_err("an error");
    assert!(matches!(error.cause, Cause::TooMuch(_)), "{error}");
}

#[test]
fn large_files_are_refused_by_name() {
    let text = format!("# {}\nservices: {{}}\n", "x".repeat(5 << 20));
    assert_eq!(
        read("compose.yaml", &text).expect_err("an error"),
        "compose.yaml:1:1: its size is beyond what is read here"
    );
}

#[test]
fn variables_that_double_each_other_are_bounded() {
    let mut dotenv = String::from("A0=xxxxxxxxxxxxxxxx\n");
    for level in 1..60 {
        dotenv += &format!("A{level}=$A{0}$A{0}\n", level - 1);
    }
    let files = BTreeMap::from([(".env".to_owned(), dotenv)]);
    let compose = File::new("compose.yaml", "services: {w: {build: .}}\n");
    let error = load(&[compose], &Environment::new(), &files).expect_err("an error");
    assert!(matches!(error.cause, Cause::TooMuch(_)), "{error}");
}

#[test]
fn what_is_long_but_flat_is_read_in_one_pass() {
    let names = |count: usize, name: fn(usize) -> String| (0..count).map(name).collect::<String>();
    let documents = "---\nservices: {w: {build: {args: {x: y}}}}\n".repeat(800);
    for (name, text) in [
        ("docker-bake.hcl", format!("a = [[1]]\nb = a{}\n", ".*".repeat(40_000))),
        ("docker-bake.hcl", format!("a = [[1]]\nb = a{}\n", "[0]".repeat(40_000))),
        ("docker-bake.hcl", names(4_000, |n| format!("variable \"v{n}\" {{ default = a{n} }}\na{n} = 1\n"))),
        ("docker-bake.hcl", names(400, |n| format!("group \"g{n}\" {{ targets = [\"g{}\"] }}\n", n + 1))),
        ("docker-bake.hcl", format!("t = [{}]\n", names(4_000, |n| format!("upper(\"{n}\"),")))),
        (
            "compose.yaml",
            format!("services:\n{}", names(4_000, |n| format!("  s{n}: {{build: {{kontext: $U{n}}}}}\n"))),
        ),
        (
            "compose.yaml",
            format!("services: {{w: {{build: {{args: {{{}}}}}}}}}\n{documents}", names(3000, |n| format!("A{n}: x, "))),
        ),
    ] {
        // a value or an error; what counts is that it comes
        let _ = read(name, &text);
    }
}

/// Pieces that files are made of, so that chance meets the readers behind the parser too.
const PIECES: [&str; 64] = [
    "services:",
    "\n",
    "\n  ",
    "\n    ",
    "web",
    "build:",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "&a ",
    "*a",
    "<<: *a",
    "extends: ",
    "include:",
    "args:",
    "!reset ",
    "!override ",
    "${",
    "$",
    "A",
    ":-",
    "?",
    "|",
    ">",
    "#",
    " ",
    "null",
    "1.0",
    "~",
    "target \"a\" {\n",
    "}\n",
    "group \"default\" {\n",
    "variable \"A\" {\n",
    "default = ",
    "args = ",
    "inherits = [\"a\"]\n",
    "matrix = ",
    "name = ",
    "\"${A}\"",
    "%{ if true }",
    "%{ endif }",
    "for x in ",
    "if ",
    "...",
    "upper(",
    "timestamp()",
    ")",
    " = ",
    "tags = ",
    "context = ",
    "target.a.",
    "<<EOT\n",
    "EOT\n",
    "==",
    "+",
    "é",
    "\u{feff}",
    "\r\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_readers(picks in proptest::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = picks.into_iter().map(|pick| PIECES[pick]).collect();
        for name in ["compose.yaml", "docker-bake.hcl", "docker-bake.json"] {
            let _ = read(name, &text);
        }
    }
}
