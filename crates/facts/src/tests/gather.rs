//! Stages: roles, bases, configuration at the end.

use super::facts;
use crate::memory::{MemoryImage, MemoryWorld};
use crate::{Facts, Options, Role};

const STAGES: &str = "FROM golang:1.24 AS build\nRUN go build -o /out/app .\nFROM debian:12 AS base\nENV A=1\nUSER app\nEXPOSE 80\n\
    FROM python:3.11 AS unused\nFROM base\nCOPY --from=build /out/app /app\nENV B=${A}2\nWORKDIR /srv\nEXPOSE 8000/tcp 53/udp 9000-9002\n";

#[test]
fn stages_have_roles() {
    let world = MemoryWorld::unknown();
    let facts = facts(STAGES, &world);
    let roles: Vec<Role> = facts.stages.iter().map(|stage| stage.role).collect();
    assert_eq!(roles, [Role::Build, Role::Parent, Role::Unused, Role::Final]);
    let chain: Vec<usize> = facts.final_chain().iter().map(|stage| stage.index).collect();
    assert_eq!(chain, [1, 3]);
}

#[test]
fn a_target_changes_the_roles() {
    let world = MemoryWorld::unknown();
    let options = Options { target: Some("build".into()), ..Options::default() };
    let facts = Facts::gather(jettison_dockerfile::parse(STAGES.as_bytes()), &options, &world);
    assert_eq!(facts.stages[0].role, Role::Final);
    assert_eq!(facts.stages[3].role, Role::Unused);
}

#[test]
fn configuration_goes_through_parent_stages() {
    let world = MemoryWorld::unknown();
    let facts = facts(STAGES, &world);
    let last = facts.final_stage().unwrap();
    assert_eq!(last.env.get("B").map(String::as_str), Some("12"));
    assert_eq!(last.env.get("A").map(String::as_str), Some("1"));
    assert_eq!((last.user.as_deref(), last.workdir.as_deref()), (Some("app"), Some("/srv")));
    assert_eq!(last.ports, [80, 8000, 9000, 9001, 9002]);
    assert!(last.copies.len() == 1 && last.runs.is_empty());
}

#[test]
fn the_base_is_the_image_at_the_bottom() {
    let world = MemoryWorld::unknown();
    let facts = facts(STAGES, &world);
    let base = facts.final_stage().unwrap().base.clone().unwrap();
    assert_eq!(
        (base.reference.to_string().as_str(), base.family.as_deref(), base.literal),
        ("debian:12", Some("debian"), true)
    );
    assert_eq!(facts.dockerfile.instructions()[base.instruction].line, 3);
}

#[test]
fn bases_by_variable_are_not_literal() {
    let world = MemoryWorld::unknown();
    let by_arg = facts("ARG V=3.11\nFROM --platform=linux/amd64 mirror.example/library/python:${V}\n", &world);
    let base = by_arg.final_stage().unwrap().base.clone().unwrap();
    assert_eq!(
        (base.reference.tag.as_deref(), base.family.as_deref(), base.literal),
        (Some("3.11"), Some("python"), false)
    );
    for text in ["FROM scratch\n", "FROM $UNSET\n", "FROM $UNSET AS a\nFROM a\n"] {
        assert_eq!(facts(text, &world).final_stage().unwrap().base, None, "{text}");
    }
}

#[test]
fn the_base_images_config_lies_below() {
    let image = MemoryImage::new().with_env("LANG", "C.UTF-8").with_workdir("/go").build();
    let world = MemoryWorld::new().with_base("golang:1.24", image);
    let facts = facts("FROM golang:1.24\nWORKDIR src\nENV X=$LANG\nCOPY a b/\nRUN ls\n", &world);
    let stage = facts.final_stage().unwrap();
    assert_eq!(stage.workdir.as_deref(), Some("/go/src"));
    assert_eq!(stage.full_env.get("LANG").map(String::as_str), Some("C.UTF-8"));
    assert_eq!(stage.env.keys().collect::<Vec<_>>(), ["X"]);
    assert_eq!(stage.env["X"], "C.UTF-8");
    assert_eq!(stage.copies[0].destination, "/go/src/b/");
    assert_eq!(stage.runs[0].workdir.as_deref(), Some("/go/src"));
}

#[test]
fn runs_know_the_user_before_them() {
    let world = MemoryWorld::unknown();
    let facts = facts("FROM a\nRUN id\nUSER 1000\nRUN id\nRUN --mount=type=cache,target=/x id\nUSER root\n", &world);
    let users: Vec<Option<&str>> = facts.stages[0].runs.iter().map(|run| run.user.as_deref()).collect();
    assert_eq!(users, [None, Some("1000"), Some("1000")]);
    assert_eq!(facts.stages[0].runs.iter().map(|run| run.special).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(facts.stages[0].user.as_deref(), Some("root"));
}

#[test]
fn files_without_stages_have_no_target() {
    let world = MemoryWorld::unknown();
    for text in ["", "RUN ls\n", "# nothing\n", "\u{0}\u{1}FROM\n"] {
        assert!(facts(text, &world).final_stage().is_none(), "{text:?}");
    }
}
