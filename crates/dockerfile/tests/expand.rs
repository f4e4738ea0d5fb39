//! Variable expansion, as tables. Every row was put to a builder once (as a LABEL's value).

use jettison_dockerfile::expand::{Env, expand, expand_body, is_plain};

fn env() -> Env {
    let values = [("A", "value"), ("E", ""), ("P", "/usr/local/lib/a.tar.gz"), ("M", "a*b?c"), ("D", "$A")];
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn value(word: &str) -> String {
    expand(word, &env(), '\\').map_or_else(|error| format!("error: {error}"), |expanded| expanded.value)
}

fn check(rows: &[(&str, &str)]) {
    for (word, expected) in rows {
        assert_eq!(value(word), *expected, "{word}");
    }
}

#[test]
#[rustfmt::skip]
fn reads_names_quotes_and_escapes() {
    check(&[
        ("$A", "value"), ("${A}x", "valuex"), ("$Ax", ""), ("a$", "a$"), ("$", "$"), ("${U}", ""), ("$1", ""), ("$-x", "x"),
        ("'$A'", "$A"), ("\"$A b\"", "value b"), ("\\$A", "$A"), ("\"\\$A\"", "$A"), ("'a\\b'", "a\\b"), ("a\\bc", "abc"),
        ("\"a\\bc\"", "a\\bc"), ("\"a\\\"c\"", "a\"c"), ("'a\"b'\"c'd\"", "a\"bc'd"), ("${D}", "$A"),
    ]);
}

#[test]
#[rustfmt::skip]
fn chooses_defaults_and_alternatives() {
    check(&[
        ("${A:-d}", "value"), ("${U:-d}", "d"), ("${E:-d}", "d"), ("${E-d}", ""), ("${U-d}", "d"), ("${U:-}", ""),
        ("${A:+y}", "y"), ("${E:+y}", ""), ("${E+y}", "y"), ("${U+y}", ""), ("${A+}", ""),
        ("${U:-$A}", "value"), ("${U:-${E:-z}}", "z"), ("${A:?err}", "value"), ("${E?x}", ""),
    ]);
}

#[test]
#[rustfmt::skip]
fn trims_shortest_and_longest() {
    check(&[
        ("${P#*/}", "usr/local/lib/a.tar.gz"), ("${P##*/}", "a.tar.gz"), ("${P%.*}", "/usr/local/lib/a.tar"),
        ("${P%%.*}", "/usr/local/lib/a"), ("${P%/*}", "/usr/local/lib"), ("${P%%/*}", ""), ("${M#a\\*}", "b?c"),
        ("${M%\\?c}", "a*b"), ("${A#v}", "alue"), ("${A##v*l}", "ue"), ("${P#/usr/*/}", "lib/a.tar.gz"), ("${A#x}", "value"),
    ]);
}

#[test]
#[rustfmt::skip]
fn replaces_first_and_all() {
    check(&[
        ("${P/local/x}", "/usr/x/lib/a.tar.gz"), ("${P//l/L}", "/usr/LocaL/Lib/a.tar.gz"), ("${P/l*b/X}", "/usr/X/a.tar.gz"),
        ("${M//\\*/S}", "aSb?c"), ("${P//\\//_}", "_usr_local_lib_a.tar.gz"), ("${A/nothing/x}", "value"), ("${A//e/}", "valu"),
        ("${A///x}", "xvxaxlxuxex"), ("${A//a/[\\$0]}", "v[\\a]lue"), ("${A/a/\\$0}", "v\\$0lue"), ("${U/x/y}", ""),
        ("${P//[l]/L}", "/usr/local/lib/a.tar.gz"),
    ]);
}

#[test]
#[rustfmt::skip]
fn errors_name_the_cause() {
    let rows = [
        ("${U:?no U here}", "U: no U here"), ("${U?}", "U: is not allowed to be unset"), ("${E:?}", "is not allowed to be empty"),
        ("${", "missing '}'"), ("${A", "unsupported modifier"), ("${}", "bad substitution"), ("${:x}", "bad substitution"),
        ("${{A}}", "bad substitution"), ("${A:=x}", "unsupported modifier (:=)"), ("${A=x}", "unsupported modifier (=)"),
        ("${A:#v}", "unsupported modifier (:#)"), ("${A/a}", "missing '/'"), ("${A//a", "missing '/'"), ("${A:-x", "missing '}'"),
        ("'a", "single-quote"), ("\"a", "double-quote"), ("${A#\\x}", "invalid escape"),
    ];
    for (word, cause) in rows {
        assert!(value(word).contains(cause), "{word}: {}", value(word));
        assert!(value(word).starts_with("error"), "{word}");
    }
}

#[test]
fn notes_what_a_value_depends_on() {
    let expanded = expand("$A ${U:-$E} '$Z'", &env(), '\\').unwrap();
    assert_eq!(expanded.variables.iter().map(String::as_str).collect::<Vec<_>>(), ["A", "E", "U"]);
    assert_eq!(expanded.unset.iter().map(String::as_str).collect::<Vec<_>>(), ["U"]);
    assert!(is_plain("a/b", '\\') && !is_plain("a\\b", '\\') && is_plain("a\\b", '`') && !is_plain("'a'", '`'));
}

#[test]
fn escape_character_can_be_a_backtick() {
    assert_eq!(expand("c:\\`$A\\$A", &env(), '`').unwrap().value, "c:\\$A\\value");
}

#[test]
fn heredoc_bodies_keep_their_quotes() {
    assert_eq!(expand_body("a '$A' \"${U:-x}\" \\$A\n", &env()).unwrap().value, "a 'value' \"x\" $A\n");
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let word = format!("{}{}", "${U:-".repeat(50_000), "}".repeat(50_000));
    assert!(expand(&word, &env(), '\\').is_err());
    assert_eq!(value(&format!("{}x{}", "${U:-".repeat(50), "}".repeat(50))), "x");
}

#[test]
fn values_that_multiply_are_refused() {
    let env: Env = [("A".to_owned(), "x".repeat(60_000))].into();
    assert!(expand("${A//x/$A}", &env, '\\').is_err());
    assert!(expand("$A$A$A", &env, '\\').is_err());
    assert_eq!(expand("$A", &env, '\\').unwrap().value.len(), 60_000);
}
