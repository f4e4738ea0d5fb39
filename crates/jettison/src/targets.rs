//! `-f compose.yaml`, `-f docker-bake.hcl`: the build that such a file describes becomes arguments, as if they had been typed.
//! What was typed wins. Reading the files and choosing among the builds is here; what they mean is `jettison-targets`' business.

use std::path::{Path, PathBuf};

use jettison_targets::{
    Cause, Choice, Context, Error, File, Files, Instructions, Invocation, Kind, Opaque, Stated, Targets, detect, load,
};

use crate::cli::{FromFile, OptimizeArgs};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::input::reason;
use crate::output::shown;

/// Settings of a build that change what it makes and that no engine is told here.
const NOT_PASSED_ON: [&str; 9] = [
    "entitlements",
    "extra-hosts",
    "extra_hosts",
    "isolation",
    "network",
    "privileged",
    "shm-size",
    "shm_size",
    "ulimits",
];

/// Names that the tools look for by themselves, in their order. Of Compose's only the first one counts.
const USUAL: [&str; 6] =
    ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", "docker-bake.json", "docker-bake.hcl"];

/// The arguments with what a Compose or Bake file of `-f` says; none if `-f` names a Dockerfile or nothing.
pub fn arguments(args: &OptimizeArgs) -> Result<Option<OptimizeArgs>, Failure> {
    let Some((files, kind)) = read(&args.file)? else { return Ok(None) };
    let targets = load(&files, &Environment::variables(), &Disk).map_err(failure)?;
    let chosen = targets.choose(args.target.as_deref()).map_err(|choice| unchosen(args, &choice))?;
    let mut all = Applied { args: args.clone(), typed: args, build: chosen, warnings: told(&targets) };
    all.context()?;
    all.contexts()?;
    all.build_args()?;
    all.secrets()?;
    all.platform()?;
    all.settings();
    let inline = all.instructions()?;
    let note = note(chosen, &shown(&args.file[0]));
    let command = with_target(args, &chosen.name);
    let build = build_command(kind, &files, &chosen.name);
    let Applied { mut args, warnings, .. } = all;
    args.from_file = Some(FromFile { command, build, note, inline, warnings });
    Ok(Some(args))
}

/// The files, if they are of these kinds.
fn read(paths: &[PathBuf]) -> Result<Option<(Vec<File>, Kind)>, Failure> {
    let mut files = Vec::new();
    let mut kinds = Vec::new();
    for path in paths.iter().filter(|path| *path != Path::new("-") && path.is_file()) {
        let bytes =
            std::fs::read(path).map_err(|error| Failure::new(format!("{}: {}", shown(path), reason(&error))))?;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if let Some(kind) = detect(&shown(path), &text) {
            kinds.push(kind);
            files.push(File { name: shown(path), text });
        }
    }
    let Some(first) = kinds.first() else {
        return match paths {
            [_, second, ..] => Err(Failure::new("only Compose and Bake files can be several").at(shown(second))),
            _ => Ok(None),
        };
    };
    if let Some(other) = paths.iter().find(|path| files.iter().all(|file| file.name != shown(path))) {
        let name = shown(other);
        return Err(Failure::new(format!("{name} is no Compose or Bake file, as {} is", files[0].name)));
    }
    let bake = kinds.iter().find(|kind| **kind != Kind::Compose);
    Ok(Some((files, *bake.unwrap_or(first))))
}

/// Files that files name.
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Option<String>, String> {
        match std::fs::read(path) {
            Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| "it is not UTF-8".to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(reason(&error)),
        }
    }
}

fn failure(error: Error) -> Failure {
    let failure = Failure::new(error.cause.to_string());
    let failure = match &error.place {
        Some(place) => failure.at(place.to_string()),
        None => failure,
    };
    match &error.cause {
        Cause::Required { name, .. } => failure.next(format!("export {name}=…, or write it into .env")),
        _ => failure,
    }
}

fn unchosen(args: &OptimizeArgs, choice: &Choice) -> Failure {
    let with = |name: &String| with_target(args, name);
    let failure = Failure::new(choice.to_string());
    let place = args.file.iter().map(|path| shown(path)).collect::<Vec<_>>().join(", ");
    match choice {
        Choice::None => failure.at(place).next("give the Dockerfile with -f"),
        Choice::Several(names) | Choice::Group { members: names, .. } => {
            let next = names.first().map(with).unwrap_or_default();
            failure.at(place).next(next)
        }
        Choice::Unknown { near, all, .. } => {
            let next = near.as_ref().or(all.first()).map(with).unwrap_or_default();
            failure.at(place).next(next)
        }
    }
}

fn with_target(args: &OptimizeArgs, name: &str) -> String {
    let typed = OptimizeArgs { target: None, from_file: None, ..args.clone() };
    format!("{} --target {name}", typed.command(""))
}

/// Of the Compose and Bake files of one folder those that are read together: by either tool what it would take by itself.
pub fn together(found: &[PathBuf]) -> Vec<Vec<PathBuf>> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let rank = |path: &Path| USUAL.iter().position(|usual| *usual == name(path)).unwrap_or(USUAL.len());
    let (bake, compose): (Vec<&PathBuf>, Vec<&PathBuf>) =
        found.iter().partition(|path| name(path).starts_with("docker-bake"));
    let ordered = |mut files: Vec<&PathBuf>, all: bool| -> Vec<PathBuf> {
        files.sort_by_key(|path| (name(path).contains(".override."), rank(path)));
        let (over, mut plain): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| name(path).contains(".override."));
        plain.truncate(if all { usize::MAX } else { 1 });
        if plain.is_empty() { Vec::new() } else { plain.into_iter().chain(over).cloned().collect() }
    };
    [ordered(compose, false), ordered(bake, true)].into_iter().filter(|files| !files.is_empty()).collect()
}

/// What to type for the Compose or Bake files of a folder: those that one tool would take by itself, what overrides last.
pub fn command(found: &[PathBuf]) -> String {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_bake = |path: &Path| name(path).starts_with("docker-bake");
    let rank = |path: &Path| USUAL.iter().position(|usual| *usual == name(path)).unwrap_or(USUAL.len());
    let mut sorted: Vec<&PathBuf> = found.iter().collect();
    sorted.sort_by_key(|path| rank(path));
    let (over, mut wanted): (Vec<_>, Vec<_>) = sorted.into_iter().partition(|path| name(path).contains(".override."));
    let bake = wanted.first().or(over.first()).is_some_and(|path| is_bake(path));
    wanted.retain(|path| is_bake(path) == bake);
    if !bake {
        wanted.truncate(1);
    }
    let over = over.into_iter().filter(|path| is_bake(path) == bake);
    let files: String = wanted.into_iter().chain(over).map(|path| format!(" -f {}", shown(path))).collect();
    format!("jettison optimize{files}")
}

/// How the user builds the same, without the engine's name.
fn build_command(kind: Kind, files: &[File], name: &str) -> String {
    let files: String = files.iter().map(|file| format!(" -f {}", file.name)).collect();
    match kind {
        Kind::Compose => format!("compose{files} build {name}"),
        Kind::BakeHcl | Kind::BakeJson => format!("buildx bake{files} {name}"),
    }
}

fn told(targets: &Targets) -> Vec<String> {
    targets.warnings.iter().map(|warning| format!("{}: {}", warning.place, warning.message)).collect()
}

/// `web of compose.yaml: context app, Dockerfile.prod, stage prod, 2 arguments`
fn note(build: &Invocation, file: &str) -> String {
    let mut parts = Vec::new();
    if let Some(Context::Path(folder)) = build.context.known() {
        parts.push(format!("context {folder}"));
    }
    match build.instructions.known() {
        Some(Instructions::File(path)) => parts.push(path.clone()),
        _ => parts.push("a Dockerfile of its own".to_owned()),
    }
    parts.extend(build.target.as_ref().and_then(Stated::known).map(|stage| format!("stage {stage}")));
    match build.args.len() {
        0 => {}
        1 => parts.push("1 argument".to_owned()),
        many => parts.push(format!("{many} arguments")),
    }
    format!("{} of {file}: {}", build.name, parts.join(", "))
}

/// Arguments in the making.
struct Applied<'a> {
    args: OptimizeArgs,
    typed: &'a OptimizeArgs,
    build: &'a Invocation,
    warnings: Vec<String>,
}

impl Applied<'_> {
    fn context(&mut self) -> Result<(), Failure> {
        if self.typed.context != Path::new(".") {
            return Ok(());
        }
        let name = &self.build.name;
        let folder = |what: String| {
            let next = format!("get it as a folder: {} FOLDER", with_target(self.typed, name));
            Err(Failure::new(what).at(self.build.place.to_string()).next(next))
        };
        match &self.build.context {
            Stated::Known(Context::Path(path)) => self.args.context = PathBuf::from(path),
            Stated::Known(Context::Remote(url)) => {
                return folder(format!("the context of `{name}` is not on this machine: {url}"));
            }
            Stated::Known(Context::Image(other) | Context::Build(other)) => {
                return folder(format!("the context of `{name}` is no folder: {other}"));
            }
            Stated::Opaque(opaque) => return Err(self.unknown("context", opaque, " FOLDER")),
        }
        Ok(())
    }

    /// The Dockerfile: its path into the arguments, or its text.
    fn instructions(&mut self) -> Result<Option<String>, Failure> {
        self.args.target = match &self.build.target {
            Some(Stated::Known(stage)) => Some(stage.clone()),
            Some(Stated::Opaque(opaque)) => return Err(self.unknown("target", opaque, "")),
            None => None,
        };
        match &self.build.instructions {
            Stated::Known(Instructions::File(path)) => {
                // a path within something that is no folder is one within the folder that was typed for it
                let within = match self.build.context.known() {
                    Some(Context::Path(_)) => PathBuf::new(),
                    _ => self.args.context.clone(),
                };
                self.args.file = vec![within.join(path)];
                Ok(None)
            }
            Stated::Known(Instructions::Inline { place, .. }) if self.typed.write => {
                let what = format!(
                    "the Dockerfile of `{}` stands in {} itself: it is not rewritten there",
                    self.build.name, place.file
                );
                let next = format!("{} --out proposal", with_target(self.typed, &self.build.name));
                Err(Failure::new(what).at(place.to_string()).next(next))
            }
            Stated::Known(Instructions::Inline { text, .. }) => Ok(Some(text.clone())),
            Stated::Opaque(opaque) => Err(self.unknown("dockerfile", opaque, "")),
        }
    }

    fn contexts(&mut self) -> Result<(), Failure> {
        let typed = names(&self.typed.build_context);
        let mut all = Vec::new();
        for (name, context) in self.build.contexts.iter().filter(|(name, _)| !typed.contains(name)) {
            let value = match context {
                Stated::Known(Context::Path(value) | Context::Remote(value) | Context::Image(value)) => value,
                Stated::Known(Context::Build(other)) => {
                    let what = format!("`{}` needs the image of `{other}`, which is another build", self.build.name);
                    let next = format!("build that, then add --build-context {name}=docker-image://IMAGE");
                    return Err(Failure::new(what).at(self.build.place.to_string()).next(next));
                }
                Stated::Opaque(opaque) => {
                    let more = format!(" --build-context {name}=PATH");
                    return Err(self.unknown(&format!("contexts.{name}"), opaque, &more));
                }
            };
            all.push(format!("{name}={value}"));
        }
        self.args.build_context.splice(0..0, all);
        Ok(())
    }

    fn build_args(&mut self) -> Result<(), Failure> {
        let typed = names(&self.typed.build_arg);
        let mut all = Vec::new();
        for (name, value) in self.build.args.iter().filter(|(name, _)| !typed.contains(name)) {
            match value {
                Stated::Known(value) => all.push(format!("{name}={value}")),
                Stated::Opaque(opaque) => {
                    let more = format!(" --build-arg {name}=…");
                    return Err(self.unknown(&format!("args.{name}"), opaque, &more));
                }
            }
        }
        self.args.build_arg.splice(0..0, all);
        Ok(())
    }

    fn secrets(&mut self) -> Result<(), Failure> {
        let ids: Vec<&str> = self.typed.secret.iter().flat_map(|secret| secret.split(',')).collect();
        let given = |id: &str| ids.iter().any(|part| *part == id || part.strip_prefix("id=") == Some(id));
        let mut all = Vec::new();
        for secret in &self.build.secrets {
            match secret {
                Stated::Known(secret) if given(&secret.id) => {}
                Stated::Known(secret) => {
                    let source = match (&secret.variable, &secret.file) {
                        (Some(variable), _) => format!(",env={variable}"),
                        (None, Some(file)) => format!(",src={file}"),
                        (None, None) => String::new(),
                    };
                    all.push(format!("id={}{source}", secret.id));
                }
                Stated::Opaque(opaque) => return Err(self.unknown("secret", opaque, "")),
            }
        }
        self.args.secret.splice(0..0, all);
        let typed = names(&self.typed.ssh);
        let known = self.build.ssh.iter().filter_map(Stated::known).filter(|ssh| !typed.contains(&ssh.id));
        let ssh = known.map(|ssh| match ssh.paths.is_empty() {
            true => ssh.id.clone(),
            false => format!("{}={}", ssh.id, ssh.paths.join(",")),
        });
        self.args.ssh.splice(0..0, ssh.collect::<Vec<_>>());
        Ok(())
    }

    /// One platform is the one; of several the engine's own is built.
    fn platform(&mut self) -> Result<(), Failure> {
        if self.typed.platform.is_some() {
            return Ok(());
        }
        let known = self.build.platforms.iter().filter_map(Stated::known);
        let platforms: Vec<&str> = known.flat_map(|platform| platform.split(',')).map(str::trim).collect();
        match platforms[..] {
            [] => {}
            [one] => {
                let parsed = one.parse().map_err(|error: jettison_model::PlatformError| {
                    Failure::new(error.to_string()).at(self.build.place.to_string())
                })?;
                self.args.platform = Some(parsed);
            }
            _ => self.warnings.push(format!(
                "`{}` is for {}: only the engine's own platform is built here (--platform chooses another)",
                self.build.name,
                platforms.join(", ")
            )),
        }
        Ok(())
    }

    fn settings(&mut self) {
        let left = self.build.settings.iter().filter(|setting| NOT_PASSED_ON.contains(&setting.key.as_str()));
        let told =
            left.map(|setting| format!("{}: `{}` is not passed on to the builds here", setting.place, setting.key));
        self.warnings.extend(told);
    }

    fn unknown(&self, key: &str, opaque: &Opaque, more: &str) -> Failure {
        let what = format!("what `{key}` of `{}` is, only a run of the tool tells: {}", self.build.name, opaque.reason);
        let failure = Failure::new(what).at(opaque.place.to_string());
        match more {
            "" => failure,
            more => failure.next(format!("{}{more}", with_target(self.typed, &self.build.name))),
        }
    }
}

/// The names of `NAME=value`.
fn names(typed: &[String]) -> Vec<String> {
    typed.iter().map(|text| text.split_once('=').map_or(text.as_str(), |(name, _)| name).to_owned()).collect()
}

#[cfg(test)]
mod tests;
