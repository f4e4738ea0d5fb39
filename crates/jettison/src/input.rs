//! From what was typed to what is worked on: the context, its Dockerfile, the ignore file in force. Wrong input is told here, by
//! name and with the next command to type.

use std::path::{Path, PathBuf};

use jettison_context::Snapshot;
use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_dockerfile::stages::Base;
use jettison_dockerfile::{Dockerfile, Keyword};

use crate::failure::Failure;
use crate::output::shown;

/// What is worked on.
pub struct Input {
    /// The Dockerfile's path, as it can be opened.
    pub dockerfile_path: PathBuf,
    /// Its name for texts: relative to the context where it lies in it.
    pub dockerfile_name: String,
    /// Its bytes.
    pub dockerfile: Vec<u8>,
    /// The ignore file in force.
    pub ignore: Option<Vec<u8>>,
    /// Where an ignore file is or would be written.
    pub ignore_path: PathBuf,
    /// Its name for texts.
    pub ignore_name: String,
    /// The context as the builder receives it.
    pub snapshot: Snapshot,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// The Dockerfile that is meant.
pub fn locate(context: &Path, file: Option<&Path>) -> Result<PathBuf, Failure> {
    check_context(context)?;
    match file {
        Some(path) if path == Path::new("-") => Err(Failure::new("a Dockerfile on stdin cannot be rewritten in place")
            .next("write it to a file and give its name with -f")),
        Some(path) => Ok(path.to_owned()),
        None => find_dockerfile(context),
    }
}

/// Reads everything that belongs to the Dockerfile at `dockerfile_path`.
pub fn read(context: &Path, dockerfile_path: PathBuf) -> Result<Input, Failure> {
    let dockerfile = read_text(&dockerfile_path)?;
    let own = read_optional(&beside(&dockerfile_path, ".dockerignore"))?;
    gather(context, dockerfile_path, dockerfile, own)
}

/// The same for a Dockerfile that is no file: it is called as one in the context would be. No ignore file is its own.
pub fn read_inline(context: &Path, text: &str) -> Result<Input, Failure> {
    check_context(context)?;
    gather(context, context.join("Dockerfile"), text.as_bytes().to_vec(), None)
}

fn gather(
    context: &Path,
    dockerfile_path: PathBuf,
    dockerfile: Vec<u8>,
    own: Option<Vec<u8>>,
) -> Result<Input, Failure> {
    check_kind(&dockerfile, &shown(&dockerfile_path))?;
    let dockerfile_name = name_in(context, &dockerfile_path);
    let own_ignore = beside(&dockerfile_path, ".dockerignore");
    let shared_ignore = context.join(".dockerignore");
    let shared = if own.is_none() { read_optional(&shared_ignore)? } else { None };
    let owns = own.is_some();
    let ignore = own.or(shared);
    let file = IgnoreFile::parse(ignore.as_deref().unwrap_or_default());
    if let Some((line, reason)) = file.errors.first().or(file.broken.first()) {
        let path = if owns { &own_ignore } else { &shared_ignore };
        return Err(
            Failure::new("the builder would refuse the ignore file").at(format!("{}:{line}  {reason}", shown(path)))
        );
    }
    let snapshot =
        jettison_context::walk(context, &Matcher::new(&file)).map_err(|error| Failure::new(error.to_string()))?;
    let mut warnings = Vec::new();
    let others = other_dockerfiles(&snapshot, &dockerfile_name);
    let separate = owns || !others.is_empty();
    if !owns && let Some(other) = others.first() {
        warnings.push(format!("{other} shares the context: the ignore file is written for {dockerfile_name} alone"));
    }
    let unreadable =
        snapshot.unreadable.iter().map(|(path, reason)| format!("{path} in the context cannot be read: {reason}"));
    warnings.extend(unreadable.take(3));
    let ignore_path = if separate { own_ignore } else { shared_ignore };
    let ignore_name = name_in(context, &ignore_path);
    Ok(Input { dockerfile_path, dockerfile_name, dockerfile, ignore, ignore_path, ignore_name, snapshot, warnings })
}

fn check_context(context: &Path) -> Result<(), Failure> {
    let name = shown(context);
    match std::fs::metadata(context) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => {
            let folder = shown(context.parent().unwrap_or(Path::new(".")));
            let folder = if is_of_builds(context) { String::new() } else { format!("{folder} ") };
            Err(Failure::new(format!("{name} is a file, not a build context"))
                .next(format!("jettison optimize {folder}-f {name}")))
        }
        Err(_) if name.contains("://") || name.starts_with("git@") => {
            Err(Failure::new(format!("{name} is not on this machine: a context is a folder"))
                .next("clone or unpack it and give the folder"))
        }
        Err(error) => Err(Failure::new(format!("{name}: {}", reason(&error)))),
    }
}

/// An I/O error in words, without the number.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => error.to_string(),
    }
}

fn find_dockerfile(context: &Path) -> Result<PathBuf, Failure> {
    let usual: Vec<PathBuf> =
        ["Dockerfile", "Containerfile"].iter().map(|name| context.join(name)).filter(|path| path.exists()).collect();
    let command = |path: &Path| match context == Path::new(".") {
        true => format!("jettison optimize -f {}", shown(path)),
        false => format!("jettison optimize {} -f {}", shown(context), shown(path)),
    };
    match &usual[..] {
        [one] => Ok(one.clone()),
        [docker, _, ..] => Err(Failure::new(format!(
            "both Dockerfile and Containerfile are in {}; which one is meant?",
            shown(context)
        ))
        .next(command(docker))),
        [] => {
            let entries = std::fs::read_dir(context).into_iter().flatten().flatten();
            let mut all: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            all.sort();
            let (named, others): (Vec<PathBuf>, Vec<PathBuf>) = all.into_iter().partition(|path| is_dockerfile(path));
            let failure = Failure::new(format!("no Dockerfile in {}", shown(context)));
            let there = |paths: &[PathBuf]| {
                format!("there is {}", paths.iter().map(|path| shown(path)).collect::<Vec<_>>().join(", "))
            };
            let builds: Vec<PathBuf> = others.into_iter().filter(|path| is_of_builds(path)).collect();
            Err(match (&named[..], &builds[..]) {
                ([path, ..], _) => failure.at(there(&named)).next(command(path)),
                ([], [_, ..]) => failure.at(there(&builds)).next(crate::targets::command(&builds)),
                ([], []) => failure.next("give the folder that holds it, or the file with -f"),
            })
        }
    }
}

/// Whether the name is that of a Dockerfile.
pub fn is_dockerfile(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let named = ["dockerfile", "containerfile"]
        .iter()
        .any(|word| name == *word || name.starts_with(&format!("{word}.")) || name.ends_with(&format!(".{word}")));
    named && !name.ends_with(".dockerignore") && !name.ends_with(".bak") && !name.ends_with('~')
}

/// Whether the name is one that Compose or Bake look for by themselves.
pub fn is_of_builds(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    let bake = name.strip_suffix(".hcl").or_else(|| name.strip_suffix(".json"));
    let plain = |stem: &str| stem.strip_suffix(".override").unwrap_or(stem).to_owned();
    stem.is_some_and(|stem| ["compose", "docker-compose"].contains(&plain(stem).as_str()))
        || bake.is_some_and(|stem| plain(stem) == "docker-bake")
}

/// Other Dockerfiles for which the context's `.dockerignore` counts too.
fn other_dockerfiles(snapshot: &Snapshot, own: &str) -> Vec<String> {
    let entries =
        snapshot.kept.iter().chain(&snapshot.ignored).filter(|entry| entry.kind == jettison_context::EntryKind::File);
    let top = entries
        .map(|entry| &entry.path)
        .filter(|path| *path != own && path.matches('/').count() <= 1 && is_dockerfile(Path::new(path)));
    top.cloned().collect()
}

fn read_text(path: &Path) -> Result<Vec<u8>, Failure> {
    let name = shown(path);
    if path.is_dir() {
        return Err(
            Failure::new(format!("{name} is a folder, not a Dockerfile")).next(format!("jettison optimize {name}"))
        );
    }
    let bytes = std::fs::read(path).map_err(|error| Failure::new(format!("{name}: {}", reason(&error))))?;
    if let Err(error) = std::str::from_utf8(&bytes) {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        return Err(Failure::new("the Dockerfile is not UTF-8")
            .at(format!("{name}:{line}"))
            .next(format!("iconv -t UTF-8 {name}")));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::new(format!("{name} is empty")));
    }
    Ok(bytes)
}

fn read_optional(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(format!("{}: {}", shown(path), reason(&error)))),
    }
}

/// `path` with `suffix` after its name.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().map(|name| name.to_os_string()).unwrap_or_default();
    name.push(suffix);
    path.with_file_name(name)
}

/// A path relative to the context where it lies in it, else as given.
fn name_in(context: &Path, path: &Path) -> String {
    inside(context, path).map_or_else(|| shown(path), |inside| inside.to_string_lossy().into_owned())
}

/// A path relative to the context, if it lies in it.
pub fn inside(context: &Path, path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let whole = folder.canonicalize().ok()?.join(path.file_name()?);
    Some(whole.strip_prefix(context.canonicalize().ok()?).ok()?.to_owned())
}

/// What jettison cannot build and run by its nature is refused by name.
fn check_kind(source: &[u8], name: &str) -> Result<(), Failure> {
    let dockerfile = jettison_dockerfile::parse(source.to_vec());
    if let Some(diagnostic) =
        dockerfile.diagnostics().iter().find(|diagnostic| diagnostic.kind == jettison_dockerfile::DiagnosticKind::Error)
    {
        let line = jettison_model::LineIndex::new(source).line(diagnostic.span.start);
        return Err(Failure::new("the builder would refuse the Dockerfile")
            .at(format!("{name}:{line}  {}", diagnostic.message)));
    }
    if dockerfile.escape() == '`' || names_windows(&dockerfile) {
        return Err(Failure::new(format!(
            "{name} makes a Windows image; only images for Linux can be built, run and compared"
        )));
    }
    let device = dockerfile
        .instructions()
        .iter()
        .find(|instruction| instruction.keyword == Keyword::Run && instruction.flag("device").is_some());
    if let Some(run) = device {
        let place = format!("{name}:{}", run.line);
        return Err(Failure::new("a RUN asks for a device (--device), which no other build would have").at(place));
    }
    Ok(())
}

fn names_windows(dockerfile: &Dockerfile) -> bool {
    let graph = jettison_dockerfile::stages::StageGraph::new(dockerfile, &Default::default(), "amd64");
    graph.stages.iter().any(|stage| {
        let image = match &stage.base {
            Base::Image(image) => image.to_lowercase(),
            _ => return false,
        };
        let words = [
            "windows/servercore",
            "windows/nanoserver",
            "mcr.microsoft.com/windows",
            "nanoserver",
            "windowsservercore",
        ];
        words.iter().any(|word| image.contains(word))
            || stage.platform.as_deref().is_some_and(|platform| platform.starts_with("windows"))
    })
}
