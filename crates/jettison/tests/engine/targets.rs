//! A build that a Compose file describes: its arguments, secrets and contexts reach the builds, and its Dockerfile is what changes.

use std::fs;

use crate::{Lab, picture};

/// Has a log and a shell to lose, ends by itself, and builds only with the argument, the secret and the context of the file.
const DOCKERFILE: &str = "ARG BASE
FROM ${BASE} AS web
RUN --mount=type=secret,id=token grep -q s3cret /run/secrets/token
COPY --from=pages . /www/
COPY . /www/
USER 65534
CMD cat /www/index.html

FROM scratch AS other
";

const COMPOSE: &str = "services:
  web:
    build:
      context: ../app
      dockerfile: ../docker/web.Dockerfile
      target: web
      args: [BASE]
      additional_contexts: {pages: ./pages}
      secrets: [token]
  db:
    image: postgres:16
secrets:
  token: {file: ./token.txt}
";

#[test]
fn the_dockerfile_of_the_service_is_rewritten_and_taken_back() {
    let Some(lab) = Lab::with(&["busybox:latest"]) else { return };
    let lab = lab
        .file("docker/web.Dockerfile", DOCKERFILE)
        .file("deploy/compose.yaml", COMPOSE)
        .file("deploy/.env", "BASE=busybox:latest\n")
        .file("deploy/token.txt", "s3cret\n")
        .file("deploy/pages/index.html", "<!doctype html>\n<title>Tide</title>\n<h1>High at noon</h1>\n")
        .file("app/readme.txt", "x\n")
        .file("app/debug.log", "x\n");
    let before = (picture(&lab.place.at("docker")), picture(&lab.place.at("deploy")), picture(&lab.place.at("app")));

    let ran = lab.run("optimize -f deploy/compose.yaml --write");
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let undo = "Undo with:  jettison optimize -f deploy/compose.yaml --target web --undo";
    assert!(ran.stdout.contains(undo), "{}", ran.stdout);
    assert_ne!(fs::read_to_string(lab.place.at("docker/web.Dockerfile")).expect("a file"), DOCKERFILE);
    assert_eq!(picture(&lab.place.at("deploy")), before.1, "the Compose file and what it names stay");

    let undone = lab.run("optimize -f deploy/compose.yaml --target web --undo");
    assert_eq!(undone.code, Some(0), "{}", undone.stderr);
    let after = (picture(&lab.place.at("docker")), picture(&lab.place.at("deploy")), picture(&lab.place.at("app")));
    assert_eq!(after, before, "byte for byte");
}
