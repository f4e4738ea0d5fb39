//! What a Compose or Bake file adds to the arguments, and what was typed keeps.

use std::path::{Path, PathBuf};

use clap::Parser;

use super::arguments;
use crate::cli::{Cli, Command, OptimizeArgs};

/// A folder with a file, and the arguments with `-f` of it and more.
fn applied(name: &str, text: &str, more: &[&str]) -> (tempfile::TempDir, OptimizeArgs) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let typed = ["jettison", "optimize", "-f", path.to_str().unwrap()];
    let Command::Optimize(args) = Cli::parse_from(typed.iter().chain(more)).command else { panic!("another command") };
    let args = arguments(&args).map_err(|failure| failure.what).unwrap().expect("a file of builds");
    (folder, args)
}

const COMPOSE: &str = "services:
  web:
    build:
      context: ./app
      dockerfile: docker/web.Dockerfile
      target: prod
      args: {A: file, B: file}
      additional_contexts: {lib: ./lib, image: 'docker-image://alpine'}
      secrets: [token, key]
      ssh: [default, 'k=/keys/k']
      platforms: [linux/arm64]
secrets:
  token: {environment: TOKEN}
  key: {file: ./key.txt}
";

#[test]
fn a_build_becomes_arguments() {
    let (folder, args) = applied("compose.yaml", COMPOSE, &[]);
    let at = |path: &str| folder.path().join(path);
    assert_eq!((&args.context, &args.file), (&at("app"), &vec![at("app/docker/web.Dockerfile")]));
    assert_eq!(args.target.as_deref(), Some("prod"));
    assert_eq!(args.build_arg, ["A=file", "B=file"]);
    assert_eq!(args.build_context, [format!("lib={}", at("lib").display()), "image=docker-image://alpine".to_owned()]);
    assert_eq!(args.secret, ["id=token,env=TOKEN".to_owned(), format!("id=key,src={}", at("key.txt").display())]);
    assert_eq!(args.ssh, ["default", "k=/keys/k"]);
    assert_eq!(args.platform.map(|platform| platform.to_string()).as_deref(), Some("linux/arm64"));
}

#[test]
fn what_was_typed_wins() {
    let more = ["--target", "web", "--build-arg", "B=typed", "--build-arg", "C=typed", "--secret", "id=token,src=/t"];
    let more =
        [&more[..], &["--build-context", "lib=/l", "--ssh", "k", "--platform", "linux/amd64", "elsewhere"]].concat();
    let (folder, args) = applied("compose.yaml", COMPOSE, &more);
    assert_eq!(args.context, Path::new("elsewhere"));
    assert_eq!(args.target.as_deref(), Some("prod"), "the stage is the service's");
    assert_eq!(args.build_arg, ["A=file", "B=typed", "C=typed"]);
    assert_eq!(args.build_context, ["image=docker-image://alpine", "lib=/l"]);
    let key = format!("id=key,src={}", folder.path().join("key.txt").display());
    assert_eq!(args.secret, [key, "id=token,src=/t".to_owned()]);
    assert_eq!(args.ssh, ["default", "k"]);
    assert_eq!(args.platform.map(|platform| platform.to_string()).as_deref(), Some("linux/amd64"));
}

#[test]
fn of_several_platforms_the_engine_chooses() {
    let text = "target \"default\" {\n  platforms = [\"linux/amd64\", \"linux/arm64\"]\n}\n";
    let (_folder, args) = applied("docker-bake.hcl", text, &[]);
    assert_eq!(args.platform, None);
    let warnings = args.from_file.expect("a file").warnings;
    assert!(warnings[0].starts_with("`default` is for linux/amd64, linux/arm64: only"), "{warnings:?}");
}

#[test]
fn the_command_is_that_which_was_typed_with_the_build_that_was_chosen() {
    let (folder, args) = applied("compose.yaml", COMPOSE, &["--build-arg", "A=1"]);
    let file = folder.path().join("compose.yaml");
    assert_eq!(args.command(" --write"), format!("jettison optimize -f {} --target web --write", file.display()));
    assert_eq!(args.build_command("docker"), Some(format!("docker compose -f {} build web", file.display())));
    assert_eq!(args.build_command("buildah"), None);
}

#[test]
fn what_is_found_in_a_folder_is_typed_as_its_tool_would_read_it() {
    let command = |names: &[&str]| super::command(&names.iter().map(PathBuf::from).collect::<Vec<_>>());
    let found = ["compose.override.yaml", "compose.yaml", "docker-bake.hcl", "docker-compose.yml"];
    assert_eq!(command(&found), "jettison optimize -f compose.yaml -f compose.override.yaml");
    let found = ["a/docker-bake.hcl", "a/docker-bake.override.hcl"];
    assert_eq!(command(&found), "jettison optimize -f a/docker-bake.hcl -f a/docker-bake.override.hcl");
}
