//! apt, other tools, and RUN as a list.

use super::{kind, kinds, segments};
use crate::memory::MemoryWorld;
use crate::{AptInstall, SegmentKind};

fn apt(script: &str) -> AptInstall {
    match kind(script) {
        SegmentKind::AptInstall(install) => install,
        other => panic!("{script}: {other:?}"),
    }
}

fn names(install: &AptInstall) -> Vec<&str> {
    install.packages.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn finds_the_packages_of_apt_installs_in_any_spelling() {
    for script in [
        "apt-get install -y curl git=1:2.39*",
        "apt install curl git=1:2.39* -y",
        "apt-get -y install curl git=1:2.39*",
        "DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Options::=--force-confold install -y curl git=1:2.39*",
        "apt-get install -t bookworm-backports -y curl \\\n    git=1:2.39*",
        "/usr/bin/apt-get install -y 'curl' \"git=1:2.39*\"",
    ] {
        let install = apt(script);
        assert_eq!(names(&install), ["curl", "git=1:2.39*"], "{script}");
        assert!(!install.opaque && !install.no_recommends, "{script}");
    }
}

#[test]
fn spans_of_packages_are_their_words() {
    let text = "FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y \\\n    vim  curl\n";
    let world = MemoryWorld::unknown();
    let facts = super::facts(text, &world);
    let segments = facts.stages[0].runs[0].segments.as_ref().unwrap();
    let SegmentKind::AptInstall(install) = &segments[1].kind else { panic!() };
    let spans: Vec<&str> = install.packages.iter().map(|(_, span)| &text[span.range()]).collect();
    assert_eq!(spans, ["vim", "curl"]);
    assert_eq!(segments[1].text, "apt-get install -y vim curl");
    let assigned = super::segments("A=1 B='x y' apt-get update 2>&1").unwrap();
    assert_eq!(assigned[0].text, "A=1 B='x y' apt-get update 2>&1");
    assert!(
        text[segments[1].span.range()].starts_with("apt-get install")
            && text[segments[1].span.range()].ends_with("curl")
    );
}

#[test]
fn knows_when_recommends_are_off() {
    for script in [
        "apt-get install -y --no-install-recommends curl",
        "apt-get -o APT::Install-Recommends=false install curl",
        "apt-get install -oAPT::Install-Recommends=0 curl",
        "apt-get install --option=apt::install-recommends=No curl",
    ] {
        let install = apt(script);
        assert!(install.no_recommends, "{script}");
        assert_eq!(names(&install), ["curl"], "{script}");
    }
    assert!(!apt("apt-get install -o APT::Install-Recommends=true curl").no_recommends);
}

#[test]
fn words_with_variables_make_an_install_opaque() {
    assert!(apt("apt-get install -y curl $EXTRA").opaque);
    assert!(apt("apt-get install -y curl vim-").opaque);
    assert_eq!(kind("apt-get $OPTIONS install curl"), SegmentKind::Other);
}

#[test]
fn tells_apt_commands_apart() {
    assert_eq!(kind("apt-get update -qq"), SegmentKind::AptUpdate);
    assert_eq!(kind("apt-get -y dist-upgrade"), SegmentKind::AptUpgrade);
    assert_eq!(kind("apt-get purge -y --auto-remove gcc"), SegmentKind::AptOther);
    assert_eq!(kind("apt-get build-dep nginx"), SegmentKind::Other);
    assert_eq!(kind("apt-get"), SegmentKind::Other);
    assert_eq!(kind("rm -rf /var/lib/apt/lists/*"), SegmentKind::AptListsRemoved);
    assert_eq!(kind("rm -r -f /var/lib/apt/lists /tmp/x"), SegmentKind::AptListsRemoved);
    assert_eq!(kind("rm -rf /var/lib/apt/listsx"), SegmentKind::Configure("rm".into()));
    assert_eq!(kind("rm /var/lib/apt/lists/lock"), SegmentKind::Configure("rm".into()));
}

#[test]
fn splits_flat_scripts_only() {
    let flat = kinds("set -eux; apt-get update; \\\n  apt-get install -y gcc && make -j4 && cd /src");
    assert!(matches!(
        flat.as_slice(),
        [
            SegmentKind::ShellState(_),
            SegmentKind::AptUpdate,
            SegmentKind::AptInstall(_),
            SegmentKind::Build(_),
            SegmentKind::ShellState(_)
        ]
    ));
    for script in ["apt-get update || true", "if true; then ls; fi", "curl -s x | sh", "(cd x && make)", "sleep 1 & ls"]
    {
        assert!(segments(script).is_none(), "{script}");
    }
}

#[test]
fn exec_forms_and_foreign_shells_have_no_segments() {
    let world = MemoryWorld::unknown();
    for text in [
        "FROM a\nRUN [\"apt-get\", \"update\"]\n",
        "FROM a\nSHELL [\"powershell\", \"-Command\"]\nRUN apt-get update\n",
    ] {
        assert!(super::facts(text, &world).stages[0].runs[0].segments.is_none(), "{text}");
    }
    let bash =
        super::facts("FROM a\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN apt-get update\n", &world);
    assert!(bash.stages[0].runs[0].segments.is_some());
}

#[test]
fn a_set_that_only_stops_on_errors_is_harmless() {
    for script in ["set -e", "set -eux", "set -e -u", "set -o pipefail", "set -euxo pipefail"] {
        assert!(segments(script).unwrap()[0].is_harmless(), "{script}");
    }
    for script in ["set -f", "set +e", "set -o noglob", "set -- a b", "set -o", "set", "cd /x", "set $FLAGS"] {
        let segment = &segments(script).unwrap()[0];
        assert!(!(segment.is_harmless()) || segment.words.len() == 1, "{script}");
    }
}

#[test]
fn bare_assignments_change_the_shell() {
    assert_eq!(kind("VERSION=1"), SegmentKind::ShellState("=".into()));
    assert_eq!(kind("export A=1"), SegmentKind::ShellState("export".into()));
    assert_eq!(kind("$CMD x"), SegmentKind::Other);
}

#[test]
fn knows_what_other_tools_do() {
    let install = |tool: &str| SegmentKind::Install(tool.into());
    let build = |tool: &str| SegmentKind::Build(tool.into());
    for (script, kind) in [
        ("go mod download -x", install("go")),
        ("CGO_ENABLED=0 go build -o /out/app ./cmd/app", build("go")),
        ("cargo fetch --locked", install("cargo")),
        ("cargo build --release", build("cargo")),
        ("mvn -B -q dependency:go-offline", install("mvn")),
        ("./mvnw package -DskipTests", build("mvnw")),
        ("bundle install --jobs 4", install("bundle")),
        ("composer install --no-dev", install("composer")),
        ("composer dump-autoload -o", build("composer")),
        ("apk add --no-cache curl", install("apk")),
        ("dotnet restore", install("dotnet")),
        ("dotnet publish -c Release", build("dotnet")),
        ("uv sync --locked", install("uv")),
        ("poetry install --only main", install("poetry")),
        ("make -C src install", build("make")),
        ("gcc -O2 -o x x.c", build("gcc")),
        ("useradd -m app", SegmentKind::Configure("useradd".into())),
        ("mkdir -p /data", SegmentKind::Configure("mkdir".into())),
        ("npx tsc -p .", SegmentKind::NpmRun("tsc".into())),
        ("./install.sh", SegmentKind::Other),
        ("sudo apt-get update", SegmentKind::Other),
    ] {
        assert_eq!(super::kind(script), kind, "{script}");
    }
}
