//! Which configuration holds for a file: the nearest `jettison.toml` above it; else hadolint's file, next to it, in the working
//! folder or at home; then the environment; then the command line. Every folder is asked once a run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::hadolint;
use super::native::{self, Override};
use super::values::{Source, Values};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::input::reason;
use crate::output::shown;

/// The file that is looked for.
const NAME: &str = "jettison.toml";
/// hadolint's.
const HADOLINT: [&str; 2] = [".hadolint.yaml", ".hadolint.yml"];
/// Files that extend each other at most.
const DEPTH: usize = 16;

/// What the files say that were found for a folder.
#[derive(Default)]
pub struct Found {
    /// Their names, the one that was found first.
    pub files: Vec<String>,
    /// Of all of them.
    pub values: Values,
    overrides: Vec<Override>,
    /// Where patterns of `exclude` and paths start.
    pub folder: PathBuf,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// Where a run looks.
pub struct Finder {
    /// `--config`, or none with `--no-config`.
    given: Given,
    cwd: PathBuf,
    /// hadolint's places besides the folder of the file, in its order.
    elsewhere: Vec<PathBuf>,
    environment: Values,
    command_line: Values,
    folders: Mutex<BTreeMap<PathBuf, Result<Arc<Found>, Failure>>>,
    /// Of the environment.
    pub warnings: Vec<String>,
}

/// What the command line says of configuration files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Nothing: they are looked for.
    Search,
    /// None.
    Nothing,
    /// This one.
    File(PathBuf),
}

impl Finder {
    /// A finder for a run in the folder `cwd`.
    pub fn new(given: Given, cwd: &Path, environment: &Environment, command_line: Values) -> Self {
        let said =
            hadolint::variables(environment.hadolint.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let home = environment.home.as_deref();
        let at_home = |path: &str| home.map(|home| home.join(path));
        let elsewhere = HADOLINT.iter().map(|name| Some(cwd.join(name))).chain([
            environment.config.as_ref().map(|config| config.join("hadolint.yaml")),
            at_home(".hadolint/hadolint.yaml"),
            at_home("hadolint/config.yaml"),
            at_home(".hadolint.yaml"),
        ]);
        let environment = if given == Given::Nothing { Values::default() } else { said.values };
        Self {
            given,
            cwd: cwd.to_owned(),
            elsewhere: elsewhere.flatten().collect(),
            environment,
            command_line,
            folders: Mutex::default(),
            warnings: said.warnings,
        }
    }

    /// What holds for a file: `path` as it was named, relative to the working folder.
    pub fn of(&self, path: &Path) -> Result<Values, Failure> {
        let whole = self.cwd.join(path);
        let found = self.folder(whole.parent().unwrap_or(&self.cwd))?;
        Ok(self.with(&found, &whole))
    }

    /// The files that hold for a folder.
    pub fn folder(&self, folder: &Path) -> Result<Arc<Found>, Failure> {
        let folder = tidy(folder);
        let Ok(mut folders) = self.folders.lock() else { return Ok(Arc::default()) };
        if let Some(known) = folders.get(&folder) {
            return known.clone();
        }
        let found = self.search(&folder).map(Arc::new);
        folders.insert(folder, found.clone());
        found
    }

    fn with(&self, found: &Found, path: &Path) -> Values {
        let mut values = found.values.clone();
        let path = tidy(path);
        for over in &found.overrides {
            let inside = path.strip_prefix(tidy(&over.folder)).ok().and_then(Path::to_str);
            if inside.is_some_and(|inside| over.paths.is_ignored(inside)) {
                values.overlay(&over.values);
            }
        }
        values.overlay(&self.environment);
        values.overlay(&self.command_line);
        values
    }

    fn search(&self, folder: &Path) -> Result<Found, Failure> {
        let path = match &self.given {
            Given::Nothing => return Ok(Found::default()),
            Given::File(path) => self.cwd.join(path),
            Given::Search => {
                let native = folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file());
                let foreign = || HADOLINT.iter().map(|name| folder.join(name)).chain(self.elsewhere.iter().cloned());
                match native.or_else(|| foreign().find(|path| path.is_file())) {
                    Some(path) => path,
                    None => return Ok(Found::default()),
                }
            }
        };
        let mut found = Found { folder: path.parent().unwrap_or(folder).to_owned(), ..Found::default() };
        if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            self.foreign(&path, &mut found)?;
        } else {
            self.native(&path, None, &mut BTreeSet::new(), &mut found)?;
        }
        Ok(found)
    }

    fn foreign(&self, path: &Path, found: &mut Found) -> Result<(), Failure> {
        let name = self.name(path);
        let read = hadolint::read(&name, &text(path, &name)?).map_err(|what| Failure::new(format!("{name} {what}")))?;
        found.values = read.values;
        found.warnings = read.warnings;
        found.files.push(name);
        Ok(())
    }

    fn native(
        &self,
        path: &Path,
        from: Option<&Source>,
        seen: &mut BTreeSet<PathBuf>,
        found: &mut Found,
    ) -> Result<(), Failure> {
        let name = self.name(path);
        if seen.len() >= DEPTH || !seen.insert(tidy(path)) {
            let place = from.map(ToString::to_string).unwrap_or_default();
            return Err(Failure::new(format!("{name} is extended in a circle")).at(place));
        }
        let text = text(path, &name).map_err(|failure| match from {
            Some(place) => failure.at(place.to_string()),
            None => failure,
        })?;
        let native = native::read(path, &name, &text)?;
        found.files.push(name.clone());
        for (other, line) in native.extends {
            let other = path.parent().unwrap_or(&self.cwd).join(other);
            self.native(&other, Some(&Source::File(name.clone(), line)), seen, found)?;
        }
        found.values.overlay(&native.values);
        found.overrides.extend(native.overrides);
        seen.remove(&tidy(path));
        Ok(())
    }

    /// Relative to the working folder where it lies in it.
    fn name(&self, path: &Path) -> String {
        let path = tidy(path);
        shown(path.strip_prefix(tidy(&self.cwd)).unwrap_or(&path))
    }
}

fn text(path: &Path, name: &str) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::new(format!("{name}: {}", reason(&error))))?;
    String::from_utf8(bytes).map_err(|_| Failure::new(format!("{name} is not UTF-8")))
}

/// The path without `.` and `..`, as text: links are not followed.
pub fn tidy(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !tidy.pop() {
                    tidy.push("..");
                }
            }
            other => tidy.push(other),
        }
    }
    tidy
}
