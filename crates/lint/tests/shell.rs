//! Findings about the scripts inside of instructions: where they stand, which shell is meant, what hides them, who judges.

use std::sync::Arc;

use jettison_dockerfile::parse;
use jettison_facts::Nowhere;
use jettison_lint::{
    Outcome, PragmaKind, Profile, Settings, ShellFinding, ShellScript, Shellcheck, check, fix, named, rule,
    shell_scripts,
};
use jettison_model::{Finding, FixSafety, LineIndex, Severity};
use proptest::prelude::*;

fn outcome(text: &str, settings: &Settings) -> Outcome {
    check(&parse(text.as_bytes()), &Nowhere, settings)
}

fn is_about_scripts(finding: &&Finding) -> bool {
    finding.rule.starts_with("SC")
}

/// `line:column code text` of everything about scripts.
fn said_by(text: &str, settings: &Settings) -> Vec<String> {
    let lines = LineIndex::new(text.as_bytes());
    let outcome = outcome(text, settings);
    let one = |finding: &Finding| {
        let line = lines.line(finding.span.start);
        let before = &text[..finding.span.start as usize];
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
        format!("{line}:{column} {} {}", finding.rule, &text[finding.span.range()])
    };
    outcome.findings.iter().filter(is_about_scripts).map(one).collect()
}

fn said(text: &str) -> Vec<String> {
    said_by(text, &Settings::default())
}

/// The codes alone.
fn codes(text: &str, settings: &Settings) -> Vec<&'static str> {
    outcome(text, settings).findings.iter().filter(is_about_scripts).map(|finding| finding.rule).collect()
}

fn of(profile: Profile) -> Settings {
    Settings { profile, ..Settings::default() }
}

#[test]
fn places_are_exact_behind_continuations_and_comments() {
    let text = "FROM debian:13\nRUN a=$(cat /a) && \\\n    # a comment $b\n    touch x && \\\n\n  mkdir $a\n";
    assert_eq!(said(text), ["6:9 SC2086 $a"]);
    let text = "# escape=`\nFROM debian:13\nRUN a=$(cat /a) && `\n  mkdir  $a\n";
    assert_eq!(said(text), ["4:10 SC2086 $a"]);
    let text = "FROM debian:13\r\nRUN a=$(cat /a) && \\\r\n  mkdir $a\r\n";
    assert_eq!(said(text), ["3:9 SC2086 $a"]);
    let text = "FROM debian:13\nRUN echo é && a=$(cat /a) && mkdir $a\n";
    assert_eq!(said(text), ["2:37 SC2086 $a"]);
}

#[test]
fn places_are_exact_in_here_documents() {
    let text = "FROM debian:13\nRUN <<EOF\na=$(cat /a)\n  mkdir $a\nEOF\n";
    assert_eq!(said(text), ["4:9 SC2086 $a"]);
    let text = "FROM debian:13\nRUN <<-EOF\n\ta=$(cat /a)\n\t\tmkdir $a\n\tEOF\n";
    assert_eq!(said(text), ["4:9 SC2086 $a"]);
    let text = "FROM debian:13\nRUN a=$(cat /a) && cat <<EOF > /x && mkdir $a\n$a\nEOF\n";
    assert_eq!(said(text), ["2:44 SC2086 $a"]);
    let text = "FROM debian:13\nRUN <<EOF\n#!/bin/bash\nif [[ -f /a ]]; then mkdir $1; fi\nEOF\n";
    assert_eq!(said(text), ["4:28 SC2086 $1"]);
    assert!(said("FROM debian:13\nRUN <<EOF\n#!/usr/bin/env python3\nprint($a)\nEOF\n").is_empty());
}

#[test]
fn exec_forms_and_triggers_are_read() {
    let text = "FROM debian:13\nRUN [\"/bin/sh\", \"-c\", \"a=\\\"$(cat /a)\\\"; mkdir $a\"]\n";
    assert_eq!(said(text), ["2:47 SC2086 $a"]);
    assert_eq!(said("FROM debian:13\nONBUILD RUN a=$(cat /a) && mkdir $a\n"), ["2:34 SC2086 $a"]);
    assert!(said("FROM debian:13\nRUN [\"mkdir\", \"$a\"]\n").is_empty());
}

#[test]
fn other_shells_are_left_alone() {
    for text in [
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN mkdir $a\n",
        "FROM debian:13\nSHELL [\"pwsh\", \"-c\"]\nRUN mkdir $a *.x\n",
        "FROM debian:13\nSHELL [\"cmd\", \"/S\", \"/C\"]\nRUN mkdir $a *.x\n",
        "FROM debian:13\nSHELL [\"/usr/bin/python3\", \"-c\"]\nRUN print($a)\n",
        "FROM corp/windows:1\n# hadolint shell=powershell\nRUN mkdir $a *.x\n",
    ] {
        assert!(said(text).is_empty(), "{text}");
    }
}

#[test]
fn the_shell_decides_what_it_has() {
    let run = "RUN if [[ -f /a ]]; then source /a; fi\n";
    let of = |from: &str, settings: &Settings| codes(&format!("FROM {from}\n{run}"), settings);
    let own = Settings::default();
    assert_eq!(of("debian:13", &own), ["SC3010", "SC3046"]);
    assert!(of("alpine:3.22", &own).is_empty(), "BusyBox has both");
    assert!(of("fedora:43", &own).is_empty(), "sh is bash there");
    assert!(of("debian:13\nSHELL [\"/bin/bash\", \"-c\"]", &own).is_empty());
    assert!(of("acme/app:1\n# hadolint shell=/bin/bash", &own).is_empty());
    let hadolint = Settings { profile: Profile::Hadolint, ..Settings::default() };
    assert_eq!(of("alpine:3.22", &hadolint), ["SC3010", "SC3046"], "hadolint knows no bases");
}

#[test]
fn what_the_builder_sets_is_set() {
    let with = |set: &str| {
        codes(&format!("FROM debian:13\n{set}\nRUN mkdir \"/srv/$appdir\" /opt/$appdir\n"), &Settings::default())
    };
    assert_eq!(with("USER app"), ["SC2154", "SC2086"]);
    for set in ["ENV appdir=a", "ARG appdir", "ARG appdir=a", "ENV appdir a b"] {
        assert!(with(set).is_empty(), "{set}: {:?}", with(set));
    }
    let below = "FROM debian:13 AS base\nENV appdir=a\nFROM base\nRUN mkdir \"/srv/$appdir\"\n";
    assert!(said(below).is_empty());
    let beside =
        "FROM debian:13 AS other\nENV appdir=a\nFROM debian:13\nRUN mkdir \"/srv/$appdir\"\nCOPY --from=other /a /a\n";
    assert_eq!(codes(beside, &Settings::default()), ["SC2154"]);
}

#[test]
fn a_shell_that_stops_at_errors_notices_a_failing_cd() {
    assert_eq!(codes("FROM debian:13\nRUN cd /opt; make\n", &Settings::default()), ["SC2164"]);
    let text = "FROM debian:13\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN cd /opt; make\n";
    assert!(said(text).is_empty(), "{:?}", said(text));
}

#[test]
fn comments_hide_what_they_name() {
    let with = |comment: &str| {
        let text = format!("FROM debian:13\n{comment}\nRUN a=$(cat /a) && \\\n  mkdir $a\n");
        let only = Some([named("SC2086"), named("SC2164"), named("suppression-problem/unused")].concat());
        outcome(&text, &Settings { only, ..Settings::default() })
    };
    for (comment, kind) in [
        ("# shellcheck disable=SC2046,SC2086", PragmaKind::Shellcheck),
        ("# hadolint ignore=SC2086", PragmaKind::Hadolint),
        ("# hadolint ignore=DL3008,SC2086 # split on purpose", PragmaKind::Hadolint),
        ("# jettison: allow=SC2086 split on purpose", PragmaKind::Native),
        ("# jettison: allow=sc2086", PragmaKind::Native),
    ] {
        let outcome = with(comment);
        assert!(outcome.findings.is_empty(), "{comment}: {:?}", outcome.findings);
        assert_eq!(outcome.suppressed.iter().map(|one| one.kind).collect::<Vec<_>>(), [kind], "{comment}");
    }
    assert_eq!(with("# shellcheck disable=SC2046").findings.len(), 1);
    let unused = with("# jettison: allow=SC2164 never");
    assert!(unused.findings.iter().any(|finding| finding.rule == "suppression-problem/unused"));
}

#[test]
fn a_directive_inside_of_a_here_document_counts() {
    let text = "FROM debian:13\nRUN <<EOF\na=$(cat /a)\n# shellcheck disable=SC2086\nmkdir $a\nmkdir -p $a\nEOF\n";
    assert_eq!(said(text), ["6:10 SC2086 $a"]);
}

#[test]
fn a_fix_keeps_comments_that_allow_something_in_a_script() {
    let text = "FROM debian:13\n# jettison: allow=SC2086 split on purpose\nRUN a=$(cat /a) && mkdir $a\n";
    let fixed = fix(text.as_bytes(), &Nowhere, &Settings::default(), FixSafety::Safe);
    assert!(String::from_utf8_lossy(&fixed.bytes).contains("allow=SC2086"));
}

#[test]
fn profiles_decide_what_is_said() {
    let text = "FROM debian:13\nRUN cd /a; mkdir $(cat /b) *.x\n";
    let mut expected = vec![("SC2164", Severity::Warning), ("SC2046", Severity::Warning), ("SC2035", Severity::Info)];
    expected.sort_unstable();
    for profile in [Profile::Default, Profile::Hadolint, Profile::Strict] {
        let found = outcome(text, &of(profile)).findings;
        let mut found: Vec<_> = found.iter().filter(is_about_scripts).map(|one| (one.rule, one.severity)).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{profile:?}");
    }
    assert!(codes(text, &of(Profile::Buildkit)).is_empty());
    let ignored = Settings { ignored: named("SC2046"), ..of(Profile::Hadolint) };
    assert!(!codes(text, &ignored).contains(&"SC2046"));
    let graver = Settings { severities: vec![(named("SC2035")[0], Severity::Error)], ..Settings::default() };
    assert!(outcome(text, &graver).findings.iter().any(|one| one.rule == "SC2035" && one.severity == Severity::Error));
}

#[test]
fn what_starts_is_told_of_grave_things_only() {
    assert!(said("FROM debian:13\nCMD java $JAVA_OPTS -jar /app.jar\n").is_empty());
    assert!(said("FROM debian:13\nENTRYPOINT [\"sh\", \"-c\", \"exec java $JAVA_OPTS\"]\n").is_empty());
    assert_eq!(said("FROM debian:13\nCMD [\"sh\", \"-c\", \"source /env; x\"]\n"), ["2:19 SC3046 source /env"]);
    assert!(codes("FROM debian:13\nCMD source /env\n", &of(Profile::Hadolint)).is_empty(), "hadolint reads RUN only");
}

#[test]
fn every_code_has_a_page_that_leads_to_the_wiki() {
    let page = rule("SC2086").unwrap();
    assert!(page.docs.contains("<https://www.shellcheck.net/wiki/SC2086>"));
    assert!(rule("SC2187").unwrap().docs.contains("<https://www.shellcheck.net/wiki/SC2187>"));
    assert!(rule("SC12").is_none() && named("SC99999").is_empty());
    let without = Settings { ignored: named("shellcheck"), ..Settings::default() };
    assert!(codes("FROM debian:13\nRUN cd /a; mkdir $(cat /b) *.x\n", &without).is_empty());
}

/// Finds one code at a text, and remembers the scripts.
#[derive(Debug)]
struct Judge(u16, &'static str);

impl Shellcheck for Judge {
    fn judge(&self, scripts: &[&ShellScript]) -> Vec<Vec<ShellFinding>> {
        let one = |script: &&ShellScript| {
            let start = script.text.find(self.1)?;
            let range = start..start + self.1.len();
            Some(ShellFinding {
                code: self.0,
                severity: Some(Severity::Error),
                range,
                message: "as it says".to_owned(),
            })
        };
        scripts.iter().map(|script| one(script).into_iter().collect()).collect()
    }
}

#[test]
fn another_judge_takes_the_place_of_ours() {
    let text = "FROM debian:13\nENV b=1\nRUN echo $a && \\\n  touch $b\n";
    let with = |code, text| Settings { shellcheck: Some(Arc::new(Judge(code, text))), ..Settings::default() };
    assert_eq!(said_by(text, &with(2999, "touch")), ["4:3 SC2999 touch"], "codes without a page are said too");
    assert_eq!(said_by(text, &with(2187, "touch")), Vec::<String>::new(), "what makes no sense is not");
    assert_eq!(
        said_by(text, &with(2086, "export")),
        Vec::<String>::new(),
        "what stands before the script is not the file's"
    );
    let scripts = shell_scripts(&parse(text.as_bytes()), &Nowhere, &Settings::default());
    assert_eq!(
        scripts.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(),
        ["#!/bin/sh\nexport b=1\necho $a &&   touch $b"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_script_is_judged_and_findings_lie_in_the_file(
        script in "([ -~]|[$(){}\\[\\]`\"'\\\\;&|<>*?!#=\n]|if |then |fi|do |done|case |esac|EOF|é){0,60}",
    ) {
        let text = format!("FROM debian:13\nRUN {script}\nRUN <<EOF\n{script}\nEOF\n");
        for profile in [Profile::Default, Profile::Hadolint] {
            for finding in outcome(&text, &of(profile)).findings {
                prop_assert!(finding.span.end as usize <= text.len() && text.is_char_boundary(finding.span.start as usize));
            }
        }
    }
}
