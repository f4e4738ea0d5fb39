//! What the process API promises, with /bin/sh. The interrupt has a test binary of its own: its flag is global.
#![cfg(unix)]

use std::io::{Cursor, Read};
use std::time::{Duration, Instant};

use jettison_engine::Error;
use jettison_engine::process::{Command, End};

fn sh(script: &str) -> Command {
    Command::new("/bin/sh").args(["-c", script])
}

/// Whether a process of this id exists that is not a zombie.
fn lives(pid: &str) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap().text();
    !(state.trim().is_empty() || state.starts_with('Z'))
}

#[test]
fn keeps_stdout_and_stderr_apart_and_the_exit_code() {
    let output = sh("echo out; echo err >&2; exit 3").output().unwrap();
    assert_eq!((output.text().as_str(), output.error_text().as_str(), output.end), ("out\n", "err\n", End::Exited(3)));
}

#[test]
fn merges_lines_in_the_order_written() {
    let mut lines = Vec::new();
    let end = sh(r"printf 'a\r\n'; printf '\033[31mb\033[0m\n' >&2; printf '10%%\r99%%\n'; printf last")
        .lines(&mut |line| lines.push(line.to_string()));
    assert_eq!(end.unwrap(), End::Exited(0));
    assert_eq!(lines, ["a", "b", "99%", "last"]);
}

#[test]
fn kills_the_whole_group_at_the_time_limit() {
    let output = sh("trap '' TERM; sleep 1000 & echo $!; wait; sleep 1000")
        .time_limit(Duration::from_millis(300))
        .output()
        .unwrap();
    assert_eq!(output.end, End::TimedOut);
    let grandchild = output.text().trim().to_string();
    assert!(!grandchild.is_empty());
    assert!(!lives(&grandchild), "{grandchild} lives");
}

#[test]
fn gives_a_child_the_chance_to_clean_up() {
    let output = sh("trap 'echo cleaned; exit 0' TERM; sleep 1000 & wait")
        .time_limit(Duration::from_millis(300))
        .output()
        .unwrap();
    assert_eq!((output.end, output.text().as_str()), (End::TimedOut, "cleaned\n"));
}

#[test]
fn does_not_wait_for_a_grandchild_that_holds_the_output() {
    let started = Instant::now();
    let output = sh("sleep 1000 & echo $!").output().unwrap();
    assert!(output.end.success());
    assert!(started.elapsed() < Duration::from_secs(500));
    sh(&format!("kill {}", output.text().trim())).output().unwrap();
}

#[test]
fn feeds_stdin_and_survives_a_child_that_does_not_read_it() {
    let big = vec![b'x'; 3 << 20];
    let output = Command::new("cat").output_from(&mut Cursor::new(&big)).unwrap();
    assert_eq!(output.stdout.len(), big.len());
    assert!(sh("exit 0").output_from(&mut Cursor::new(&big)).unwrap().end.success());
}

#[test]
fn stdin_is_empty_unless_given() {
    assert_eq!(Command::new("cat").output().unwrap().text(), "");
}

#[test]
fn streams_stdout_and_fails_at_the_end_if_the_program_failed() {
    let mut text = String::new();
    sh("echo a; echo b").reader().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "a\nb\n");
    let error =
        sh("echo a; echo first >&2; echo 'no such image' >&2; exit 1").reader().unwrap().read_to_end(&mut Vec::new());
    assert!(error.unwrap_err().to_string().ends_with("no such image"));
}

#[test]
fn kills_a_streaming_program_that_nobody_reads() {
    let mut reader = sh("echo $$; while :; do echo x; done").reader().unwrap();
    let mut start = [0; 32];
    let count = reader.read(&mut start).unwrap();
    let pid = String::from_utf8_lossy(&start[..count]).lines().next().unwrap().to_string();
    drop(reader);
    assert!(!lives(&pid), "{pid} lives");
}

#[test]
fn keeps_the_last_bytes_of_a_long_output() {
    let output = sh("seq 1 100000").keep_last(12).output().unwrap();
    assert_eq!(output.text(), "99999\n100000\n"[1..].to_string());
}

#[test]
fn runs_where_and_with_what_it_is_told() {
    let output = sh("pwd; echo $A$B").cwd("/").env("A", "1").env("B", "2").env_remove("B").output().unwrap();
    assert_eq!(output.text(), "/\n1\n");
}

#[test]
fn names_the_program_that_is_missing() {
    let error = Command::new("no-such-program-here").output().unwrap_err();
    assert!(matches!(&error, Error::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound), "{error}");
    assert!(error.to_string().starts_with("no-such-program-here: "), "{error}");
}

#[test]
fn errors_and_shown_commands_hide_secrets() {
    let command =
        sh("echo using hunter2-xyz >&2; exit 1").arg("API_TOKEN=abc").arg("https://me:pw@host/").secret("hunter2-xyz");
    let text = command.succeed().unwrap_err().to_string();
    assert!(text.contains("API_TOKEN=***") && text.contains("me:***@host") && text.ends_with("using ***"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}
