//! What Compose and Bake files say of the builds of a Dockerfile: target, arguments, contexts, platforms.

use std::path::{Path, PathBuf};

use jettison_dockerfile::expand::Env;
use jettison_lint::Settings;
use jettison_targets::{Context, File, Instructions, Invocation, Place, Stated, load};

use crate::environment::Environment;
use crate::targets::Disk;

/// What is known of one build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Build {
    /// The stage; none: the last one.
    pub target: Option<String>,
    /// Further stages; on the command line only.
    pub targets: Vec<String>,
    /// Arguments whose values are known.
    pub args: Env,
    /// Names of further contexts.
    pub contexts: Vec<String>,
    /// What it is built for.
    pub platforms: Vec<String>,
    /// The folder that is sent.
    pub context: Option<PathBuf>,
}

impl Build {
    /// Lays what was typed over what is known already.
    pub(super) fn over(self, settings: &mut Settings) {
        settings.build_args.extend(self.args);
        settings.contexts.extend(self.contexts);
        if !self.platforms.is_empty() {
            settings.platforms = self.platforms;
        }
        if self.target.is_some() {
            settings.target = self.target;
            settings.targets = self.targets;
        }
    }
}

/// Where a build's instructions are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recipe {
    /// In a file.
    File(PathBuf),
    /// In the Compose or Bake file itself.
    Inline {
        /// The Dockerfile.
        text: String,
        /// Where it begins.
        place: Place,
    },
}

/// The builds of some files, and what the user should know.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) builds: Vec<(Recipe, Build)>,
    pub(super) warnings: Vec<String>,
}

/// Reads files that belong together; an error in words with its place.
pub(super) fn read(paths: &[PathBuf]) -> Result<Read, String> {
    let mut files = Vec::new();
    for path in paths {
        let name = super::named(path);
        let text = std::fs::read(path).map_err(|error| format!("{name}: {}", crate::input::reason(&error)))?;
        let text = String::from_utf8(text).map_err(|_| format!("{name} is not UTF-8"))?;
        files.push(File { name, text });
    }
    let targets = load(&files, &Environment::variables(), &Disk).map_err(|error| error.to_string())?;
    let warnings = targets.warnings.iter().map(|warning| format!("{}: {}", warning.place, warning.message)).collect();
    let builds = targets.invocations.iter().filter_map(|invocation| Some((recipe(invocation)?, build(invocation))));
    Ok(Read { builds: builds.collect(), warnings })
}

fn recipe(invocation: &Invocation) -> Option<Recipe> {
    // what is fetched from elsewhere has its Dockerfile there
    if let Some(Context::Remote(_)) = invocation.context.known() {
        return None;
    }
    Some(match invocation.instructions.known()? {
        Instructions::File(path) => Recipe::File(PathBuf::from(path)),
        Instructions::Inline { text, place } => Recipe::Inline { text: text.clone(), place: place.clone() },
    })
}

fn build(invocation: &Invocation) -> Build {
    let known = |(name, value): &(String, Stated<String>)| Some((name.clone(), value.known()?.clone()));
    let platforms = invocation.platforms.iter().filter_map(Stated::known).flat_map(|list| list.split(','));
    Build {
        target: invocation.target.as_ref().and_then(Stated::known).cloned(),
        targets: Vec::new(),
        args: invocation.args.iter().filter_map(known).collect(),
        contexts: invocation.contexts.iter().map(|(name, _)| name.clone()).collect(),
        platforms: platforms.map(|platform| platform.trim().to_owned()).collect(),
        context: match invocation.context.known() {
            Some(Context::Path(path)) => Some(PathBuf::from(path)).filter(|path| path.is_dir()),
            _ => None,
        },
    }
}

/// Everything that several builds of one file say, for one look at it: the stages of all of them ship; of an argument that they
/// set differently the first one's value counts.
pub(super) fn apply(builds: &[Build], settings: &mut Settings) {
    let Some((first, others)) = builds.split_first() else { return };
    // the last stage is what a build without a target makes
    let whole = builds.iter().any(|build| build.target.is_none());
    settings.target = if whole { None } else { first.target.clone() };
    let targets = builds
        .iter()
        .filter_map(|build| build.target.clone())
        .filter(|target| settings.target.as_ref() != Some(target));
    settings.targets = targets.collect();
    settings.targets.sort();
    settings.targets.dedup();
    settings.build_args.clone_from(&first.args);
    for build in others {
        for (name, value) in &build.args {
            settings.build_args.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    settings.contexts = builds.iter().flat_map(|build| build.contexts.iter().cloned()).collect();
    settings.platforms = builds.iter().flat_map(|build| build.platforms.iter().cloned()).collect();
    for list in [&mut settings.contexts, &mut settings.platforms] {
        list.sort();
        list.dedup();
    }
}

/// The folder that all of the builds send, if they agree.
pub(super) fn context(builds: &[Build]) -> Option<&Path> {
    let first = builds.first()?.context.as_deref()?;
    builds.iter().all(|build| build.context.as_deref() == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(target: Option<&str>, args: &[(&str, &str)]) -> Build {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Build { target: target.map(str::to_owned), args, ..Build::default() }
    }

    #[test]
    fn the_stages_of_all_builds_ship() {
        let mut settings = Settings::default();
        apply(&[build(Some("web"), &[("A", "1")]), build(Some("worker"), &[("A", "2"), ("B", "3")])], &mut settings);
        assert_eq!((settings.target.as_deref(), settings.targets), (Some("web"), vec!["worker".to_owned()]));
        assert_eq!(settings.build_args.values().collect::<Vec<_>>(), ["1", "3"]);
    }

    #[test]
    fn a_build_without_a_target_makes_the_last_stage() {
        let mut settings = Settings::default();
        apply(&[build(Some("test"), &[]), build(None, &[])], &mut settings);
        assert_eq!((settings.target, settings.targets), (None, vec!["test".to_owned()]));
    }
}
