//! What several rules ask of a stage or a command: what a container starts, which packages a command installs, what it compiles.
//! Constants only: nothing has to be read before a file is judged.

use jettison_dockerfile::{Form, Keyword};
use jettison_ecosystems::Tool;
use jettison_facts::steps::{Arguments, Call, Step};

use super::Sheet;

impl<'a> Sheet<'a> {
    /// Familiar name and tag (empty where there is none) of the image at the bottom of a stage.
    pub fn image(&self, stage: usize) -> Option<(&str, &str)> {
        let base = self.base(stage)?;
        Some((base.familiar(), base.tag.as_deref().unwrap_or_default()))
    }

    /// Whether that image is one of Docker's official ones.
    pub fn is_official(&self, stage: usize) -> bool {
        self.base(stage).is_some_and(|base| base.host() == "docker.io" && base.path().starts_with("library/"))
    }

    /// The last step with this keyword in what a stage consists of.
    pub fn last(&self, stage: usize, keyword: Keyword) -> Option<&Step<'a>> {
        self.lineage(stage).filter(|step| step.keyword() == keyword && !step.onbuild).last()
    }

    /// The words with which a container of the stage starts, as far as the file says: ENTRYPOINT's, then CMD's. Of a shell
    /// form those of its last command; empty where nothing is said.
    pub fn command(&self, stage: usize) -> Vec<&str> {
        let (entrypoint, cmd) = (self.last(stage, Keyword::Entrypoint), self.last(stage, Keyword::Cmd));
        let reset = entrypoint.zip(cmd).is_some_and(|(entry, cmd)| cmd.index < entry.index && cmd.stage != entry.stage);
        let of_shell = entrypoint.is_some_and(|step| step.instruction.form == Form::Shell);
        let cmd = cmd.filter(|_| !reset && !of_shell);
        entrypoint.into_iter().chain(cmd).flat_map(words_of).collect()
    }

    /// Whether a stage starts nothing but a shell, or nothing at all: people work in its containers.
    pub fn is_workbench(&self, stage: usize) -> bool {
        let words = |keyword| self.last(stage, keyword).map(words_of).unwrap_or_default();
        let alone = |words: &[&str]| {
            words
                .split_first()
                .is_some_and(|(first, rest)| is_shell(first) && rest.iter().all(|word| word.starts_with('-')))
        };
        self.command(stage).is_empty() || alone(&words(Keyword::Entrypoint)) || alone(&words(Keyword::Cmd))
    }

    /// Whether the file says how a builder with cache mounts is there: a `# syntax=` line, a mount, a here-document.
    pub fn shows_buildkit(&self) -> bool {
        self.dockerfile.directives().iter().any(|directive| directive.name == "syntax")
            || self.steps.iter().any(|step| !step.mounts.is_empty() || !step.instruction.heredocs.is_empty())
    }
}

/// The words of a CMD or ENTRYPOINT; of a shell form those of its last command, of `sh -c 'text'` the text's.
pub(crate) fn words_of<'s>(step: &'s Step<'_>) -> Vec<&'s str> {
    let Form::Exec(words) = &step.instruction.form else {
        let Some(call) = step.calls.last() else { return Vec::new() };
        return std::iter::once(call.name).chain(call.args.iter().map(|arg| arg.word.raw.as_str())).collect();
    };
    let words: Vec<&str> = words.iter().map(|word| word.raw.as_str()).collect();
    match words.as_slice() {
        [shell, flag, text] if is_shell(shell) && flag.starts_with('-') && flag.ends_with('c') => {
            let last = text.rsplit("&&").next().unwrap_or(text).trim();
            last.strip_prefix("exec ").unwrap_or(last).split_whitespace().collect()
        }
        _ => words,
    }
}

/// `sh`, `/bin/bash`, …
pub(crate) fn is_shell(program: &str) -> bool {
    ["sh", "bash", "ash", "dash", "zsh"].contains(&name_of(program))
}

/// A path's last part.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The packages that a command installs with the system's package manager, without versions; empty for all other commands.
pub(crate) fn system_packages<'c>(call: &'c Call<'_>) -> Vec<&'c str> {
    let verbs: &[&str] = match call.tool {
        Some(Tool::Apt | Tool::Dnf | Tool::Yum) => &["install"],
        Some(Tool::Apk) => &["add"],
        Some(Tool::Zypper) => &["install", "in"],
        _ => return Vec::new(),
    };
    let arguments = Arguments::of(call);
    if !arguments.does(verbs) {
        return Vec::new();
    }
    let names = call.args.iter().map(|arg| arg.text()).filter(|text| !text.is_empty() && !text.starts_with('-'));
    let operands: Vec<&str> = arguments.rest().iter().map(|arg| arg.text()).collect();
    names.skip(1).filter(|name| operands.contains(name)).map(bare).filter(|name| !name.is_empty()).collect()
}

/// A package's name without version, architecture and repository.
fn bare(package: &str) -> &str {
    package.split(['=', '~', '<', '>', ':', '@']).next().unwrap_or(package)
}

/// Whether a package is a compiler, headers or what drives compilers.
pub(crate) fn is_build_package(name: &str) -> bool {
    const NAMES: [&str; 34] = [
        "autoconf",
        "automake",
        "bison",
        "build-base",
        "build-essential",
        "cargo",
        "clang",
        "cmake",
        "cpp",
        "flex",
        "g++",
        "gcc",
        "gcc-c++",
        "gfortran",
        "go",
        "golang",
        "libtool",
        "linux-headers",
        "llvm",
        "m4",
        "make",
        "maven",
        "meson",
        "nasm",
        "ninja",
        "ninja-build",
        "pkg-config",
        "pkgconf",
        "pkgconfig",
        "python3-dev",
        "rust",
        "rustc",
        "swig",
        "yasm",
    ];
    const RUNTIME: [&str; 3] = ["musl-dev-runtime", "libgcc", "linux-libc-dev-cross"];
    NAMES.contains(&name) && !RUNTIME.contains(&name) || name.ends_with("-dev") || name.ends_with("-devel")
}

/// What a command compiles with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compiler {
    /// `go build`
    Go,
    /// `cargo build`
    Cargo,
    /// `mvn package`
    Maven,
    /// `gradle build`
    Gradle,
    /// `dotnet publish`
    Dotnet,
    /// `make`, `gcc`, …
    C,
    /// Others: swift, haskell, scala, zig.
    Other,
}

/// What a command compiles with; none if it compiles nothing.
pub(crate) fn compiler(call: &Call<'_>) -> Option<Compiler> {
    let has =
        |verbs: &[&str]| call.args.iter().any(|arg| verbs.contains(&arg.text().rsplit(':').next().unwrap_or_default()));
    let verb = call.verb().unwrap_or_default();
    match (call.tool, call.name) {
        (Some(Tool::Go), _) => (verb == "build" || verb == "install" && !has_version(call)).then_some(Compiler::Go),
        (Some(Tool::Cargo), _) => (verb == "build" || verb == "install" && has(&["--path"])).then_some(Compiler::Cargo),
        (_, "mvn" | "mvnw") => has(&["package", "install", "verify", "deploy"]).then_some(Compiler::Maven),
        (_, "gradle" | "gradlew") => {
            has(&["build", "assemble", "bootJar", "shadowJar", "installDist", "fatJar", "war"])
                .then_some(Compiler::Gradle)
        }
        (_, "dotnet") => ["publish", "build"].contains(&verb).then_some(Compiler::Dotnet),
        (_, "gcc" | "g++" | "cc" | "c++" | "clang" | "clang++") => has(&["-o", "-c", "-shared"]).then_some(Compiler::C),
        (_, "make" | "ninja") => (!has(&["clean", "test", "check"])).then_some(Compiler::C),
        (_, "swift" | "stack" | "cabal" | "zig") => (verb == "build").then_some(Compiler::Other),
        (_, "sbt") => has(&["assembly", "stage", "package"]).then_some(Compiler::Other),
        _ => None,
    }
}

/// `go install example.com/tool@v1`.
fn has_version(call: &Call<'_>) -> bool {
    call.args.iter().any(|arg| arg.word.raw.contains('@'))
}

/// Whether a command fetches or builds so much that one waits for it.
pub(crate) fn is_expensive(call: &Call<'_>) -> bool {
    let verb = call.verb().unwrap_or_default();
    match call.tool {
        Some(Tool::Apt | Tool::Dnf | Tool::Yum | Tool::Zypper | Tool::Pip | Tool::Gem | Tool::Composer) => {
            ["install", "upgrade", "dist-upgrade", "update"].contains(&verb)
        }
        Some(Tool::Apk) => verb == "add",
        Some(Tool::Npm | Tool::Pnpm) => ["install", "ci", "i", "run"].contains(&verb),
        Some(Tool::Yarn) => ["", "install", "build"].contains(&verb),
        Some(Tool::Bundle | Tool::Poetry | Tool::Pipenv) => verb == "install",
        Some(Tool::Uv) => ["sync", "pip"].contains(&verb),
        Some(Tool::Conda) => ["install", "create", "env"].contains(&verb),
        Some(Tool::Go) => ["mod", "get", "install"].contains(&verb) || compiler(call).is_some(),
        _ => compiler(call).is_some(),
    }
}

/// Whether `text` reads a variable: `$NAME`, `${NAME}`, `${NAME:-…}`; `\$NAME` does not.
pub(crate) fn reads(text: &str, name: &str) -> bool {
    text.match_indices('$').any(|(at, _)| {
        let behind = text[at + 1..].strip_prefix('{').unwrap_or(&text[at + 1..]);
        let rest = behind.strip_prefix(name);
        let ends = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
        !text[..at].ends_with('\\') && rest.is_some_and(ends)
    })
}

#[cfg(test)]
mod tests {
    use super::{bare, is_build_package, reads};

    #[test]
    fn a_package_is_known_without_what_stands_behind_its_name() {
        for written in ["gcc=4:12", "gcc:amd64", "gcc~=12", "gcc@edge", "gcc>12"] {
            assert_eq!(bare(written), "gcc");
        }
        assert!(is_build_package("libpq-dev") && is_build_package("zlib-devel") && !is_build_package("libpq5"));
    }

    #[test]
    fn a_variable_is_read_by_its_whole_name() {
        for (text, expected) in
            [("a $X", true), ("${X}", true), ("${X:-1}", true), ("$XY", false), ("\\$X", false), ("X", false)]
        {
            assert_eq!(reads(text, "X"), expected, "{text}");
        }
    }
}
