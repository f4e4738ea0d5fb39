//! What each builder's output is read as. The transcripts are written by hand after real ones.

use super::*;

/// The outcome of a finished build that printed this.
fn read(format: Format, transcript: &str, dockerfile: &str) -> (BuildOutcome, Vec<String>) {
    let mut heard = Vec::new();
    let mut on_line = |line: &str| heard.push(line.to_string());
    let mut log = Log::new(Masker::default(), &mut on_line);
    let mut reader = format.reader();
    for (index, line) in transcript.lines().enumerate() {
        reader.line(line, Duration::from_secs(index as u64), &mut log);
    }
    reader.end(Duration::from_secs(transcript.lines().count() as u64), &mut log);
    let (steps, lines, context_bytes) = log.into_parts();
    let mut outcome = figures(&steps, context_bytes);
    outcome.failure = Some(failure::explain(&steps, &lines, dockerfile));
    outcome.log = lines.into_iter().map(|line| line.text).collect();
    (outcome, heard)
}

fn failure_in(format: Format, transcript: &str) -> (BuildFailure, String) {
    let (outcome, _) = read(format, transcript, "FROM busybox\nRUN echo a\nRUN echo b && \\\n  ls /nope\n");
    let failure = outcome.failure.unwrap();
    let line = outcome.log[failure.log_line].clone();
    (failure, line)
}

const RAWJSON_OK: &str = r#"{"vertexes":[{"digest":"sha256:01","name":"[internal] load build definition from Dockerfile","started":"2026-01-01T10:00:00Z"}]}
{"statuses":[{"id":"transferring dockerfile:","vertex":"sha256:01","name":"transferring","current":191,"timestamp":"2026-01-01T10:00:00Z"}]}
{"vertexes":[{"digest":"sha256:02","name":"[internal] load build context","started":"2026-01-01T10:00:01Z"}]}
{"statuses":[{"id":"transferring context:","vertex":"sha256:02","name":"transferring","current":20,"timestamp":"2026-01-01T10:00:01Z"}]}
{"statuses":[{"id":"transferring context:","vertex":"sha256:02","name":"transferring","current":4096,"timestamp":"2026-01-01T10:00:01Z"}]}
{"vertexes":[{"digest":"sha256:03","name":"[1/4] FROM docker.io/library/busybox:latest"},{"digest":"sha256:04","name":"[2/4] WORKDIR /x"},{"digest":"sha256:05","name":"[3/4] RUN make"},{"digest":"sha256:06","name":"[4/4] RUN never needed"}]}
{"vertexes":[{"digest":"sha256:03","name":"[1/4] FROM docker.io/library/busybox:latest","started":"2026-01-01T10:00:01Z","completed":"2026-01-01T10:00:02Z"}]}
{"vertexes":[{"digest":"sha256:04","name":"[2/4] WORKDIR /x","started":"2026-01-01T10:00:02Z","completed":"2026-01-01T10:00:02Z","cached":true}]}
{"vertexes":[{"digest":"sha256:05","name":"[3/4] RUN make","started":"2026-01-01T10:00:02Z"}]}
{"logs":[{"vertex":"sha256:05","stream":1,"data":"Y29tcGk=","timestamp":"2026-01-01T10:00:02Z"}]}
{"logs":[{"vertex":"sha256:05","stream":1,"data":"bGluZwpsYXN0","timestamp":"2026-01-01T10:00:03Z"}]}
{"vertexes":[{"digest":"sha256:05","name":"[3/4] RUN make","started":"2026-01-01T10:00:02Z","completed":"2026-01-01T10:00:04.5Z"}]}
"#;

#[test]
fn rawjson_counts_steps_and_context() {
    let (outcome, heard) = read(Format::RawJson, RAWJSON_OK, "");
    assert_eq!((outcome.executed, outcome.cached, outcome.context_bytes), (1, 1, Some(4096)));
    let make = BuildStep { title: "[3/4] RUN make".into(), seconds: Some(2.5), cached: false };
    let workdir = BuildStep { title: "[2/4] WORKDIR /x".into(), seconds: Some(0.0), cached: true };
    assert_eq!(outcome.steps, [workdir, make]);
    assert!(heard.contains(&"compiling".to_string()), "{heard:?}");
    assert!(heard.contains(&"last".to_string()) && heard.contains(&"CACHED [2/4] WORKDIR /x".to_string()), "{heard:?}");
    assert_eq!(heard, outcome.log);
}

const EXCERPT: &str = r#"Dockerfile:3
--------------------
   2 |     RUN echo a
   3 | >>> RUN echo b && \
   4 | >>>   ls /nope
   5 |     
--------------------
ERROR: failed to build: failed to solve: process "/bin/sh -c echo b &&   ls /nope" did not complete successfully: exit code: 1"#;

#[test]
fn rawjson_names_the_failing_line() {
    let transcript = r#"{"vertexes":[{"digest":"sha256:01","name":"[other 1/1] RUN sleep 9","started":"2026-01-01T10:00:00Z","completed":"2026-01-01T10:00:01Z","error":"process \"/bin/sh -c sleep 9\" did not complete successfully: context canceled: context canceled"}]}
{"vertexes":[{"digest":"sha256:05","name":"[3/3] RUN echo b \u0026\u0026   ls /nope","started":"2026-01-01T10:00:00Z"}]}
{"logs":[{"vertex":"sha256:05","stream":2,"data":"bHM6IC9ub3BlOiBObyBzdWNoIGZpbGUgb3IgZGlyZWN0b3J5Cg=="},{"vertex":"sha256:05","stream":1,"data":"Ygo="}]}
{"vertexes":[{"digest":"sha256:05","name":"[3/3] RUN echo b \u0026\u0026   ls /nope","started":"2026-01-01T10:00:00Z","completed":"2026-01-01T10:00:01Z","error":"process \"/bin/sh -c echo b \u0026\u0026   ls /nope\" did not complete successfully: exit code: 1"}]}
"#;
    let (failure, line) = failure_in(Format::RawJson, &format!("{transcript}{EXCERPT}"));
    assert_eq!((failure.line, failure.exit_code), (Some(3), Some(1)));
    assert_eq!(failure.instruction.as_deref(), Some("RUN echo b &&   ls /nope"));
    assert_eq!(line, "ls: /nope: No such file or directory");
    assert!(failure.missing_base.is_none() && !failure.disk_full && !failure.timed_out);
}

#[test]
fn rawjson_names_the_missing_base() {
    let transcript = r#"{"vertexes":[{"digest":"sha256:01","name":"[internal] load metadata for docker.io/library/nope:1","started":"2026-01-01T10:00:00Z","completed":"2026-01-01T10:00:01Z","error":"pull access denied, repository does not exist or may require authorization"}]}
Dockerfile:1
--------------------
   1 | >>> FROM nope:1
   2 |     RUN echo a
--------------------
ERROR: failed to build: failed to solve: nope:1: failed to resolve source metadata for docker.io/library/nope:1: pull access denied, repository does not exist or may require authorization
"#;
    let (failure, _) = failure_in(Format::RawJson, transcript);
    assert_eq!((failure.missing_base.as_deref(), failure.line), (Some("nope:1"), Some(1)));
    assert_eq!(failure.instruction.as_deref(), Some("FROM nope:1"));
    assert!(failure.message.starts_with("pull access denied"), "{}", failure.message);
}

#[test]
fn rawjson_survives_lines_of_any_shape() {
    for line in [
        "{",
        "{}",
        "{\"vertexes\":3}",
        "{\"logs\":[{\"vertex\":\"x\",\"data\":\"!!\"}]}",
        "{\"vertexes\":[{}]}",
        "null",
        "",
    ] {
        let (outcome, _) = read(Format::RawJson, line, "");
        assert_eq!(outcome.steps.len(), 0, "{line}");
    }
}

const PLAIN: &str = r#"#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 93B done
#1 DONE 0.0s

#5 [internal] load build context
#5 transferring context: 49.15kB 0.1s done
#5 DONE 0.1s

#4 [1/3] FROM docker.io/library/busybox:latest
#4 DONE 0.0s

#6 [2/3] RUN echo a
#6 CACHED

#7 [3/3] RUN echo b &&   ls /nope
#7 0.127 b
#7 0.127 ls: /nope: No such file or directory
#7 ERROR: process "/bin/sh -c echo b &&   ls /nope" did not complete successfully: exit code: 1
------
 > [3/3] RUN echo b &&   ls /nope:
0.127 b
0.127 ls: /nope: No such file or directory
------
"#;

#[test]
fn plain_counts_steps_and_names_the_failing_line() {
    let transcript = format!("{PLAIN}{EXCERPT}");
    let (outcome, _) = read(Format::Plain, &transcript, "");
    assert_eq!((outcome.executed, outcome.cached, outcome.context_bytes), (1, 1, Some(49_150)));
    assert_eq!(outcome.log.iter().filter(|line| line.contains("No such file")).count(), 1, "{:?}", outcome.log);
    let (failure, line) = failure_in(Format::Plain, &transcript);
    assert_eq!((failure.line, failure.exit_code), (Some(3), Some(1)));
    assert_eq!(line, "ls: /nope: No such file or directory");
}

#[test]
fn plain_names_an_unavailable_syntax_image() {
    let transcript = r#"#2 resolve image config for docker-image://docker.io/docker/dockerfile:1-labs
#2 ERROR: failed to do request: Head "https://registry-1.docker.io/v2/docker/dockerfile/manifests/1-labs": dial tcp: lookup registry-1.docker.io: no such host
------
 > resolve image config for docker-image://docker.io/docker/dockerfile:1-labs:
------
Dockerfile:1
--------------------
   1 | >>> # syntax=docker/dockerfile:1-labs
   2 |     FROM busybox
--------------------
ERROR: failed to build: failed to solve: failed to resolve source metadata for docker.io/docker/dockerfile:1-labs: failed to do request: no such host
"#;
    let (failure, _) = failure_in(Format::Plain, transcript);
    assert_eq!((failure.missing_base.as_deref(), failure.line), (Some("docker/dockerfile:1-labs"), Some(1)));
}

#[test]
fn plain_names_the_line_of_a_parse_error_and_of_a_missing_copy() {
    let parse = "ERROR: failed to build: failed to solve: dockerfile parse error on line 2: unknown instruction: FOO";
    let (failure, _) = failure_in(Format::Plain, parse);
    assert_eq!(failure.line, Some(2));
    assert_eq!(failure.message, "dockerfile parse error on line 2: unknown instruction: FOO");

    let copy = r#"#5 [2/2] COPY nope /x
#5 ERROR: failed to calculate checksum of ref jhl::eox: "/nope": not found
Dockerfile:2
--------------------
   1 |     FROM busybox
   2 | >>> COPY nope /x
--------------------
ERROR: failed to build: failed to solve: failed to compute cache key: failed to calculate checksum of ref jhl::eox: "/nope": not found
"#;
    let (failure, _) = failure_in(Format::Plain, copy);
    assert_eq!((failure.line, failure.missing_base), (Some(2), None));
    assert_eq!(failure.instruction.as_deref(), Some("COPY nope /x"));
}

#[test]
fn sees_a_full_disk_in_the_step_and_in_the_export() {
    let step = "#7 [3/3] RUN make\n#7 0.1 cc: error: out.o: No space left on device\n#7 ERROR: process \"/bin/sh -c make\" did not complete successfully: exit code: 1\n";
    assert!(failure_in(Format::Plain, step).0.disk_full);
    let export = "#9 exporting to image\n#9 ERROR: write /var/lib/docker/tmp/x: no space left on device\nERROR: failed to solve: write /var/lib/docker/tmp/x: no space left on device\n";
    let (failure, _) = failure_in(Format::Plain, export);
    assert!(failure.disk_full && failure.instruction.is_none());
    let podman = "STEP 1/2: FROM busybox\nError: creating build container: writing blob: storing blob to file: write /var/tmp/storage1: no space left on device\n";
    let (failure, _) = failure_in(Format::Steps, podman);
    assert!(failure.disk_full && failure.missing_base.is_none());
}

#[test]
fn classic_counts_steps_but_not_our_label() {
    let transcript = "Sending build context to Docker daemon  49.15kB\nStep 1/4 : FROM busybox\n ---> f5930ceea507\nStep 2/4 : WORKDIR /x\n ---> Using cache\n ---> ecde0b13e930\nStep 3/4 : RUN echo hello\n ---> Running in da2edce95c81\nhello\n ---> Removed intermediate container da2edce95c81\n ---> 7e2819c446bc\nStep 4/4 : LABEL jettison.run=x\n ---> Running in e02216c63c70\n ---> b1acef75c9f9\nSuccessfully built b1acef75c9f9\n";
    let (outcome, heard) = read(Format::Steps, transcript, "");
    assert_eq!((outcome.executed, outcome.cached, outcome.context_bytes), (1, 1, Some(49_150)));
    assert_eq!(outcome.steps[1].title, "[3/4] RUN echo hello");
    assert_eq!(outcome.steps[1].seconds, Some(5.0));
    assert!(!heard.iter().any(|line| line.contains("--->")), "{heard:?}");
}

#[test]
fn classic_finds_the_line_by_the_instruction() {
    let transcript = "Step 1/3 : FROM busybox\n ---> f5930ceea507\nStep 2/3 : RUN echo a\n ---> Using cache\nStep 3/3 : RUN echo b &&   ls /nope\n ---> Running in 9f1e8c318936\nls: /nope: No such file or directory\nb\nThe command '/bin/sh -c echo b &&   ls /nope' returned a non-zero code: 1\n";
    let (failure, line) = failure_in(Format::Steps, transcript);
    assert_eq!((failure.line, failure.exit_code), (Some(3), Some(1)));
    assert_eq!(line, "ls: /nope: No such file or directory");
}

#[test]
fn podman_counts_steps_of_every_stage() {
    let transcript = "[1/2] STEP 1/2: FROM busybox AS build\n[1/2] STEP 2/2: RUN make\n--> Using cache 03440b1a\n--> 03440b1a108\n[2/2] STEP 1/2: FROM busybox\n[2/2] STEP 2/2: COPY --from=build /x /x\n[2/2] COMMIT app\n--> 01da79d5834\nSuccessfully tagged localhost/app:latest\n";
    let (outcome, _) = read(Format::Steps, transcript, "");
    assert_eq!((outcome.executed, outcome.cached), (1, 1));
    assert_eq!(outcome.steps[0].title, "[stage 1/2, 2/2] RUN make");
}

#[test]
fn podman_names_the_failing_line_and_the_missing_base() {
    let failed = "STEP 1/3: FROM busybox\nSTEP 2/3: RUN echo a\na\n--> 31dc545b2a2\nSTEP 3/3: RUN echo b &&   ls /nope\nb\nls: /nope: No such file or directory\nError: building at STEP \"RUN echo b &&   ls /nope\": while running runtime: exit status 1\n";
    let (failure, line) = failure_in(Format::Steps, failed);
    assert_eq!((failure.line, failure.exit_code), (Some(3), Some(1)));
    assert_eq!(line, "ls: /nope: No such file or directory");
    let missing = "STEP 1/2: FROM --platform=linux/amd64 nope/nope:1\nError: creating build container: short-name \"nope/nope:1\" did not resolve to an alias and no unqualified-search registries are defined in \"/etc/containers/registries.conf\"\n";
    let (failure, _) = failure_in(Format::Steps, missing);
    assert_eq!(failure.missing_base.as_deref(), Some("nope/nope:1"));
    assert!(failure.message.contains("write docker.io/nope/nope:1"), "{failure:?}");
}

#[test]
fn the_line_that_says_most_is_the_cause_and_not_its_echo() {
    let transcript = "#7 [3/3] RUN pip install x\n#7 1.0 Collecting x\n#7 2.0   x.c:1:10: fatal error: Python.h: No such file or directory\n#7 2.1 compilation terminated.\n#7 2.2 error: command '/usr/bin/gcc' failed with exit code 1\n#7 2.3 ERROR: Failed building wheel for x\n#7 ERROR: process \"/bin/sh -c pip install x\" did not complete successfully: exit code: 1\n";
    let (_, line) = failure_in(Format::Plain, transcript);
    assert_eq!(line.trim(), "x.c:1:10: fatal error: Python.h: No such file or directory");
}

#[test]
fn an_instruction_that_stands_twice_has_no_line() {
    let transcript = "STEP 1/3: FROM busybox\nSTEP 2/3: RUN false\nError: building at STEP \"RUN false\": while running runtime: exit status 1\n";
    let (outcome, _) = read(Format::Steps, transcript, "FROM busybox\nRUN false\nFROM busybox\nRUN false\n");
    assert_eq!(outcome.failure.unwrap().line, None);
}

#[test]
fn secrets_do_not_reach_the_log() {
    let request = BuildRequest {
        build_args: vec![("TOKEN".into(), Some("abcd1234".into())), ("MODE".into(), Some("production".into()))],
        ..BuildRequest::default()
    };
    let mut heard = Vec::new();
    let mut on_line = |line: &str| heard.push(line.to_string());
    let mut log = Log::new(masker(&request), &mut on_line);
    log.say(None, "curl -H abcd1234 in production");
    assert_eq!(heard, ["curl -H *** in production"]);
}

#[test]
fn a_reader_never_panics_on_cut_transcripts() {
    for (format, whole) in [(Format::RawJson, RAWJSON_OK), (Format::Plain, PLAIN), (Format::Plain, EXCERPT)] {
        for at in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
            read(format, &whole[..at], "FROM x\\");
        }
    }
}
