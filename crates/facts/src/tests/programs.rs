//! What a container runs.

use super::facts;
use crate::memory::{MemoryImage, MemoryWorld};
use crate::{Running, entry_programs};

const TEXT: &str = "FROM a\nWORKDIR /app\nCOPY . .\n";

fn image() -> MemoryImage {
    MemoryImage::new()
        .with_workdir("/app")
        .with_file("/usr/bin/dash", 1)
        .with_elf("/usr/bin/dash", None, &[])
        .with_link("/usr/bin/sh", "dash")
        .with_link("/bin", "usr/bin")
        .with_elf("/usr/bin/env", None, &[])
        .with_elf("/usr/local/bin/node", None, &[])
        .with_elf("/usr/local/bin/python3.11", None, &[])
        .with_link("/usr/local/bin/python3", "python3.11")
        .with_script("/usr/local/bin/gunicorn", "/usr/local/bin/python3")
        .with_script("/usr/local/bin/npm", "/usr/bin/env node")
        .with_elf("/usr/bin/curl", None, &[])
}

fn running(world: &MemoryWorld, image: MemoryImage) -> Running {
    entry_programs(&facts(TEXT, world), &image.build())
}

fn names(running: &Running) -> Vec<&str> {
    running.programs.iter().map(|program| program.name.as_str()).collect()
}

#[test]
fn an_exec_form_needs_no_shell() {
    let running = running(&MemoryWorld::new(), image().with_argv(&[], &["gunicorn", "app:app"]));
    assert_eq!(names(&running), ["gunicorn", "/usr/local/bin/python3"]);
    assert!(!running.shell && !running.opaque);
    assert!(running.paths.contains("/usr/local/bin/gunicorn") && running.paths.contains("/usr/local/bin/python3"));
    assert!(!running.paths.contains("/usr/local/bin/python3.11"));
}

#[test]
fn a_shell_form_is_followed() {
    let running = running(
        &MemoryWorld::new(),
        image().with_argv(&[], &["/bin/sh", "-c", "cd /x && exec gunicorn \"$APP\" | tee log"]),
    );
    assert_eq!(names(&running), ["/bin/sh", "gunicorn", "/usr/local/bin/python3", "tee"]);
    assert!(running.shell && running.runs("sh") && !running.opaque);
    assert!(running.paths.contains("/usr/bin/sh"));
}

#[test]
fn scripts_of_the_context_are_read() {
    let script = "#!/bin/sh\nset -e\nif [ -n \"$X\" ]; then curl -s x; fi\nexec \"$@\"\n";
    let world = MemoryWorld::new().with_file("run.sh", script);
    let running =
        running(&world, image().with_script("/app/run.sh", "/bin/sh").with_argv(&["./run.sh"], &["node", "server.js"]));
    assert_eq!(names(&running), ["./run.sh", "/bin/sh", "curl", "node"]);
    assert!(running.shell && !running.opaque);
    assert_eq!(running.programs[2].by, "/app/run.sh");
}

#[test]
fn scripts_of_the_image_are_read_too() {
    let text = "#!/bin/sh\nexec gosu app \"$@\"\n";
    let image = image().with_text("/usr/local/bin/start", text).with_argv(&["start"], &["node"]);
    assert_eq!(names(&running(&MemoryWorld::new(), image)), ["start", "/bin/sh", "gosu", "node"]);
}

#[test]
fn unknown_scripts_are_opaque_but_hand_over() {
    let image = image().with_script("/usr/local/bin/start", "/bin/sh").with_argv(&["start"], &["node"]);
    let running = running(&MemoryWorld::new(), image);
    assert!(running.opaque && running.runs("node"));
}

#[test]
fn package_scripts_are_followed() {
    let manifest = r#"{"scripts": {"prestart": "node check.js", "start": "npm run serve", "serve": "NODE_ENV=production node dist/x.js"}}"#;
    let world = MemoryWorld::new().with_file("package.json", manifest);
    let running = running(&world, image().with_argv(&[], &["npm", "start"]));
    assert_eq!(names(&running), ["npm", "/usr/bin/env", "node"]);
    assert!(running.shell && !running.opaque);
    let unknown = self::running(&MemoryWorld::new(), image().with_argv(&[], &["yarn", "start"]));
    assert!(unknown.opaque && unknown.shell);
}

#[test]
fn scripts_that_call_themselves_end() {
    let world = MemoryWorld::new().with_file("package.json", r#"{"scripts": {"start": "npm run start"}}"#);
    assert!(running(&world, image().with_argv(&[], &["npm", "start"])).runs("npm"));
    let world = MemoryWorld::new().with_file("run.sh", "./run.sh\n");
    assert!(running(&world, image().with_script("/app/run.sh", "/bin/sh").with_argv(&["./run.sh"], &[])).shell);
}

#[test]
fn wrappers_run_what_follows() {
    for argv in
        [&["tini", "-g", "--", "node", "x"][..], &["env", "A=1", "node"], &["gosu", "app", "node"], &["nice", "node"]]
    {
        assert!(running(&MemoryWorld::new(), image().with_argv(argv, &[])).runs("node"), "{argv:?}");
    }
}

#[test]
fn healthchecks_count() {
    let mut built = image().with_argv(&[], &["node"]).build();
    built.config.healthcheck =
        Some(jettison_image::Healthcheck { test: vec!["CMD-SHELL".into(), "curl -f x || exit 1".into()] });
    let world = MemoryWorld::new();
    let running = entry_programs(&facts(TEXT, &world), &built);
    assert_eq!(names(&running), ["node", "/bin/sh", "curl"]);
    assert!(running.shell);
}

#[test]
fn commands_by_variable_are_opaque() {
    assert!(running(&MemoryWorld::new(), image().with_argv(&[], &["/bin/sh", "-c", "$SERVER --x"])).opaque);
    assert_eq!(running(&MemoryWorld::new(), image()), Running::default());
}
