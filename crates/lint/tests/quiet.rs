//! Complaints that people have about linters: each file stays silent about the rule, and its counterpart does not.

use jettison_dockerfile::parse;
use jettison_facts::memory::MemoryWorld;
use jettison_facts::{Nowhere, World};
use jettison_lint::{Settings, check, fix, id_of, named};
use jettison_model::{FixSafety, Severity};

fn finds(rule: &str, text: &str) -> bool {
    let settings = Settings { only: Some(named(rule)), ..Settings::default() };
    let outcome = check(&parse(text.as_bytes()), &Nowhere, &settings);
    outcome.findings.iter().any(|finding| id_of(finding.rule) == id_of(rule))
}

/// Rule, a file that it must not complain about, one that it must.
const COMPLAINTS: &[(&str, &str, &str)] = &[
    (
        "pip-cache-kept",
        "FROM debian:12\nRUN --mount=type=tmpfs,target=/root pip install a==1\n",
        "FROM debian:12\nRUN --mount=type=cache,target=/x pip install a==1\n",
    ),
    (
        "apt-cache-kept",
        "FROM debian:12\nRUN apt-get update && apt-get install -y a && find /var/lib/apt/lists -type f -delete\n",
        "FROM debian:12\nRUN rm -rf /var/lib/apt/lists/* && apt-get update && apt-get install -y a\n",
    ),
    ("untagged-base", "ARG B\nFROM $B\n", "ARG B=debian\nFROM $B\n"),
    ("untagged-base", "FROM a:1 AS base-amd64\nFROM base-${TARGETARCH}\n", "FROM a:1 AS base-amd64\nFROM debian\n"),
    (
        "unpinned-apt-package",
        "FROM debian:12\nARG P=\"a=1 b=2\"\nRUN apt-get install -y -t bookworm $P\n",
        "FROM debian:12\nARG P=\"a b\"\nRUN apt-get install -y $P\n",
    ),
    (
        "root-final-user",
        "FROM debian:12 AS b\nUSER root\nFROM debian:12\nCOPY --from=b /a /a\nUSER 1\n",
        "FROM debian:12\nUSER 0:0\n",
    ),
    (
        "unmasked-pipe-failure",
        "FROM a:1 AS b\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nFROM b\nARG X\nENV Y=1\nRUN curl x | tar x\n",
        "FROM a:1\nRUN curl x | tar x\n",
    ),
    (
        "unmasked-pipe-failure",
        "FROM a:1\nRUN <<EOF\nset -eo pipefail\ncurl x | tar x\nEOF\n",
        "FROM a:1\nRUN <<EOF\ncurl x | tar x\nEOF\n",
    ),
    ("relative-copy-destination", "FROM a:1 AS b\nWORKDIR /w\nFROM b\nCOPY x .\n", "FROM a:1\nCOPY x .\n"),
    (
        "secret-named-variable",
        "FROM a:1\nENV USERNAME=x GOPRIVATE=y API_TOKEN_FILE=/t APP_ID=1 TOKEN_VERSION=2\n",
        "FROM a:1\nENV API_TOKEN=abc\n",
    ),
    ("consecutive-runs", "FROM a:1\nRUN make\nRUN make install\n", "FROM a:1\nRUN curl -O x\nRUN rm x\n"),
    (
        "unknown-copy-source",
        "FROM a:1\nCOPY --from=ghcr.io/a/b /x /x\nCOPY --from=nginx:1 /x /x\n",
        "FROM a:1\nCOPY --from=nothing /x /x\n",
    ),
    ("shell-form-command", "FROM a:1\nHEALTHCHECK CMD curl -f x || exit 1\n", "FROM a:1\nCMD curl -f x\n"),
    ("invalid-default-image", "ARG V\nFROM a:${V:?version}\n", "ARG V\nFROM a:$V\n"),
    ("env-self-reference", "FROM a:1\nENV PATH=/x:$PATH\n", "FROM a:1\nENV A=1 B=$A\n"),
    (
        "two-downloaders-installed",
        "FROM a:1 AS b\nRUN apk add curl\nFROM a:1\nCOPY --from=b /x /x\nRUN apk add wget\n",
        "FROM a:1\nRUN apk add curl wget\n",
    ),
    (
        "invalid-flag",
        "FROM a:1\nCOPY --exclude=*.md --link --parents a b /c/\n",
        "FROM a:1\nCOPY --excludes=*.md a /c\n",
    ),
    (
        "invalid-mount-option",
        "FROM a:1\nRUN --mount=dst=/x,src=y,ro=false,type=bind make\n",
        "FROM a:1\nRUN --mount=type=cache,target=/x,sharing=some make\n",
    ),
    ("default-shell-relinked", "FROM a:1\nRUN ln -s /bin/sh /x\n", "FROM a:1\nRUN ln -s /bin/bash /bin/sh\n"),
    ("sudo-in-build", "FROM a:1\nRUN echo 'sudo make' # sudo\n", "FROM a:1\nRUN (cd x; sudo make)\n"),
    (
        "unpinned-npm-package",
        "FROM a:1\nRUN npm install -g @a/b@1 ./x git+https://x/y\n",
        "FROM a:1\nRUN npm install -g @a/b\n",
    ),
    ("default-root-user", "FROM gcr.io/distroless/static:nonroot\n", "FROM debian:12\n"),
    (
        "bashism-in-sh",
        "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nARG A\nENV B=1\nRUN source ./env && make\n",
        "FROM debian:12\nARG A\nENV B=1\nRUN source ./env && make\n",
    ),
    ("named-final-user", "FROM a:1\nARG UID=1001\nUSER $UID\n", "FROM a:1\nUSER app\n"),
    (
        "consecutive-runs",
        "FROM a:1 AS b\nRUN curl -O x\nRUN rm x\nFROM a:1\nCOPY --from=b /y /y\n",
        "FROM a:1\nRUN curl -O x\n# why\nRUN rm x\n",
    ),
    (
        "directory-change-in-run",
        "FROM a:1\nRUN (cd /src && make)\nRUN x && cd /src && make && cd / && rm -r /src\n",
        "FROM a:1\nRUN cd /src && make\n",
    ),
    (
        "healthcheck-missing",
        "FROM a:1 AS b\nRUN x\nFROM scratch\nCOPY --from=b /a /a\nEXPOSE 80\nHEALTHCHECK NONE\nCMD [\"/a\"]\n",
        "FROM a:1\nEXPOSE 80\nCMD [\"a\"]\n",
    ),
    (
        "undefined-variable",
        "FROM scratch\nENV PATH=$PATH:/x\nCOPY <<E /x\n$y\nE\n",
        "FROM scratch\nWORKDIR /$nothing\n",
    ),
    ("shell-form-command", "FROM a:1\nCMD exec app\n", "FROM a:1\nCMD app x\n"),
    ("malformed-exec-form", "FROM a:1\nCMD [ -f x ] && y\n", "FROM a:1\nCMD ['a']\n"),
    (
        "single-stage-compile",
        "FROM golang:1.25 AS b\nRUN go build -o /a\nFROM scratch\nCOPY --from=b /a /a\nCMD [\"/a\"]\n",
        "FROM golang:1.25\nRUN go build -o /a\nCMD [\"/a\"]\n",
    ),
    (
        "apk-cache-kept",
        "FROM alpine:3.22\nRUN apk add --no-network --virtual .run so:libc.musl-x86_64.so.1\n",
        "FROM alpine:3.22\nRUN apk add --virtual .run curl\n",
    ),
];

/// What is said of a file without asking for anything.
fn by_default(text: &str, world: &dyn World) -> Vec<(&'static str, Severity)> {
    let found = check(&parse(text.as_bytes()), world, &Settings::default()).findings;
    found.iter().map(|finding| (id_of(finding.rule), finding.severity)).collect()
}

#[test]
fn opinions_are_only_said_on_request() {
    let text = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n\
                RUN cd /src && make\nHEALTHCHECK CMD curl -f localhost || exit 1\nUSER app\nEXPOSE 80\nCMD [\"app\"]\n";
    let said = by_default(text, &Nowhere);
    for rule in [
        "unpinned-apt-package",
        "named-final-user",
        "directory-change-in-run",
        "shell-form-command",
        "healthcheck-missing",
    ] {
        assert!(!said.iter().any(|(known, _)| *known == rule), "{rule}");
    }
}

#[test]
fn a_secret_in_a_stage_that_does_not_ship_is_milder() {
    let text = "FROM a:1 AS b\nARG API_TOKEN\nRUN x\nFROM a:1\nARG API_TOKEN\nCOPY --from=b /x /x\n";
    let said = by_default(text, &Nowhere);
    let of = |severity| said.iter().filter(|one| **one == ("secret-named-variable", severity)).count();
    assert_eq!((of(Severity::Info), of(Severity::Warning)), (1, 1), "{said:?}");
}

#[test]
fn exceptions_of_the_ignore_file_and_other_stages_hide_nothing() {
    let world = MemoryWorld::new().with_file("app.py", "x").with_file("notes.txt", "x").with_ignore("*\n!app.py");
    let hidden = |copy: &str| {
        let text = format!("FROM a:1 AS b\nRUN x\nFROM a:1\nCOPY {copy} /app/\n");
        by_default(&text, &world).iter().any(|(rule, _)| *rule == "copy-ignored-path")
    };
    assert_eq!([".", "app.py", "--from=b notes.txt", "notes.txt"].map(hidden), [false, false, false, true]);
}

#[test]
fn lists_that_a_later_run_installs_from_are_not_removed() {
    let text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN apt-get install -y git\n";
    let fixed = fix(text.as_bytes(), &Nowhere, &Settings::default(), FixSafety::Safe);
    assert!(!String::from_utf8_lossy(&fixed.bytes).contains("rm -rf"));
    let alone = "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n";
    let fixed =
        String::from_utf8(fix(alone.as_bytes(), &Nowhere, &Settings::default(), FixSafety::Safe).bytes).unwrap();
    assert!(fixed.starts_with("FROM debian:12\nRUN apt-get update && apt-get install -y curl"), "{fixed}");
}

#[test]
fn what_people_complain_about_stays_silent() {
    let mut wrong = Vec::new();
    for (rule, quiet, loud) in COMPLAINTS {
        if finds(rule, quiet) {
            wrong.push(format!("{rule} complains about\n{quiet}"));
        }
        if !finds(rule, loud) {
            wrong.push(format!("{rule} does not see\n{loud}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
