//! Tools that nothing names go; one that something may call stays.

mod setup;

use jettison_facts::memory::MemoryWorld;
use jettison_plan::Status;
use setup::{only, status};

const TAIL: &str = "COPY . /srv\nCMD [\"python\", \"/srv/main.py\"]\n";

fn world() -> MemoryWorld {
    MemoryWorld::new().with_file("main.py", "print(1)\n")
}

fn said(runs: &str, world: &MemoryWorld) -> (Status, String) {
    status(&format!("FROM debian:12\n{runs}{TAIL}"), world, "unused-tools")
}

const VIM: &str = "RUN apt-get update && apt-get install -y python3 vim curl\n";

#[test]
fn an_editor_that_nothing_names_goes() {
    let text = only("unused-tools", &format!("FROM debian:12\n{VIM}{TAIL}"), &world());
    assert!(text.contains("apt-get install -y python3\n"), "{text}");
}

#[test]
fn a_run_that_only_installed_tools_goes_with_its_comment() {
    let dockerfile =
        format!("FROM debian:12\n\n# for debugging\nRUN apt-get update && apt-get install -y vim\n\n{TAIL}");
    let text = only("unused-tools", &dockerfile, &world());
    assert!(text.starts_with("FROM debian:12\n\nCOPY"), "{text}");
}

#[test]
fn a_tool_that_a_run_calls_stays() {
    let said = said(&format!("{VIM}RUN curl -o /x http://x/y && vim -c q\n"), &world());
    assert_eq!(said.0, Status::NotApplicable, "{}", said.1);
}

#[test]
fn a_tool_that_the_health_check_calls_stays() {
    let run = "RUN apt-get install -y curl\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\n";
    assert_eq!(said(run, &world()).0, Status::NotApplicable);
}

#[test]
fn a_tool_that_a_script_of_the_context_calls_stays() {
    let world = world().with_file("start.sh", "#!/bin/sh\ncurl -s http://x/\n");
    let said = said("RUN apt-get install -y curl\n", &world);
    assert_eq!((said.0, said.1.contains("start.sh:2")), (Status::NotApplicable, true), "{}", said.1);
}

#[test]
fn a_tool_that_a_compose_file_calls_stays() {
    let world = world().with_file("compose.yaml", "services:\n  a:\n    healthcheck:\n      test: curl -f http://x/\n");
    assert_eq!(said("RUN apt-get install -y curl\n", &world).0, Status::NotApplicable);
}

#[test]
fn without_a_context_no_tool_goes() {
    assert_eq!(said(VIM, &MemoryWorld::unknown()).0, Status::Refused);
}

#[test]
fn images_that_people_work_in_keep_their_tools() {
    for end in
        ["", "CMD [\"bash\"]\n", "CMD bash\n", "CMD [\"sleep\", \"infinity\"]\n", "ENTRYPOINT [\"/bin/sh\", \"-l\"]\n"]
    {
        let said = status(&format!("FROM debian:12\n{VIM}COPY . /srv\n{end}"), &world(), "unused-tools");
        assert_eq!(said.0, Status::Refused, "{end}");
    }
}

#[test]
fn what_an_archive_or_an_installer_calls_without_naming_it_stays() {
    for run in [
        "RUN apt-get install -y xz-utils\nRUN tar xf /x.tar.xz\n",
        "RUN apt-get install -y git\nRUN go build ./...\n",
        "RUN apt-get install -y gnupg\nRUN dpkg -i /x.deb\n",
    ] {
        assert_eq!(said(run, &world()).0, Status::NotApplicable, "{run}");
    }
}

#[test]
fn packages_named_by_variables_refuse() {
    assert_eq!(said("ARG MORE\nRUN apt-get install -y vim $MORE\n", &world()).0, Status::Refused);
}

#[test]
fn what_another_package_needs_is_no_tool() {
    let run = "RUN apt-get install -y git openssh-client && git clone ssh://x/y\n";
    assert_eq!(said(run, &world()).0, Status::NotApplicable);
}

#[test]
fn tools_of_programs_that_are_not_in_the_context_stay() {
    let dockerfile = "FROM debian:12\nRUN apt-get install -y libvirt-daemon iproute2\nCMD [\"libvirtd\"]\n";
    assert_eq!(status(dockerfile, &world(), "unused-tools").0, Status::Refused);
}
