//! `pip install` by whatever name. <https://pip.pypa.io/en/stable/cli/pip_install/>

use crate::{PipInstall, SegmentKind};

use super::args::Args;

/// Long options that take the next word, if not written with `=`.
const WITH_VALUE: [&str; 42] = [
    "--abi",
    "--build",
    "--cache-dir",
    "--cert",
    "--client-cert",
    "--config-settings",
    "--constraint",
    "--editable",
    "--exists-action",
    "--extra-index-url",
    "--find-links",
    "--global-option",
    "--group",
    "--hash",
    "--implementation",
    "--index-url",
    "--install-option",
    "--keyring-provider",
    "--log",
    "--no-binary",
    "--only-binary",
    "--platform",
    "--prefix",
    "--progress-bar",
    "--proxy",
    "--pypi-url",
    "--python",
    "--python-version",
    "--report",
    "--requirement",
    "--resume-retries",
    "--retries",
    "--root",
    "--root-user-action",
    "--src",
    "--target",
    "--timeout",
    "--trusted-host",
    "--upgrade-strategy",
    "--uploaded-prior-to",
    "--use-deprecated",
    "--use-feature",
];
/// Short options that take a value.
const SHORT_WITH_VALUE: &str = "rcetifCb";

pub(super) fn is_pip(name: &str) -> bool {
    name.strip_prefix("pip").is_some_and(is_version)
}

pub(super) fn is_python(name: &str) -> bool {
    name.strip_prefix("python").is_some_and(is_version)
}

fn is_version(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// `python -m pip …`, `python -m venv`, `python setup.py build`, `python -m compileall`.
pub(super) fn classify_python(args: &Args) -> SegmentKind {
    let words: Vec<&str> = args.literals().collect();
    let module = args.list.iter().position(|arg| arg.value.as_deref() == Some("-m"));
    // Only flags of the interpreter (`-u`, `-I`) may stand before `-m`.
    let plain = module.is_some_and(|at| {
        args.list[..at].iter().all(|arg| arg.value.as_deref().is_some_and(|word| word.starts_with('-')))
    });
    if let (Some(at), true) = (module, plain) {
        return match args.list.get(at + 1).and_then(|arg| arg.value.as_deref()) {
            Some("pip") => classify(&args.after(at + 2)),
            Some("venv" | "virtualenv" | "ensurepip") => SegmentKind::Install("venv".to_owned()),
            Some("build" | "compileall") => SegmentKind::Build("python".to_owned()),
            _ => SegmentKind::Other,
        };
    }
    match words.first() {
        Some(&"setup.py") => SegmentKind::Build("python".to_owned()),
        _ => SegmentKind::Other,
    }
}

pub(super) fn classify(args: &Args) -> SegmentKind {
    match args.subcommand(&WITH_VALUE) {
        Some((at, "install")) => SegmentKind::PipInstall(Reader::new(args).read(at)),
        Some((_, "download" | "wheel")) => SegmentKind::Install("pip".to_owned()),
        _ => SegmentKind::Other,
    }
}

/// Walks over the words of one `pip install`.
struct Reader<'a> {
    args: &'a Args,
    at: usize,
    install: PipInstall,
}

impl<'a> Reader<'a> {
    fn new(args: &'a Args) -> Self {
        let no_cache =
            args.assigned("PIP_NO_CACHE_DIR").is_some_and(|value| !["", "0", "false", "no", "off"].contains(&value));
        let install = PipInstall { elsewhere: args.by_path, no_cache, ..PipInstall::default() };
        Self { args, at: 0, install }
    }

    fn read(mut self, subcommand: usize) -> PipInstall {
        while let Some(arg) = self.args.list.get(self.at) {
            let index = self.at;
            self.at += 1;
            match arg.value.as_deref() {
                None => self.install.opaque = true,
                Some(_) if index == subcommand => {}
                Some(word) if word.starts_with("--") => self.long(word),
                Some(word) if word.starts_with('-') && word.len() > 1 => self.short(&word[1..]),
                Some(word) => self.package(word),
            }
        }
        self.install
    }

    fn long(&mut self, word: &str) {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None if WITH_VALUE.contains(&word) => (word, self.next()),
            None => (word, None),
        };
        self.option(name, value);
    }

    /// `-U`, `-r file`, `-rfile`, `-Ur file`.
    fn short(&mut self, letters: &str) {
        for (at, letter) in letters.char_indices() {
            if !SHORT_WITH_VALUE.contains(letter) {
                continue;
            }
            let rest = &letters[at + letter.len_utf8()..];
            let value = if rest.is_empty() { self.next() } else { Some(rest.to_owned()) };
            let name = match letter {
                'r' => "--requirement",
                'c' => "--constraint",
                'e' => "--editable",
                't' => "--target",
                'f' => "--find-links",
                _ => return,
            };
            return self.option(name, value);
        }
    }

    /// The next word as an option's value; a word that is not literal makes the whole command opaque.
    fn next(&mut self) -> Option<String> {
        let value = self.args.list.get(self.at).and_then(|arg| arg.value.clone());
        self.at += 1;
        self.install.opaque |= value.is_none();
        value
    }

    fn option(&mut self, name: &str, value: Option<String>) {
        match name {
            "--requirement" => self.install.requirements.extend(value),
            "--constraint" => self.install.constraints.extend(value),
            "--editable" => self.install.local = true,
            "--find-links" => self.install.local |= value.is_some_and(|place| !place.contains("://")),
            "--target" | "--prefix" | "--root" | "--user" | "--python" => self.install.elsewhere = true,
            "--no-cache-dir" => self.install.no_cache = true,
            // Dependency groups and `--requirements-from-script` read the project's files.
            "--group" | "--requirements-from-script" => self.install.local = true,
            _ => {}
        }
    }

    fn package(&mut self, word: &str) {
        self.install.local |= is_local(word);
        self.install.packages.push(word.to_owned());
    }
}

/// `.`, `.[extra]`, `./x`, `/wheels/x.whl`, `x.tar.gz`, `file:…`, `name @ file:…`.
pub(crate) fn is_local(word: &str) -> bool {
    let archive = [".whl", ".tar.gz", ".tar.bz2", ".tar.xz", ".zip"].iter().any(|end| word.ends_with(end));
    word.starts_with('.') || word.starts_with('/') || word.contains("file:") || (archive && !word.contains("://"))
}
