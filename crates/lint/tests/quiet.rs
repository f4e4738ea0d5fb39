//! Complaints that people have about linters: each file stays silent about the rule, and its counterpart does not.

use jettison_dockerfile::parse;
use jettison_facts::Nowhere;
use jettison_lint::{Settings, check, id_of, named};

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
];

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
