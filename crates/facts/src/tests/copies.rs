//! COPY and ADD.

use super::facts;
use crate::CopyFacts;
use crate::memory::MemoryWorld;

fn copies(text: &str, world: &MemoryWorld) -> Vec<CopyFacts> {
    facts(&format!("FROM a AS first\nFROM a\nWORKDIR /app\n{text}\n"), world).stages[1].copies.clone()
}

fn copy(text: &str) -> CopyFacts {
    let world = MemoryWorld::new().with_files(&["src/main.py", "go.mod"]);
    copies(text, &world).remove(0)
}

#[test]
fn sources_are_cleaned_and_destinations_absolute() {
    for (text, sources, destination) in [
        ("COPY . .", vec!["."], "/app/"),
        ("COPY ./ /srv", vec!["."], "/srv/"),
        ("COPY / .", vec!["."], "/app/"),
        ("COPY ./go.mod go.mod", vec!["go.mod"], "/app/go.mod"),
        ("COPY go.mod ./", vec!["go.mod"], "/app/"),
        ("COPY src dst", vec!["src"], "/app/dst/"),
        ("COPY src/ dst", vec!["src"], "/app/dst/"),
        ("COPY a b lib/", vec!["a", "b"], "/app/lib/"),
        ("COPY [\"a b\", \"/x/../y\"]", vec!["a b"], "/y"),
        ("COPY go.mod ..", vec!["go.mod"], "/"),
        ("COPY requirements*.txt /tmp/", vec!["requirements*.txt"], "/tmp/"),
    ] {
        let copy = copy(text);
        assert_eq!(
            (copy.sources.iter().map(String::as_str).collect(), copy.destination.as_str()),
            (sources, destination),
            "{text}"
        );
        assert!(!copy.opaque, "{text}");
    }
}

#[test]
fn the_whole_context_is_told() {
    assert!(copy("COPY . .").is_whole_context());
    assert!(copy("COPY --chown=1:1 --link ./ /x/").is_whole_context());
    assert!(!copy("COPY src .").is_whole_context());
    assert!(!copy("COPY --from=first . .").is_whole_context());
}

#[test]
fn variables_are_expanded_or_make_it_opaque() {
    let world = MemoryWorld::new();
    let known = copies("ARG DIR=src\nENV TO=/opt\nCOPY ${DIR}/x $TO/", &world).remove(0);
    assert_eq!((known.sources[0].as_str(), known.destination.as_str(), known.opaque), ("src/x", "/opt/", false));
    assert!(copies("COPY $UNKNOWN/x .", &world)[0].opaque);
    assert!(copies("COPY x ${A:?needed}", &world)[0].opaque);
}

#[test]
fn what_is_not_modelled_is_opaque() {
    for text in [
        "COPY --parents a/b c/",
        "COPY --exclude=*.md . .",
        "COPY <<EOF /x\nhello\nEOF",
        "ADD https://example.test/x.tgz /x/",
        "ADD --checksum=sha256:00 x y",
        "ADD git@example.test:a/b.git /x",
    ] {
        assert!(copy(text).opaque, "{text}");
    }
    let add = copy("ADD src /x");
    assert!(add.is_add && !add.opaque);
}

#[test]
fn without_a_workdir_relative_destinations_stay_relative() {
    let world = MemoryWorld::unknown();
    let facts = facts("FROM a\nCOPY x y/\nCOPY x /y\n", &world);
    let destinations: Vec<&str> = facts.stages[0].copies.iter().map(|copy| copy.destination.as_str()).collect();
    assert_eq!(destinations, ["y/", "/y"]);
}

#[test]
fn finds_the_file_behind_a_path_of_the_image() {
    let world = MemoryWorld::new().with_files(&["src/main.py", "go.mod", "docker/run.sh", "a.txt"]);
    let text = "FROM a AS base\nWORKDIR /app\nCOPY . .\nFROM base\nCOPY docker/run.sh /run.sh\nCOPY src /lib/\nCOPY go.mod a.txt /etc/app/\n";
    let facts = facts(text, &world);
    for (path, file) in [
        ("/app/src/main.py", Some("src/main.py")),
        ("/run.sh", Some("docker/run.sh")),
        ("/lib/main.py", Some("src/main.py")),
        ("/etc/app/a.txt", Some("a.txt")),
        ("/app/none", None),
        ("/usr/bin/x", None),
    ] {
        assert_eq!(facts.context_path(path).as_deref(), file, "{path}");
    }
}
