//! Secrets that a build is given as arguments.

mod setup;

use jettison_facts::Options;
use jettison_facts::memory::MemoryWorld;
use jettison_plan::{Input, Proposal, Status, Without, propose};

const FILE: &str = "\
FROM node:20
ARG NPM_TOKEN
WORKDIR /app
COPY package.json ./
RUN npm install --//registry.example.test/:_authToken=$NPM_TOKEN && npm test
CMD [\"node\", \"index.js\"]
";

fn plan(dockerfile: &str, given: &[&str], world: &MemoryWorld) -> Proposal {
    let build_args = given.iter().map(|name| ((*name).to_owned(), "value".to_owned())).collect();
    let options = Options { build_args, ..setup::input(b"", None).options };
    propose(&Input { options, ..setup::input(dockerfile.as_bytes(), None) }, world, &Without::new())
}

fn said(proposal: &Proposal) -> (Status, String) {
    let step = proposal.steps.iter().find(|report| report.step.id == "secret-mount").unwrap();
    (step.status, step.reason.clone())
}

fn world() -> MemoryWorld {
    MemoryWorld::new().with_file("package.json", "{}").with_file("index.js", "")
}

#[test]
fn a_secret_argument_becomes_a_mount_of_the_run_that_uses_it() {
    let proposal = plan(FILE, &["NPM_TOKEN"], &world());
    let (status, reason) = said(&proposal);
    assert_eq!(status, Status::Applied, "{reason}");
    assert!(reason.contains("--secret id=NPM_TOKEN,env=NPM_TOKEN"), "{reason}");
    let text = String::from_utf8(proposal.files.dockerfile).unwrap();
    assert!(!text.contains("ARG NPM_TOKEN"), "{text}");
    assert!(text.contains("--mount=type=secret,id=NPM_TOKEN,required=true"), "{text}");
    assert!(text.contains("export NPM_TOKEN=\"$(cat /run/secrets/NPM_TOKEN)\" && npm install"), "{text}");
}

#[test]
fn what_may_be_read_elsewhere_stays_an_argument() {
    let refused = |dockerfile: &str, world: &MemoryWorld, why: &str| {
        let (status, reason) = said(&plan(dockerfile, &["NPM_TOKEN"], world));
        assert_eq!(status, Status::Refused, "{reason}");
        assert!(reason.contains(why), "{reason} / {why}");
    };
    refused(FILE, &world().with_file(".npmrc", "//r/:_authToken=${NPM_TOKEN}\n"), ".npmrc:1 names it");
    refused(&FILE.replace("CMD", "ENV T=$NPM_TOKEN\nCMD"), &world(), "line 6 names it too");
    refused(&FILE.replace("ARG NPM_TOKEN", "ARG NPM_TOKEN=abc"), &world(), "a value in the file");
    refused(&FILE.replace("$NPM_TOKEN", "x"), &world(), "no RUN names it");
    refused(
        &FILE.replace("RUN npm install", "RUN echo $NPM_TOKEN > .npmrc && npm install"),
        &world(),
        "`echo` at line 5",
    );
    refused(&FILE.replace("RUN", "USER node\nRUN"), &world(), "another user's");
    let inherited = FILE.replace("FROM node:20", "FROM node:20 AS a").replace("CMD", "FROM a\nRUN x $NPM_TOKEN\nCMD");
    refused(&inherited, &world(), "of another stage");
}

#[test]
fn a_build_that_is_not_given_the_secret_shows_nothing() {
    let (status, reason) = said(&plan(FILE, &[], &world()));
    assert_eq!(status, Status::Refused);
    assert!(reason.contains("--build-arg NPM_TOKEN"), "{reason}");
    assert_eq!(said(&plan("FROM a\nRUN b\n", &[], &world())).0, Status::NotApplicable);
}
