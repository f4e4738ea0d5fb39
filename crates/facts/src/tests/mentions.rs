//! Who names what.

use super::facts;
use crate::memory::MemoryWorld;
use crate::mentions::mentioned;

fn found(world: &MemoryWorld, text: &str, words: &[&str]) -> Vec<String> {
    let facts = facts(text, world);
    mentioned(&facts, words)
        .into_iter()
        .map(|mention| format!("{} {}:{}", mention.word, mention.path, mention.line))
        .collect()
}

#[test]
fn finds_whole_words_with_their_line() {
    let world = MemoryWorld::new().with_file("app.py", "import os\nsubprocess.run([\"curl\", \"-s\"])\n");
    assert_eq!(found(&world, "FROM a\n", &["curl", "vim"]), ["curl app.py:2"]);
}

#[test]
fn parts_of_words_do_not_count() {
    for text in ["import pycurl", "curl-config", "import 'curl.js'", "x.curl()", "lib_curl", "process.curl"] {
        let world = MemoryWorld::new().with_file("a.js", text);
        assert!(found(&world, "FROM a\n", &["curl"]).is_empty(), "{text}");
    }
    for text in ["/usr/bin/curl -s", "`curl`", "run curl.", "$(curl x)", "curl"] {
        let world = MemoryWorld::new().with_file("a.js", text);
        assert_eq!(found(&world, "FROM a\n", &["curl"]).len(), 1, "{text}");
    }
}

#[test]
fn file_names_with_dots_are_whole_words_too() {
    let world =
        MemoryWorld::new().with_file("a.js", "process.env\ncopy('.env.example')\n").with_file("b.py", "load('.env')");
    assert_eq!(found(&world, "FROM a\n", &[".env"]), [".env b.py:1"]);
    let world = MemoryWorld::new().with_file("a.py", "open(\"logs/app.log\")");
    assert_eq!(found(&world, "FROM a\n", &["app.log"]), ["app.log a.py:1"]);
}

#[test]
fn documentation_ci_locks_and_foreign_code_do_not_count() {
    let mut world = MemoryWorld::new().with_ignore("ignored\n");
    for path in [
        "README.md",
        "docs/x.rst",
        "LICENSE",
        "package-lock.json",
        "node_modules/x/index.js",
        ".github/workflows/ci.yml",
        "Dockerfile",
        "docker-compose.yml",
        ".gitignore",
        ".dockerignore",
        "ignored/a.sh",
        "style.css",
        ".venv/bin/x",
        "old.log",
    ] {
        world = world.with_file(path, "curl");
    }
    world = world.with_file("blob.bin", b"curl\0curl".to_vec()).with_file("big.py", "curl ".repeat(200_000));
    assert!(found(&world, "FROM a\n", &["curl"]).is_empty());
}

#[test]
fn the_commands_that_run_count() {
    let world = MemoryWorld::new();
    let text = "FROM a\nRUN curl x\nHEALTHCHECK CMD curl -f localhost\nCMD [\"run\", \"--with=git\"]\n";
    assert_eq!(found(&world, text, &["curl", "git"]), ["git Dockerfile:4", "curl Dockerfile:3"]);
}

#[test]
fn a_package_manifest_counts_where_it_runs_things() {
    let manifest = "{\n \"repository\": {\n  \"type\": \"git\",\n  \"url\": \"git+https://x\"\n },\n \"scripts\": {\n  \"start\": \"curl x\"\n }\n}";
    let world = MemoryWorld::new().with_file("package.json", manifest);
    assert_eq!(found(&world, "FROM a\n", &["git", "curl"]), ["curl package.json:7"]);
}

#[test]
fn the_search_is_bounded() {
    let mut world = MemoryWorld::new();
    for number in 0..2_100 {
        world = world.with_file(&format!("f{number:04}.py"), if number < 2_000 { "x" } else { "curl" });
    }
    assert!(found(&world, "FROM a\n", &["curl"]).is_empty());
}
