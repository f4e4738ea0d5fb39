//! Tools that are told apart by their name and first words alone.

use crate::SegmentKind;

use super::args::Args;

/// Commands after which the shell is another one.
const SHELL_STATE: [&str; 19] = [
    ".", "alias", "cd", "eval", "exec", "exit", "export", "popd", "pushd", "read", "readonly", "return", "set",
    "shift", "shopt", "source", "trap", "umask", "unset",
];

/// Commands that arrange files and users and fetch nothing.
const CONFIGURE: [&str; 35] = [
    ":",
    "addgroup",
    "adduser",
    "chgrp",
    "chmod",
    "chown",
    "cp",
    "dpkg-reconfigure",
    "echo",
    "groupadd",
    "groupmod",
    "install",
    "ldconfig",
    "ln",
    "locale-gen",
    "mkdir",
    "mktemp",
    "mv",
    "passwd",
    "printf",
    "rm",
    "rmdir",
    "sed",
    "sync",
    "tee",
    "test",
    "touch",
    "true",
    "truncate",
    "update-alternatives",
    "update-ca-certificates",
    "useradd",
    "userdel",
    "usermod",
    "[",
];

/// Compilers and build drivers: whatever their arguments, they build.
const BUILD: [&str; 33] = [
    "ant",
    "autoreconf",
    "bazel",
    "c++",
    "cc",
    "clang",
    "clang++",
    "cmake",
    "configure",
    "ctest",
    "docker-php-ext-configure",
    "docker-php-ext-install",
    "esbuild",
    "g++",
    "gcc",
    "gradle",
    "gradlew",
    "javac",
    "ld",
    "make",
    "meson",
    "mvn",
    "mvnw",
    "ninja",
    "protoc",
    "rustc",
    "sbt",
    "scons",
    "strip",
    "swift",
    "tinygo",
    "xcaddy",
    "zig",
];

/// Build tools of the node world that are called by name.
const NODE_BUILD: [&str; 12] =
    ["astro", "gulp", "grunt", "ng", "next", "nuxt", "parcel", "rollup", "tsc", "vite", "vue-cli-service", "webpack"];

pub(super) fn classify(name: &str, args: &Args) -> SegmentKind {
    if SHELL_STATE.contains(&name) {
        return SegmentKind::ShellState(name.to_owned());
    }
    if CONFIGURE.contains(&name) {
        return SegmentKind::Configure(name.to_owned());
    }
    if NODE_BUILD.contains(&name) {
        return SegmentKind::NpmRun(name.to_owned());
    }
    match (name, args.first_two()) {
        ("npx" | "pnpx" | "bunx", (tool, _)) if NODE_BUILD.contains(&tool) => SegmentKind::NpmRun(tool.to_owned()),
        _ if installs(name, args.first_two()) => SegmentKind::Install(name.to_owned()),
        _ if BUILD.contains(&name) || builds(name, args.first_two()) => SegmentKind::Build(name.to_owned()),
        _ => SegmentKind::Other,
    }
}

fn installs(name: &str, words: (&str, &str)) -> bool {
    match name {
        "apk" => words.0 == "add",
        "bundle" | "bundler" | "conda" | "mamba" | "micromamba" => {
            ["create", "env", "install", "update"].contains(&words.0)
        }
        "cargo" => ["fetch", "vendor"].contains(&words.0),
        "composer" => ["install", "require", "update"].contains(&words.0),
        "conan" | "gem" | "luarocks" | "opam" | "pear" | "pecl" | "pipx" | "vcpkg" => words.0 == "install",
        "dnf" | "microdnf" | "tdnf" | "yum" => {
            ["groupinstall", "install", "makecache", "update", "upgrade"].contains(&words.0)
        }
        "dotnet" => words.0 == "restore" || words == ("tool", "install"),
        "go" => ["get", "mod"].contains(&words.0),
        "gradle" | "gradlew" => ["dependencies"].contains(&words.0),
        "mix" => words.0.starts_with("deps.") || words.0.starts_with("local."),
        "mvn" | "mvnw" => words.0.starts_with("dependency:"),
        "pacman" | "zypper" => true,
        "pipenv" => ["install", "sync"].contains(&words.0),
        "poetry" => ["add", "install", "sync"].contains(&words.0),
        "rustup" => ["component", "install", "show", "target", "toolchain"].contains(&words.0),
        "uv" => ["pip", "python", "sync", "tool", "venv"].contains(&words.0),
        "virtualenv" => true,
        _ => false,
    }
}

fn builds(name: &str, words: (&str, &str)) -> bool {
    match name {
        "cargo" => ["build", "chef", "install", "test"].contains(&words.0),
        "composer" => ["dump-autoload", "dumpautoload"].contains(&words.0),
        "dotnet" => ["build", "pack", "publish", "test"].contains(&words.0),
        "go" => ["build", "generate", "install", "test"].contains(&words.0),
        "mix" => ["compile", "release", "test"].contains(&words.0) || words.0.starts_with("assets."),
        "poetry" | "uv" => words.0 == "build",
        "rails" | "rake" => words.0 == "assets:precompile",
        _ => false,
    }
}
