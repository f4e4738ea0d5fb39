//! Help, version, completions, the manual page.

use crate::assert_transcript;
use crate::program::{Place, run};

#[test]
fn help() {
    assert_transcript!(Place::new(), "--help");
}

#[test]
fn help_of_optimize() {
    assert_transcript!(Place::new(), "optimize --help");
}

#[test]
fn help_of_verify() {
    assert_transcript!(Place::new(), "verify --help");
}

#[test]
fn help_of_check() {
    assert_transcript!(Place::new(), "check --help");
}

#[test]
fn version() {
    assert_transcript!(Place::new(), "--version");
}

#[test]
fn nothing_asked() {
    let ran = run(&mut Place::new().jettison(""));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("Usage: jettison [OPTIONS] <COMMAND>"), "{}", ran.stderr);
}

#[test]
fn an_unknown_option() {
    assert_transcript!(Place::new(), "optimize --wirte");
}

#[test]
fn completions_for_every_shell() {
    for (shell, sign) in [
        ("bash", "complete -F _jettison"),
        ("zsh", "#compdef jettison"),
        ("fish", "complete -c jettison"),
        ("elvish", "set edit:completion:arg-completer[jettison]"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let ran = run(&mut Place::new().jettison(&format!("completions {shell}")));
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{shell}");
        assert!(ran.stdout.contains(sign) && ran.stdout.contains("no-verify"), "{shell}");
    }
}

#[test]
fn a_shell_nobody_knows() {
    let ran = run(&mut Place::new().jettison("completions csh"));
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("bash, elvish, fish, powershell, zsh"), "{}", ran.stderr);
}

#[test]
fn the_manual_page_has_every_command_and_option() {
    let ran = run(&mut Place::new().jettison("man"));
    assert_eq!(ran.code, Some(0));
    assert!(ran.stdout.contains(".TH jettison 1"));
    for word in ["JETTISON OPTIMIZE", "JETTISON VERIFY", "\\-\\-smoke", "\\-\\-undo", "\\-\\-color"] {
        assert!(ran.stdout.contains(word), "{word} is missing");
    }
    assert!(!ran.stdout.contains("JETTISON PROBE"), "what is hidden is not in the manual");
}

#[test]
fn a_command_of_two_minds() {
    assert_transcript!(Place::new(), "optimize --write --out elsewhere");
}
