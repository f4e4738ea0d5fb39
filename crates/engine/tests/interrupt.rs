//! The global interrupt, in a test binary of its own because the flag stays up. One test: the order matters.
#![cfg(unix)]

use std::io::Read;
use std::thread;
use std::time::Duration;

use jettison_engine::Error;
use jettison_engine::process::{self, Command};

#[test]
fn an_interrupt_kills_what_runs_and_lets_only_the_cleanup_start() {
    let running = thread::spawn(|| Command::new("sleep").arg("1000").output().map(|output| output.end));
    let streaming = thread::spawn(|| {
        let mut reader = Command::new("sh").args(["-c", "echo a; sleep 1000"]).reader().unwrap();
        reader.read_to_end(&mut Vec::new())
    });
    let cleaning = thread::spawn(|| {
        let _mode = process::cleanup_mode();
        Command::new("sh").args(["-c", "sleep 1; echo done"]).output().map(|output| output.text())
    });
    thread::sleep(Duration::from_millis(300));
    process::interrupt();
    assert!(matches!(running.join().unwrap(), Err(Error::Interrupted)));
    assert_eq!(streaming.join().unwrap().unwrap_err().to_string(), "interrupted");
    assert_eq!(cleaning.join().unwrap().unwrap(), "done\n");

    assert!(matches!(Command::new("true").output(), Err(Error::Interrupted)));
    {
        let _mode = process::cleanup_mode();
        assert!(Command::new("true").output().unwrap().end.success());
    }
    assert!(matches!(Command::new("true").output(), Err(Error::Interrupted)));
}
