//! Programs that a compiler makes: what may be linked statically, what is stripped, and which folders become cache mounts.

mod setup;

use jettison_facts::Observations;
use jettison_facts::memory::{MemoryImage, MemoryWorld};
use jettison_plan::Status;
use setup::{only, status};

const GO: &str = "FROM golang:1.24\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nCMD [\"/app\"]\n";
const RUST: &str = "FROM rust:1\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nCMD [\"./target/release/paste\"]\n";
const JAVA: &str =
    "FROM maven:3\nWORKDIR /src\nCOPY . .\nRUN mvn package\nCMD [\"java\", \"-jar\", \"target/a.jar\"]\n";

fn go() -> MemoryWorld {
    MemoryWorld::new()
        .with_file("go.mod", "module example.org/app\n\nrequire github.com/go-chi/chi/v5 v5.0.0\n")
        .with_file("main.go", "package main\n\nimport (\n\t\"fmt\"\n\t\"net/http\"\n)\n")
}

fn rust(observed: Option<Observations>) -> MemoryWorld {
    let world = MemoryWorld::new()
        .with_file("Cargo.toml", "[package]\nname = \"paste\"\n")
        .with_file("Cargo.lock", "[[package]]\nname = \"serde\"\n")
        .with_files(&["src/main.rs"]);
    match observed {
        Some(observed) => world.with_observations(observed),
        None => world,
    }
}

/// An image whose second layer holds a program that needs `libraries`.
fn built(program: &str, libraries: &[&str]) -> Observations {
    let image = MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/bin/dash", None, &[])
        .in_layer(1)
        .with_elf(program, Some("/lib64/ld-linux-x86-64.so.2"), libraries)
        .with_workdir("/src");
    Observations { programs: vec![program.into()], ..setup::observations(image) }
}

fn refuses(id: &str, dockerfile: &str, world: &MemoryWorld, because: &str) {
    let said = status(dockerfile, world, id);
    assert_eq!(said.0, Status::Refused, "{because}: {}", said.1);
    assert!(said.1.contains(because), "{}", said.1);
}

fn nothing(id: &str, dockerfile: &str, world: &MemoryWorld, because: &str) {
    let said = status(dockerfile, world, id);
    assert_eq!(said.0, Status::NotApplicable, "{because}: {}", said.1);
    assert!(said.1.contains(because), "{}", said.1);
}

#[test]
fn go_is_built_without_c_where_no_source_needs_it() {
    assert!(only("go-static", GO, &go()).contains("RUN CGO_ENABLED=0 go build -o /app .\n"));
}

#[test]
fn c_in_the_sources_a_plugin_and_a_stub_module_refuse() {
    let world = go().with_file("db/c.go", "package db\n\nimport \"C\"\n");
    refuses("go-static", GO, &world, "`db/c.go` imports \"C\"");
    let world = go().with_file("go.mod", "require (\n\tgithub.com/mattn/go-sqlite3 v1.14.0 // indirect\n)\n");
    refuses("go-static", GO, &world, "go-sqlite3");
    refuses("go-static", GO, &MemoryWorld::unknown(), "without the build context");
}

#[test]
fn what_the_file_says_of_c_is_kept() {
    for said in ["CGO_ENABLED=1 go build .", "CGO_ENABLED=0 go build ."] {
        nothing("go-static", &GO.replace("go build -o /app .", said), &go(), "says itself");
    }
    nothing("go-static", &GO.replace("COPY", "ENV CGO_ENABLED=1\nCOPY"), &go(), "says itself");
    refuses("go-static", &GO.replace("go build", "go build -ldflags '-linkmode external'"), &go(), "-linkmode");
    nothing("go-static", &GO.replace("go build", "go build -race"), &go(), "nothing is built");
}

#[test]
fn a_program_that_is_static_already_is_left_alone() {
    let image = MemoryImage::new().with_debian("12", "bookworm").in_layer(1).with_elf("/app", None, &[]);
    let world = go().with_observations(setup::observations(image));
    nothing("go-static", GO, &world, "no dynamic linker already");
}

#[test]
fn symbols_go_and_other_flags_stay() {
    assert!(only("go-strip", GO, &go()).contains("RUN go build -trimpath -ldflags=\"-s -w\" -o /app .\n"));
    let with_version = GO.replace("go build", "go build -ldflags=\"-X main.version=${V}\"");
    assert!(
        only("go-strip", &with_version, &go())
            .contains("go build -trimpath -ldflags=\"-s -w -X main.version=${V}\" -o")
    );
    let debugged = GO.replace("CMD", "RUN go install github.com/go-delve/delve/cmd/dlv@latest\nCMD [\"dlv\"]\n#");
    refuses("go-strip", &debugged.replace("#", "RUN dlv version\n#"), &go(), "debugger");
}

#[test]
fn sources_that_ask_where_they_lie_keep_their_paths() {
    let world = go().with_file("main.go", "package main\nvar _, file, _, _ = runtime.Caller(0)\n");
    assert!(only("go-strip", GO, &world).contains("RUN go build -ldflags=\"-s -w\" -o /app .\n"));
}

#[test]
fn every_step_from_the_first_that_uses_go_gets_the_mounts() {
    let dockerfile =
        GO.replace("RUN go build", "RUN apt-get update\nRUN go mod download\nRUN make generate\nRUN go build");
    let mounts = "RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \\\n    ";
    let text = only("go-cache", &dockerfile, &go());
    for step in ["go mod download\n", "make generate\n", "go build -o /app .\n"] {
        assert!(text.contains(&format!("{mounts}{step}")), "{text}");
    }
    assert!(text.contains("RUN apt-get update\n"), "{text}");
}

#[test]
fn folders_that_something_else_reads_are_no_mounts() {
    let dockerfile = format!("{}FROM scratch\nCOPY --from=0 /go/pkg/mod/a /a\n", GO);
    refuses("go-cache", &dockerfile, &go(), "copies what would lie in the mount");
    refuses("go-cache", &GO.replace("[\"/app\"]", "[\"go\", \"run\", \".\"]"), &go(), "the image runs go itself");
    refuses("go-cache", &GO.replace("RUN", "USER app\nRUN"), &go(), "runs as `app`");
    refuses(
        "maven-cache",
        &JAVA.replace("package", "package -Dmaven.repo.local=/m2"),
        &MemoryWorld::new(),
        "maven.repo.local",
    );
    refuses("go-cache", &GO.replace("go build", "ls /go/pkg/mod && go build"), &go(), "names go's folders");
}

#[test]
fn maven_and_cargo_get_their_own() {
    let text = only("maven-cache", JAVA, &MemoryWorld::new());
    assert!(
        text.contains("RUN --mount=type=cache,target=/root/.m2/repository,sharing=locked \\\n    mvn package\n"),
        "{text}"
    );
    let text = only("cargo-cache", RUST, &rust(None));
    assert!(
        text.contains(
            "target=/usr/local/cargo/git/db --mount=type=cache,target=/usr/local/cargo/registry \\\n    cargo"
        ),
        "{text}"
    );
}

#[test]
fn a_rust_program_gets_the_c_library_inside() {
    let world = rust(Some(built("/src/target/release/paste", &["libgcc_s.so.1", "libc.so.6"])));
    let text = only("cargo-static", RUST, &world);
    assert!(text.contains("RUN cargo rustc --bin paste --release -- -C target-feature=+crt-static\n"), "{text}");
}

#[test]
fn a_rust_program_that_needs_more_or_looks_up_names_stays_dynamic() {
    let world = rust(Some(built("/src/target/release/paste", &["libssl.so.3", "libc.so.6"])));
    refuses("cargo-static", RUST, &world, "libssl.so.3");
    let world = rust(Some(built("/src/target/release/paste", &["libc.so.6"])))
        .with_file("Cargo.lock", "[[package]]\nname = \"reqwest\"\n");
    refuses("cargo-static", RUST, &world, "`reqwest`");
    refuses("cargo-static", &RUST.replace("COPY", "ENV RUSTFLAGS=-g\nCOPY"), &world, "flags of the compiler");
    refuses("cargo-static", RUST, &rust(None), "nothing was built");
}

#[test]
fn compiled_dependencies_are_kept_and_the_program_stays_where_it_was() {
    let world = rust(Some(built("/src/target/release/paste", &["libc.so.6"])));
    let text = only("cargo-target", RUST, &world);
    let steps = [
        "RUN --mount=type=cache,id=cargo-target-paste,target=/var/cache/cargo-target,sharing=locked \\\n",
        "    find . -type f -exec touch {} + \\\n",
        "    && CARGO_TARGET_DIR=/var/cache/cargo-target cargo build --release \\\n",
        "    && mkdir -p target/release \\\n",
        "    && cp /var/cache/cargo-target/release/paste target/release/\n",
    ];
    assert!(text.contains(&steps.concat()), "{text}");
    refuses("cargo-target", &RUST.replace("RUN ", "RUN cd sub && "), &world, "within the RUN");
    refuses("cargo-target", &RUST.replace("RUN", "ENV CARGO_TARGET_DIR=/t\nRUN"), &world, "where it compiles");
}

#[test]
fn symbols_of_a_rust_program_go_unless_the_manifest_speaks_of_them() {
    assert!(
        only("cargo-strip", RUST, &rust(None)).contains("RUN CARGO_PROFILE_RELEASE_STRIP=true cargo build --release\n")
    );
    let world = rust(None).with_file("Cargo.toml", "[profile.release]\ndebug = 1\n");
    nothing("cargo-strip", RUST, &world, "the manifest says itself");
}

const SPLIT: &str = "\
FROM rust:1 AS build
WORKDIR /src
COPY . .
RUN cargo build --release

FROM debian:bookworm-slim
WORKDIR /src
COPY --from=build /src /src
CMD [\"./target/release/paste\"]
";

/// A working folder with a program, its sources, what the compiler left, and templates.
fn compiled() -> Observations {
    let loader = Some("/lib64/ld-linux-x86-64.so.2");
    let image = MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/bin/dash", None, &[])
        .in_layer(1)
        .with_file("/src/Cargo.toml", 100)
        .with_folder("/src/src")
        .with_file("/src/src/main.rs", 1000)
        .with_folder("/src/templates")
        .with_file("/src/templates/index.html", 1000)
        .with_file("/src/settings.json", 10)
        .with_folder("/src/target")
        .with_elf("/src/target/release/paste", loader, &["libc.so.6"])
        .with_elf("/src/target/release/deps/libserde_derive.so", None, &["libstdc++.so.6"])
        .with_file("/src/target/release/deps/big.rlib", 90_000_000)
        .with_workdir("/src");
    Observations { programs: vec!["/src/target/release/paste".into()], ..setup::observations(image) }
}

#[test]
fn what_runs_and_what_is_no_source_is_copied() {
    let text = only("compiled-sources", SPLIT, &rust(Some(compiled())));
    let expected = "\
WORKDIR /src
COPY --from=build /src/templates /src/templates
COPY --from=build /src/settings.json /src/
COPY --from=build /src/target/release/paste /src/target/release/
CMD";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_tool_that_a_compiler_may_call_stays_with_it() {
    let image = MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/bin/dash", None, &[])
        .in_layer(1)
        .with_file("/usr/include/big.h", 9_000_000)
        .with_elf("/usr/bin/curl", None, &[])
        .with_package("curl", &["/usr/bin/curl"], &[])
        .with_elf("/src/target/release/paste", Some("/lib64/ld-linux-x86-64.so.2"), &[])
        .with_workdir("/src");
    let observed = Observations { programs: vec!["/src/target/release/paste".into()], ..setup::observations(image) };
    let dockerfile = RUST.replace("RUN cargo", "RUN apt-get update && apt-get install -y curl\nRUN cargo");
    let text = only("multi-stage", &dockerfile, &rust(Some(observed.clone())));
    assert_eq!(text.matches("curl").count(), 1, "in the build stage: {text}");
    let calls = rust(Some(observed)).with_file("src/main.rs", "fn main() { Command::new(\"curl\").spawn(); }");
    let text = only("multi-stage", &dockerfile, &calls);
    assert_eq!(text.matches("curl").count(), 2, "in both stages: {text}");
}

#[test]
fn what_the_ignore_file_leaves_out_by_now_is_not_copied() {
    let world = rust(Some(compiled())).with_file("settings.json", "{}").with_ignore("settings.json\n");
    let text = only("compiled-sources", SPLIT, &world);
    assert!(!text.contains("settings.json"), "{text}");
}

#[test]
fn sources_of_a_program_that_is_interpreted_stay_with_it() {
    let mut observed = compiled();
    observed.programs.push("/usr/bin/dash".into());
    let text = only("compiled-sources", SPLIT, &rust(Some(observed)));
    assert!(
        text.contains("COPY --from=build /src/settings.json /src/\n"),
        "a shell that starts the program reads nothing: {text}"
    );
    let image = MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/usr/bin/python3.11", None, &[])
        .in_layer(1)
        .with_file("/src/main.py", 10)
        .with_file("/src/helper.c", 10)
        .with_workdir("/src");
    let observed = Observations { programs: vec!["/usr/bin/python3.11".into()], ..setup::observations(image) };
    let dockerfile = SPLIT.replace("./target/release/paste", "/usr/bin/python3.11");
    nothing("compiled-sources", &dockerfile, &rust(Some(observed)), "may read anything");
}

#[test]
fn an_archive_that_the_command_names_is_kept_of_what_maven_made() {
    let image = MemoryImage::new()
        .with_debian("12", "bookworm")
        .with_elf("/opt/java/bin/java", None, &[])
        .in_layer(1)
        .with_file("/src/pom.xml", 10)
        .with_file("/src/target/a.jar", 1_000_000)
        .with_file("/src/target/classes/A.class", 1_000)
        .with_workdir("/src");
    let observed = Observations { programs: vec!["/opt/java/bin/java".into()], ..setup::observations(image) };
    let dockerfile = SPLIT.replace("[\"./target/release/paste\"]", "[\"java\", \"-jar\", \"target/a.jar\"]");
    let text = only("compiled-sources", &dockerfile, &rust(Some(observed)));
    assert!(text.contains("WORKDIR /src\nCOPY --from=build /src/target/a.jar /src/target/\nCMD"), "{text}");
}
