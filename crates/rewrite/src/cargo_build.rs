//! `cargo build --release` for a program that is to be run: linked statically, without symbols, and compiled in a cache mount, from
//! which the program is copied to where it was. <https://doc.rust-lang.org/cargo/reference/profiles.html>,
//! <https://doc.rust-lang.org/reference/linkage.html#static-and-dynamic-c-runtimes>.

use std::collections::BTreeSet;

use jettison_facts::{Facts, Segment, SegmentKind};
use jettison_image::FileKind;
use jettison_model::{Edit, Span};

use crate::cache::runs_as_root;
use crate::calls::{self, Build};
use crate::go_build::Static;
use crate::lines::{Lines, find_word};
use crate::{Change, Decision, nothing, refuse};

/// Where cargo compiles while the RUN lasts.
const TARGET: &str = "/var/cache/cargo-target";

/// Bytes of a lock file that are read.
const MAX_LOCK: usize = 4 << 20;

/// Programs without symbol table: `CARGO_PROFILE_RELEASE_STRIP=true`.
pub fn cargo_strip(facts: &Facts<'_>) -> Decision {
    let builds = builds(facts);
    if builds.is_empty() {
        nothing!("nothing is built with `cargo build --release`");
    }
    let manifests = facts.world.paths("**/Cargo.toml", false).unwrap_or_default();
    let says = |word: &str| {
        manifests.iter().any(|path| {
            let text = facts.world.read(path, MAX_LOCK).unwrap_or_default();
            String::from_utf8_lossy(&text).lines().any(|line| line.trim_start().starts_with(word))
        })
    };
    if says("strip") || says("debug") || says("split-debuginfo") {
        nothing!("the manifest says itself what programs carry for a debugger");
    }
    let open: Vec<&Build<'_>> = builds.iter().filter(|build| !build.sets("CARGO_PROFILE_RELEASE_STRIP")).collect();
    if open.is_empty() {
        nothing!("the file says itself what programs carry for a debugger");
    }
    let edits = open.iter().map(|build| build.prefix("CARGO_PROFILE_RELEASE_STRIP=true ")).collect();
    let does = "no symbol table; panics still name their lines".to_owned();
    Decision::Apply(Change { edits, at: open[0].at(), does, may_drop: Vec::new() })
}

/// One program linked with the C library inside: `cargo rustc --bin NAME -- -C target-feature=+crt-static`.
pub fn cargo_static(facts: &Facts<'_>) -> Decision<Static> {
    let builds = builds(facts);
    if builds.is_empty() {
        nothing!("nothing is built with `cargo build --release`");
    }
    let [build] = &builds[..] else {
        nothing!("not one `cargo build --release` alone makes the program");
    };
    if facts.dockerfile.instructions().iter().any(|one| one.body.text.contains("crt-static")) {
        nothing!("the file says itself how the C library is linked");
    }
    if build.sets("RUSTFLAGS") || build.sets("CARGO_BUILD_TARGET") {
        refuse!("the build sets flags of the compiler itself");
    }
    let Some(observed) = facts.world.observed() else {
        refuse!("which program is made is read from the built image, and nothing was built")
    };
    let programs = programs(facts, build);
    let [name] = &programs.iter().collect::<Vec<_>>()[..] else {
        nothing!("{} programs are made, not one", programs.len());
    };
    let plain = ["--release", "-r", "--locked", "--frozen", "--offline", "--verbose", "-v", "--quiet", "-q"];
    let words: Vec<&str> = build.segment.words.iter().skip(2).map(|word| word.as_deref().unwrap_or("$")).collect();
    let named = match &words.iter().filter(|word| !plain.contains(word)).copied().collect::<Vec<_>>()[..] {
        [] => false,
        ["--bin", bin] if bin == name => true,
        [bin] if bin.strip_prefix("--bin=") == Some(name) => true,
        [other, ..] => refuse!("what `cargo build {other}` makes is not known"),
    };
    if facts.world.paths("**", false).is_some_and(|paths| !paths.iter().any(|path| path == "src/main.rs")) && !named {
        refuse!("which package the program `{name}` is of is not known");
    }
    if let Some(reason) = asks_the_c_library(facts) {
        return Decision::Refuse(reason);
    }
    let is_made = |path: &str| path.rsplit('/').next() == Some(name.as_str());
    let dynamic = observed.image.files.iter().filter(|(path, file)| {
        let elf = file.elf.as_ref().is_some_and(|elf| elf.interpreter.is_some());
        elf && is_file(&file.kind) && observed.is_app_layer(file.layer) && is_made(path)
    });
    let (paths, files): (Vec<&String>, Vec<_>) = dynamic.unzip();
    let libraries: BTreeSet<&String> =
        files.iter().filter_map(|file| file.elf.as_ref()).flat_map(|elf| &elf.needed).collect();
    if paths.is_empty() {
        nothing!("the program names no dynamic linker already");
    }
    let of_libc =
        ["libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libgcc_s.so", "libutil.so", "ld-linux"];
    if let Some(other) = libraries.iter().find(|soname| !of_libc.iter().any(|own| soname.starts_with(own))) {
        refuse!("the program needs `{other}`, which is not known to be had for linking statically");
    }
    let text = build.text(facts);
    let Some(at) = find_word(&text, "build") else {
        nothing!("not one `cargo build --release` alone makes the program")
    };
    let start = build.segment.span.start as usize;
    let bin = if named { String::new() } else { format!(" --bin {name}") };
    let edits = vec![
        Edit::replace(Span::new(start + at, start + at + "build".len()), format!("rustc{bin}")),
        Edit::insert(build.segment.span.end as usize, " -- -C target-feature=+crt-static"),
    ];
    let change =
        Change { edits, at: build.at(), does: "the program needs no C library beside it".into(), may_drop: Vec::new() };
    Decision::Apply(Static { change, programs: paths.into_iter().cloned().collect() })
}

/// `target` in a cache mount: what has been compiled once is not compiled again. Sources are touched, for cargo goes by their
/// modification times, which a copy keeps: without it an older file would give a stale program.
pub fn cargo_target(facts: &Facts<'_>) -> Decision {
    let builds = builds(facts);
    if builds.is_empty() {
        nothing!("nothing is built with `cargo build --release`");
    }
    let [build] = &builds[..] else {
        nothing!("not one `cargo build --release` alone makes the programs");
    };
    let instruction = &facts.dockerfile.instructions()[build.run.instruction];
    let text = &instruction.body.text;
    let is_mounted = |target: &str| target.ends_with("target") || target == TARGET;
    let mounts = instruction.as_run().map(|run| run.mounts).unwrap_or_default();
    let targets = mounts
        .iter()
        .flat_map(|mount| &mount.options)
        .filter(|option| ["target", "dst", "destination"].contains(&&*option.key));
    if targets.into_iter().any(|option| option.value.as_deref().is_some_and(is_mounted)) {
        nothing!("`target` is in a cache mount already");
    }
    if build.sets("CARGO_TARGET_DIR")
        || build.sets("CARGO_BUILD_TARGET")
        || text.contains("--target")
        || text.contains("chef")
    {
        refuse!("the build says itself where it compiles");
    }
    if build.run.user.as_deref().is_some_and(|user| !runs_as_root(user)) {
        refuse!("the build does not run as root, to whom the mount belongs");
    }
    let moves = |segment: &Segment| matches!(segment.kind, SegmentKind::ShellState(_)) && !segment.is_harmless();
    if build.run.segments.iter().flatten().any(moves) {
        refuse!("the folder or the variables change within the RUN");
    }
    let programs = programs(facts, build);
    if programs.is_empty() {
        refuse!("which programs are made is read from the built image, and nothing was built");
    }
    let lines = Lines::new(&facts.dockerfile);
    let and = lines.and_in(instruction);
    let span = build.segment.span;
    let id = programs.iter().next().map(String::as_str).unwrap_or_default();
    let sources: Vec<String> = programs.iter().map(|name| format!("{TARGET}/release/{name}")).collect();
    let flag_at = instruction.flags.first().map_or(instruction.body.span.start, |flag| flag.span.start);
    let edits = vec![
        Edit::insert(
            flag_at as usize,
            format!("--mount=type=cache,id=cargo-target-{id},target={TARGET},sharing=locked {}", lines.continued()),
        ),
        Edit::insert(span.start as usize, format!("find . -type f -exec touch {{}} +{and}CARGO_TARGET_DIR={TARGET} ")),
        Edit::insert(
            span.end as usize,
            format!("{and}mkdir -p target/release{and}cp {} target/release/", sources.join(" ")),
        ),
    ];
    let workdir = build.run.workdir.as_deref().unwrap_or_default().trim_matches('/');
    let may_drop = vec![format!("{workdir}/target"), "root/.cache".to_owned()];
    Decision::Apply(Change {
        edits,
        at: build.at(),
        does: "dependencies are compiled once, not at every edit".into(),
        may_drop,
    })
}

/// Every `cargo build --release` of literal words.
fn builds<'a>(facts: &'a Facts<'_>) -> Vec<Build<'a>> {
    let is_build = |segment: &Segment| {
        let words: Vec<&str> = segment.words.iter().flatten().map(String::as_str).collect();
        matches!(words[..], ["cargo", "build" | "rustc", ..])
            && words.iter().any(|word| ["--release", "-r"].contains(word))
            && words.len() == segment.words.len()
    };
    calls::builds(facts, is_build)
}

impl Build<'_> {
    fn at(&self) -> usize {
        self.segment.span.start as usize
    }

    fn text(&self, facts: &Facts<'_>) -> String {
        String::from_utf8_lossy(&facts.dockerfile.source()[self.segment.span.range()]).into_owned()
    }

    fn prefix(&self, assignment: &str) -> Edit {
        Edit::insert(self.at(), assignment)
    }

    /// Whether a variable is set for this build, by the stage, the RUN or the command.
    fn sets(&self, name: &str) -> bool {
        self.stage.full_env.contains_key(name)
            || self.run.segments.iter().flatten().any(|segment| segment.text.contains(&format!("{name}=")))
    }
}

/// Names of the programs below `target/release`, from the built image and from what the file says of them.
fn programs(facts: &Facts<'_>, build: &Build<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let folder = format!("{}/target/release/", build.run.workdir.as_deref().unwrap_or_default().trim_end_matches('/'));
    if let Some(observed) = facts.world.observed() {
        let files = observed.image.files.range(folder.clone()..);
        let below = files.map_while(|(path, file)| Some((path.strip_prefix(&folder)?, file)));
        let is_program = |name: &str, mode: u32| !name.contains(['/', '.']) && mode & 0o111 != 0;
        names.extend(
            below
                .filter(|(name, file)| is_file(&file.kind) && is_program(name, file.mode))
                .map(|(name, _)| name.to_owned()),
        );
    }
    for instruction in facts.dockerfile.instructions() {
        let said = instruction.body.text.match_indices("target/release/");
        let rest = said.filter_map(|(at, sign)| instruction.body.text.get(at + sign.len()..));
        let name =
            |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || ['-', '_'].contains(c)).collect::<String>();
        names.extend(
            rest.map(name).filter(|name| {
                !name.is_empty() && !["build", "deps", "examples", "incremental"].contains(&name.as_str())
            }),
        );
    }
    names
}

/// Cargo gives a program two names, one of them in `deps`.
fn is_file(kind: &FileKind) -> bool {
    matches!(kind, FileKind::Regular | FileKind::Hardlink(_))
}

/// A dependency that looks up names: a statically linked glibc loads parts of itself for that, which would not be there.
fn asks_the_c_library(facts: &Facts<'_>) -> Option<String> {
    let Some(locks) = facts.world.paths("**/Cargo.lock", false).filter(|paths| !paths.is_empty()) else {
        return Some("which crates it uses is not known without Cargo.lock".to_owned());
    };
    let clients = &jettison_ecosystems::load().name_lookups;
    for path in &locks {
        let Some(bytes) = facts.world.read(path, MAX_LOCK) else { return Some(format!("`{path}` cannot be read")) };
        let text = String::from_utf8_lossy(&bytes);
        let names: BTreeSet<&str> =
            text.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
        if let Some(name) = clients.iter().flat_map(|row| &row.crates).find(|name| names.contains(name.as_str())) {
            return Some(format!(
                "`{name}` ({path}) asks the C library for names, which works with a dynamic one only"
            ));
        }
    }
    None
}
