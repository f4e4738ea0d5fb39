//! What the rewrites of apt commands look like in files of all styles, and where they hold back.

mod setup;

use jettison_facts::memory::MemoryWorld;
use jettison_plan::Status;
use setup::{only, plan, status};

fn one_run(dockerfile: &str) -> String {
    only("apt-one-run", dockerfile, &MemoryWorld::unknown())
}

#[test]
fn an_update_of_its_own_moves_to_the_install_in_the_files_indentation() {
    let text = one_run("FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl \\\n\t&& true\n");
    assert_eq!(
        text,
        "FROM debian:12\nRUN apt-get update \\\n\t&& apt-get install -y curl \\\n\t&& true \\\n\t&& rm -rf /var/lib/apt/lists/*\n"
    );
}

#[test]
fn operators_stay_at_the_end_of_the_line_where_they_are() {
    let text = one_run("FROM debian:12\nRUN apt-get update && \\\n  apt-get install -y curl\n");
    assert!(text.ends_with("apt-get install -y curl && \\\n  rm -rf /var/lib/apt/lists/*\n"), "{text}");
}

#[test]
fn a_failed_update_still_ends_a_script_joined_by_semicolons() {
    let text = one_run("FROM debian:12\nRUN set -eux; apt-get install -y curl; echo done\n");
    assert!(text.contains("set -eux; apt-get update; \\\n    apt-get install"), "{text}");
    assert!(text.contains("echo done \\\n    && rm -rf"), "{text}");
}

#[test]
fn a_here_document_gets_no_continuations_and_still_fails_with_its_last_command() {
    let text = one_run("FROM debian:12\nRUN <<EOF\nset -e\napt-get install -y curl\nEOF\n");
    assert_eq!(
        text,
        "FROM debian:12\nRUN <<EOF\nset -e\napt-get update; apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nEOF\n"
    );
}

#[test]
fn a_comment_at_the_end_of_a_run_stays_a_comment() {
    let text = one_run("FROM debian:12\nRUN apt-get update && apt-get install -y curl # for probes\n");
    assert!(text.contains("curl \\\n    && rm -rf /var/lib/apt/lists/* # for probes"), "{text}");
}

#[test]
fn lists_that_a_later_upgrade_reads_are_kept() {
    let dockerfile = "FROM debian:12\nRUN apt-get update\nRUN apt-get upgrade -y\nRUN apt-get install -y curl\n";
    let text = one_run(dockerfile);
    assert!(text.contains("RUN apt-get update\nRUN apt-get upgrade"), "{text}");
    let child =
        "FROM debian:12 AS a\nRUN apt-get update && apt-get install -y curl\nFROM a\nRUN apt-get build-dep -y x\n";
    assert_eq!(one_run(child), child);
}

#[test]
fn apt_in_alternatives_is_left_alone() {
    for run in
        ["apt-get install -y curl || true", "if true; then apt-get install -y curl; fi", "(apt-get install -y x)"]
    {
        let dockerfile = format!("FROM debian:12\nRUN {run}\n");
        assert_eq!(String::from_utf8(plan(&dockerfile, &MemoryWorld::unknown()).files.dockerfile).unwrap(), dockerfile);
    }
}

#[test]
fn triggers_are_left_alone() {
    let dockerfile = "FROM debian:12\nONBUILD RUN apt-get update\nONBUILD RUN apt-get install -y curl\n";
    assert_eq!(String::from_utf8(plan(dockerfile, &MemoryWorld::unknown()).files.dockerfile).unwrap(), dockerfile);
}

#[test]
fn options_before_the_subcommand_are_understood() {
    let text = one_run("FROM debian:12\nRUN apt-get -qq update\nRUN apt -y install curl\n");
    assert_eq!(text.matches("update").count(), 1, "{text}");
    assert!(text.contains("&& apt -y install curl"), "{text}");
}

#[test]
fn mounted_lists_are_neither_fetched_again_nor_removed() {
    let dockerfile = "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n\
        RUN --mount=type=cache,target=/var/lib/apt apt-get install -y curl\n";
    let text = one_run(dockerfile);
    assert!(text.contains("apt-get update"), "{text}");
}

#[test]
fn certificates_are_named_once_recommendations_are_not_installed() {
    let text = only(
        "apt-no-recommends",
        "FROM debian:12\nRUN apt-get install -y \\\n    make \\\n    curl\n",
        &MemoryWorld::unknown(),
    );
    assert!(
        text.contains("install --no-install-recommends -y \\\n    make \\\n    curl \\\n    ca-certificates\n"),
        "{text}"
    );
}

#[test]
fn headers_of_c_are_named_once_recommendations_are_not_installed() {
    let text = only("apt-no-recommends", "FROM debian:12\nRUN apt-get install -y gcc\n", &MemoryWorld::unknown());
    assert!(text.contains("gcc libc6-dev"), "{text}");
}

#[test]
fn recommendations_that_are_asked_for_stay() {
    for dockerfile in [
        "FROM debian:12\nRUN apt-get install -y --install-recommends curl\n",
        "FROM debian:12\nRUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/99x\nRUN apt-get install -y curl\n",
    ] {
        assert_eq!(status(dockerfile, &MemoryWorld::unknown(), "apt-no-recommends").0, Status::NotApplicable);
    }
}

#[test]
fn the_option_is_not_said_twice_wherever_it_stands() {
    let dockerfile = "FROM debian:12\nRUN apt-get install -y curl \\\n # comment\n vim \\\n --no-install-recommends\n";
    let text = only("apt-no-recommends", dockerfile, &MemoryWorld::unknown());
    assert_eq!(text, dockerfile);
}
