//! What reading plans of other people's files has taught: changes that a reviewer would send back are not made.

mod setup;

use jettison_facts::memory::MemoryWorld;
use jettison_plan::Status;
use setup::{only, plan, status};

fn text(dockerfile: &str, world: &MemoryWorld) -> String {
    String::from_utf8(plan(dockerfile, world).files.dockerfile).unwrap()
}

fn app() -> MemoryWorld {
    MemoryWorld::new().with_file("run.py", "print(1)\n")
}

#[test]
fn runs_of_nothing_but_apt_that_follow_each_other_become_one() {
    let file =
        "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y qemu\n\nRUN apt-get install -y lvm2\nCMD [\"x\"]\n";
    let text = only("apt-one-run", file, &app());
    assert_eq!(text.matches("apt-get update").count(), 1, "{text}");
    assert_eq!(text.matches("rm -rf /var/lib/apt/lists").count(), 1, "{text}");
    assert!(text.contains("qemu \\\n    && apt-get install -y lvm2"), "{text}");
}

#[test]
fn a_comment_or_another_kind_of_command_keeps_runs_apart() {
    for between in ["# for the disks\n", "RUN lvm2-setup\n", "USER app\n"] {
        let file = format!("FROM debian:12\nRUN apt-get install -y qemu\n{between}RUN apt-get install -y lvm2\n");
        let text = only("apt-one-run", &file, &app());
        assert_eq!(text.matches("RUN apt-get").count(), 2, "{text}");
        assert!(text.contains(between), "{text}");
    }
}

#[test]
fn commands_joined_by_semicolons_are_not_joined_with_others() {
    let file = "FROM debian:12\nRUN apt-get install -y qemu\nRUN apt-get install -y lvm2; apt-get clean\n";
    let text = only("apt-one-run", file, &app());
    assert_eq!(text.matches("RUN apt-get").count(), 2, "{text}");
}

#[test]
fn an_install_of_nothing_is_left_alone() {
    let file = "FROM debian:12\nRUN apt-get install -y\n";
    assert_eq!(text(file, &app()), file);
}

#[test]
fn lists_that_dist_clean_removed_are_not_removed_again() {
    let file =
        "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends qemu && apt-get dist-clean\n";
    assert_eq!(text(file, &app()), file);
}

#[test]
fn what_a_named_package_brings_is_not_named_beside_it() {
    let file = "FROM debian:12\nRUN apt-get update && apt-get install -y build-essential cmake g++ && rm -rf /var/lib/apt/lists/*\n";
    let text = only("apt-no-recommends", file, &app());
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(!words.contains(&"gcc") && !words.contains(&"make") && !words.contains(&"libc6-dev"), "{text}");
}

#[test]
fn tools_stay_where_programs_come_from_elsewhere() {
    let file = "FROM debian:12\nRUN apt-get update && apt-get install -y vim procps wget\n\
                RUN wget https://example.test/daemon && chmod +x daemon\nCOPY run.py /\nCMD [\"python3\", \"/run.py\"]\n";
    let text = only("unused-tools", file, &app());
    assert!(text.contains("procps") && !text.contains("vim"), "{text}");
}

#[test]
fn a_comment_that_says_what_a_package_is_for_keeps_it() {
    let install = "RUN apt-get update && apt-get install -y zip\nCOPY run.py /\nCMD [\"python3\", \"/run.py\"]\n";
    let kept = only("unused-tools", &format!("FROM debian:12\n# zip is needed for exports\n{install}"), &app());
    assert!(kept.contains("zip\n"), "{kept}");
    let gone = only("unused-tools", &format!("FROM debian:12\n# packages\n{install}"), &app());
    assert!(!gone.contains("zip"), "{gone}");
}

#[test]
fn a_tool_that_was_there_for_another_one_goes_with_it_at_once() {
    let file = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends git openssh-client sed \
                && rm -rf /var/lib/apt/lists/*\nCOPY run.py /\nCMD [\"python3\", \"/run.py\"]\n";
    let text = only("unused-tools", file, &app());
    assert!(!text.contains("git") && !text.contains("openssh-client"), "{text}");
}

#[test]
fn the_first_of_a_line_goes_without_joining_lines() {
    let file = "FROM debian:12\nRUN apt-get update && apt-get install -y \\\n    vim sed \\\n    tar\nCOPY run.py /\n\
                CMD [\"python3\", \"/run.py\"]\n";
    let text = only("unused-tools", file, &app());
    assert!(text.contains("install -y \\\n    sed \\\n    tar"), "{text}");
}

#[test]
fn files_for_the_system_are_not_copied_later() {
    let world = MemoryWorld::new().with_files(&["etc/apt/apt.conf.d/proxy", "src/run.py"]);
    let file =
        "FROM debian:12\nCOPY etc /etc\nCOPY src /srv/app\nRUN apt-get update && apt-get install -y sed\nCMD [\"x\"]\n";
    let text = only("copy-split", file, &world);
    let at = |what: &str| text.find(what).unwrap();
    assert!(at("COPY etc") < at("RUN") && at("RUN") < at("COPY src"), "{text}");
}

#[test]
fn copies_move_together_and_in_order() {
    let world = MemoryWorld::new().with_files(&["bin/run", "lib/a"]);
    let file = "FROM debian:12\nCOPY bin /app/bin\nCOPY lib /app/lib\nRUN apt-get update && apt-get install -y sed\nCMD [\"x\"]\n";
    let text = only("copy-split", file, &world);
    let at = |what: &str| text.find(what).unwrap();
    assert!(at("RUN") < at("COPY bin") && at("COPY bin") < at("COPY lib"), "{text}");
    let cheap = file.replace("apt-get update && apt-get install -y sed", "useradd app");
    assert_eq!(only("copy-split", &cheap, &world), cheap);
}

fn of_module(name: &str) -> MemoryWorld {
    MemoryWorld::new().with_file("go.mod", format!("module {name}\n")).with_file("cmd/main.go", "package main\n")
}

#[test]
fn cloned_go_sources_may_need_c() {
    let world = MemoryWorld::new().with_file("go.mod", "module a\n").with_file("main.go", "package main\n");
    let refused = |file: &str| {
        let (status, reason) = status(file, &world, "go-static");
        assert_eq!(status, Status::Refused, "{reason}");
        reason
    };
    let file =
        "FROM golang:1.24\nCOPY . /a\nRUN git clone https://example.test/b /b\nRUN cd /b && go build -o /usr/bin/b\n";
    assert!(refused(file).contains("clones sources"));
    assert!(refused("FROM golang:1.24\nRUN go install example.test/b@v1\n").contains("downloads"));
    assert!(refused("FROM golang:1.24\nRUN go build -o /b .\n").contains("not of the build context"));
    assert!(refused("FROM golang:1.24\nCOPY . .\nRUN go install example.test/b/cmd\n").contains("no package of"));
    let own =
        status("FROM golang:1.24\nCOPY . .\nRUN go install a.test/own/cmd\n", &of_module("a.test/own"), "go-static");
    assert_eq!(own.0, Status::Applied, "{}", own.1);
}

#[test]
fn settings_of_its_own_keep_maven_without_a_mount() {
    let world = MemoryWorld::new().with_file("pom.xml", "<project/>");
    let file = "FROM maven:3\nCOPY pom.xml .\nRUN mvn -B -s /usr/share/maven/ref/settings-docker.xml package\n";
    let (status, reason) = status(file, &world, "maven-cache");
    assert_eq!(status, Status::Refused, "{reason}");
}

#[test]
fn a_stage_called_scratch_leaves_no_room_for_mounts() {
    let file =
        "FROM python:3.11 AS build\nRUN pip install flask\nFROM scratch AS scratch\nCOPY --from=build /usr /usr\n";
    let (status, reason) = status(file, &app(), "pip-cache");
    assert_eq!(status, Status::Refused, "{reason}");
}

#[test]
fn a_mount_stands_behind_run_where_the_command_begins_below() {
    let text = text("FROM python:3.11\nRUN \\\n    cd /tmp && pip install flask\n", &app());
    assert!(text.contains("RUN --mount=type=cache,target=/root/.cache/pip \\\n    cd /tmp"), "{text}");
}
