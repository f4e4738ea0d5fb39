//! When stages, bases, users, entry commands and the ignore file are left alone, and what is kept where they are not.

mod setup;

use jettison_facts::memory::{MemoryImage, MemoryWorld};
use jettison_facts::{Observations, Options};
use jettison_plan::{Input, Status, Without, propose};
use setup::{image, input, observations, only, status};

const APP: &str =
    "FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN pip install flask\nEXPOSE 8000\nCMD [\"python\", \"main.py\"]\n";

fn world(observed: Observations) -> MemoryWorld {
    MemoryWorld::new().with_files(&["main.py"]).with_observations(observed)
}

fn seen(image: MemoryImage) -> MemoryWorld {
    world(observations(image))
}

fn refuses(id: &str, dockerfile: &str, world: &MemoryWorld, because: &str) {
    let said = status(dockerfile, world, id);
    assert_eq!((said.0, said.1.contains(because)), (Status::Refused, true), "{because}: {}", said.1);
}

#[test]
fn triggers_keep_their_stage() {
    refuses("multi-stage", &APP.replace("EXPOSE", "ONBUILD RUN true\nEXPOSE"), &seen(image()), "ONBUILD");
}

#[test]
fn users_made_in_unknown_ways_keep_the_stage() {
    let changed = image().in_layer(1).with_text("/etc/passwd", "root:x:0:0\nme:x:7:7\n");
    refuses("multi-stage", APP, &seen(changed), "user database");
}

#[test]
fn sources_of_packages_keep_the_stage() {
    let changed = image().in_layer(1).with_file("/etc/apt/sources.list.d/x.list", 10);
    refuses("multi-stage", APP, &seen(changed), "sources.list.d");
}

#[test]
fn removals_in_scripts_that_cannot_be_followed_keep_the_stage() {
    let dockerfile = APP.replace("EXPOSE", "RUN if true; then rm -rf /etc/secret; fi\nEXPOSE");
    refuses("multi-stage", &dockerfile, &seen(image()), "too involved");
}

#[test]
fn a_named_stage_keeps_its_name_for_the_image() {
    for (name, build) in [("app", "build"), ("Build", "builder")] {
        let dockerfile = APP.replace("3.11\n", &format!("3.11 AS {name}\n"));
        let text = only("multi-stage", &dockerfile, &seen(image()));
        assert!(text.starts_with(&format!("FROM python:3.11 AS {build}\n")), "{text}");
        assert!(text.contains(&format!("\nFROM python:3.11 AS {name}\n")), "{text}");
        assert!(text.contains(&format!("COPY --from={build} ")), "{text}");
        let options = Options { target: Some(name.to_owned()), arch: "amd64".into(), ..Options::default() };
        let wanted = Input { options, ..input(text.as_bytes(), None) };
        let again = propose(&wanted, &MemoryWorld::unknown(), &Without::new());
        assert!(again.steps.iter().any(|step| step.step.id == "multi-stage" && step.reason.contains("several stages")));
    }
}

#[test]
fn bases_that_are_not_said_plainly_stay() {
    let slim = |dockerfile: &str| status(dockerfile, &seen(image()), "slim-base");
    assert_eq!(slim(&format!("ARG V=3.11\n{}", APP.replace("3.11", "$V"))).0, Status::Refused);
    let digest = format!("3.11@sha256:{}", "0".repeat(64));
    assert_eq!(slim(&APP.replace("3.11", &digest)).0, Status::Refused);
    assert_eq!(slim(&APP.replace("python:3.11", "registry.example.com/team/base:1")).0, Status::Refused);
}

#[test]
fn a_base_that_is_not_smaller_is_no_candidate() {
    let mut big = image().build();
    big.sizes.unpacked = 900_000_000;
    refuses("slim-base", APP, &seen(image()).with_base("python:3.11-slim", big), "not smaller");
}

#[test]
fn variables_and_commands_of_the_old_base_are_said_in_the_file() {
    let old = image().with_env("LANG", "C.UTF-8").with_argv(&["/usr/bin/dash"], &["python3"]);
    let new = MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/bin/dash", None, &[])
        .with_link("/bin/sh", "/usr/bin/dash")
        .with_elf("/usr/local/bin/python3.11", None, &[])
        .with_link("/usr/local/bin/python", "python3.11");
    let text = only("slim-base", APP, &seen(old).with_base("python:3.11-slim", new.build()));
    assert!(text.contains("FROM python:3.11-slim"), "{text}");
    assert!(text.contains("ENV LANG=C.UTF-8") && text.contains("ENTRYPOINT [\"/usr/bin/dash\"]"), "{text}");
}

#[test]
fn programs_that_change_the_user_themselves_keep_root() {
    let mut observed = observations(image().with_elf("/usr/sbin/gosu", None, &[]));
    observed.programs.push("/usr/sbin/gosu".into());
    refuses("non-root", APP, &world(observed), "gosu");
}

#[test]
fn files_in_the_home_of_root_keep_root() {
    refuses(
        "non-root",
        APP,
        &seen(image().in_layer(1).with_file("/root/.config/app.toml", 5)),
        "/root/.config/app.toml",
    );
}

#[test]
fn ports_of_the_system_keep_root() {
    refuses("non-root", &APP.replace("8000", "80"), &seen(image()), "port 80");
}

#[test]
fn root_on_purpose_stays() {
    refuses("non-root", &APP.replace("EXPOSE", "USER root\nEXPOSE"), &seen(image()), "on purpose");
}

#[test]
fn a_user_that_is_there_already_is_not_made_again() {
    for passwd in ["root:x:0:0::/:\napp:x:1654:1654::/:\n", "root:x:0:0::/:\nother:x:10001:10001::/:\n"] {
        refuses("non-root", APP, &seen(image().with_text("/etc/passwd", passwd)), "already");
    }
}

#[test]
fn the_new_user_is_a_number_and_no_files_are_doubled() {
    let text = only("non-root", APP, &seen(image()));
    assert!(text.contains("USER 10001:10001") && text.contains("COPY --chown=10001:10001 . ."), "{text}");
    assert!(!text.contains("chown -R"), "{text}");
}

#[test]
fn a_script_runner_is_not_replaced_by_what_it_runs() {
    let dockerfile = "FROM node:22\nCMD npm start\n";
    assert_eq!(only("exec-form", dockerfile, &MemoryWorld::unknown()), "FROM node:22\nCMD [\"npm\", \"start\"]\n");
}

#[test]
fn entry_commands_that_need_a_shell_or_have_comments_stay() {
    for command in [
        "CMD ~/run.sh",
        "CMD A=b run",
        "CMD run *.py",
        "CMD cd x && run",
        "CMD run \\\n # why\n  --fast",
        "CMD run # why",
    ] {
        let dockerfile = format!("FROM debian:12\n{command}\n");
        assert_eq!(only("exec-form", &dockerfile, &MemoryWorld::unknown()), dockerfile);
    }
}

#[test]
fn a_command_over_several_lines_becomes_one() {
    let text = only("exec-form", "FROM debian:12\nCMD run \\\n    --fast\n", &MemoryWorld::unknown());
    assert_eq!(text, "FROM debian:12\nCMD [\"run\", \"--fast\"]\n");
}

fn junk(dockerfile: &str, part: &str, files: &[&str]) -> (Status, String) {
    let world = MemoryWorld::new().with_files(&["main.py", "package.json", "requirements.txt"]).with_files(files);
    status(dockerfile, &world, &format!("context-ignore/{part}"))
}

#[test]
fn each_class_is_left_out_where_it_is_sent() {
    let dockerfile = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD [\"node\", \"x\"]\n";
    for (part, file) in [
        ("version-control", ".git/HEAD"),
        ("secrets", ".env"),
        ("logs", "app.log"),
        ("caches", "a/__pycache__/m.pyc"),
        ("host-builds", "node_modules/a/index.js"),
        ("editors", ".idea/workspace.xml"),
        ("os", ".DS_Store"),
        ("builder", "Dockerfile"),
    ] {
        assert_eq!(junk(dockerfile, part, &[file]).0, Status::Applied, "{part}");
        assert_eq!(junk(dockerfile, part, &[]).0, Status::NotApplicable, "{part} without");
    }
}

#[test]
fn history_stays_where_a_run_reads_it_and_not_where_git_is_only_installed() {
    let with =
        |run: &str| junk(&format!("FROM debian:12\nCOPY . /app\nRUN {run}\n"), "version-control", &[".git/HEAD"]).0;
    assert_eq!(with("git describe --tags > /version"), Status::Refused);
    assert_eq!(with("echo $(git rev-parse HEAD) | tee /version"), Status::Refused);
    assert_eq!(with("apt-get install -y git make"), Status::Applied);
    assert_eq!(with("git clone http://x/y"), Status::Applied);
}

#[test]
fn a_folder_that_a_copy_names_is_not_emptied() {
    let dockerfile = "FROM debian:12\nCOPY . /app\nCOPY seeds /seeds\n";
    assert_eq!(junk(dockerfile, "logs", &["seeds/one.log", "app.log"]).0, Status::Refused);
    assert_eq!(junk("FROM debian:12\nCOPY . /app\nCOPY *.log /l/\n", "logs", &["app.log"]).0, Status::Refused);
}
