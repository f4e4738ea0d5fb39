//! Runs that end before their time: Ctrl-C cleans up and exits with 130; after SIGKILL the next run cleans up.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use crate::{Lab, picture, succeeds};

#[test]
fn ctrl_c_while_the_original_is_built() {
    let Some(lab) = Lab::with(&["busybox:latest"]) else { return };
    let lab = lab.file("app/Dockerfile", "FROM busybox:latest\nRUN echo begun; sleep 600\n");
    ends_with_130(&lab, "begun");
}

#[test]
fn ctrl_c_while_the_original_runs() {
    let Some(lab) = Lab::httpd() else { return };
    ends_with_130(&lab, "baseline: run");
}

#[test]
fn what_a_killed_run_left_is_removed_by_the_next() {
    let Some(lab) = Lab::httpd() else { return };
    let mut child = started(&lab);
    until(&mut child, "baseline: run");
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert_ne!(lab.leftovers(), Vec::<String>::new(), "the test kills too early to show anything");
    let next = lab.file("broken/Dockerfile", "FROM busybox:latest\nRUN false\n");
    let ran = next.run("optimize broken");
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}

/// Interrupts the run once `words` were on stderr.
fn ends_with_130(lab: &Lab, words: &str) {
    let before = picture(&lab.place.at("app"));
    let mut child = started(lab);
    until(&mut child, words);
    assert!(succeeds(Command::new("kill").args(["-INT", &child.id().to_string()])));
    let mut rest = String::new();
    child.stderr.take().expect("stderr").read_to_string(&mut rest).expect("UTF-8");
    assert_eq!(child.wait().expect("ended").code(), Some(130), "{rest}");
    assert!(rest.contains("interrupted; everything that was started is removed"), "{rest}");
    assert_eq!(lab.leftovers(), Vec::<String>::new());
    assert_eq!(picture(&lab.place.at("app")), before);
}

fn started(lab: &Lab) -> Child {
    lab.command("optimize app --verbose").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("started")
}

/// Reads stderr up to the line with `words`.
fn until(child: &mut Child, words: &str) {
    let stderr = child.stderr.as_mut().expect("stderr");
    let mut said = String::new();
    // one byte at a time: what follows belongs to whoever reads next
    let mut reader = BufReader::with_capacity(1, stderr);
    loop {
        let mut line = String::new();
        assert_ne!(reader.read_line(&mut line).expect("UTF-8"), 0, "`{words}` was not said:\n{said}");
        if line.contains(words) {
            return;
        }
        said.push_str(&line);
    }
}
