//! Comments that silence findings: whose, where, how long.

use jettison_dockerfile::parse;
use jettison_facts::Nowhere;
use jettison_lint::{Outcome, PragmaKind, Settings, check, named};

fn outcome(text: &str, settings: &Settings) -> Outcome {
    check(&parse(text.as_bytes()), &Nowhere, settings)
}

fn latest(today: &str) -> Settings {
    let only = [named("latest-tag"), named("suppression-problem")].concat();
    Settings { only: Some(only), today: Some(today.to_owned()), ..Settings::default() }
}

fn said(text: &str) -> Vec<&'static str> {
    outcome(text, &latest("2026-11-21"))
        .findings
        .iter()
        .map(|finding| finding.rule)
        .filter(|rule| !rule.ends_with("forbidden"))
        .collect()
}

#[test]
fn a_comment_covers_the_instruction_below_it() {
    assert_eq!(said("# jettison: allow=latest-tag ours\nFROM debian:latest\n"), Vec::<&str>::new());
    assert_eq!(
        said(
            "# jettison: allow=latest-tag ours\n\n# more\nFROM debian:latest AS a\nFROM alpine:latest\nCOPY --from=a /a /a\n"
        ),
        ["latest-tag"]
    );
    assert_eq!(
        said("# jettison: allow-file=DL3007 ours\nFROM debian:latest AS a\nFROM alpine:latest\nCOPY --from=a /a /a\n"),
        Vec::<&str>::new()
    );
}

#[test]
fn a_comment_inside_of_an_instruction_covers_it() {
    let settings = Settings { only: Some(named("apk-cache-kept")), ..Settings::default() };
    let text = "FROM alpine:3\nRUN true && \\\n  # jettison: allow=apk-cache-kept small\n  apk add curl\n";
    assert!(outcome(text, &settings).findings.is_empty());
    let found = outcome(text, &settings).suppressed;
    assert_eq!((found.len(), found[0].reason.as_deref(), found[0].kind), (1, Some("small"), PragmaKind::Native));
}

#[test]
fn other_tools_comments_count() {
    assert!(said("# hadolint ignore=DL3007\nFROM debian:latest\n").is_empty());
    assert!(said("# hadolint global ignore=DL3007\nFROM debian:latest\n").is_empty());
    assert!(said("# checkov:skip=CKV_DOCKER_7: why not\nFROM debian:latest\n").is_empty());
    assert_eq!(said("# hadolint ignore=DL3006\nFROM debian:latest\n"), ["latest-tag"]);
    let settings = Settings { only: Some(named("StageNameCasing")), ..Settings::default() };
    assert!(outcome("# check=skip=StageNameCasing;error=true\nFROM a:1 AS B\n", &settings).findings.is_empty());
    assert!(outcome("# check=error=true\nFROM a:1\n", &settings).fail_on_any);
}

#[test]
fn problems_of_comments_are_said() {
    assert_eq!(said("# jettison: allow=latest-tag\nFROM debian:12\n"), ["suppression-problem/unused"]);
    assert_eq!(said("# jettison: allow=latest-tga\nFROM debian:12\n"), ["suppression-problem/unknown"]);
    let expired = "# jettison: allow=latest-tag until=2026-11-20 soon\nFROM debian:latest\n";
    assert_eq!(said(expired), ["suppression-problem/expired", "latest-tag"]);
    let last_day = "# jettison: allow=latest-tag until=2026-11-21 soon\nFROM debian:latest\n";
    assert_eq!(said(last_day), Vec::<&str>::new());
}
