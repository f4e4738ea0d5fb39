//! The sample apps and fixtures as `testbed/apps.toml` describes them. That file's head explains every field.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// One sample app or fixture.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// The key in the file.
    #[serde(skip)]
    pub name: String,
    /// Sources and Dockerfile, relative to the project's root.
    pub folder: PathBuf,
    /// The port it answers on.
    pub port: Option<u16>,
    /// Edited for a warm rebuild.
    pub touch: Option<PathBuf>,
    /// How a comment starts in the touched file's language.
    #[serde(default)]
    pub comment: String,
    /// Kinds of junk, see [`crate::junk`].
    #[serde(default)]
    pub junk: Vec<String>,
    /// A group of stand-ins beside the usual ones.
    pub group: Option<String>,
    /// The Dockerfile's name.
    pub file: Option<String>,
    /// What `optimize` has to exit with.
    #[serde(default)]
    pub exit: i32,
    /// Transforms the proof has to convict.
    #[serde(default)]
    pub drops: Vec<String>,
    /// Nothing is left to gain.
    #[serde(default)]
    pub unchanged: bool,
    /// Why it is planned and never built here: a registry that cannot be reached.
    pub plan_only: Option<String>,
}

impl App {
    /// The smoke script, if it has one.
    pub fn smoke(&self) -> Option<PathBuf> {
        let script = root().join("testbed/smoke").join(&self.name);
        script.is_file().then_some(script)
    }
}

/// Apps and fixtures, each in the order of their names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apps {
    app: BTreeMap<String, App>,
    fixture: BTreeMap<String, App>,
    project: BTreeMap<String, App>,
    trap: BTreeMap<String, App>,
}

impl Apps {
    /// Reads `testbed/apps.toml`.
    pub fn load() -> Result<Self> {
        let path = root().join("testbed/apps.toml");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let mut apps: Self = toml::from_str(&text).with_context(|| path.display().to_string())?;
        for (name, app) in apps.app.iter_mut().chain(&mut apps.fixture).chain(&mut apps.project).chain(&mut apps.trap) {
            app.name.clone_from(name);
        }
        Ok(apps)
    }

    /// The sample apps.
    pub fn samples(&self) -> impl Iterator<Item = &App> {
        self.app.values()
    }

    /// The fixtures.
    pub fn fixtures(&self) -> impl Iterator<Item = &App> {
        self.fixture.values()
    }

    /// Projects in the style of real ones, those that can be built here.
    pub fn projects(&self) -> impl Iterator<Item = &App> {
        self.project.values().filter(|app| app.plan_only.is_none())
    }

    /// Apps that a plausible change would break.
    pub fn traps(&self) -> impl Iterator<Item = &App> {
        self.trap.values()
    }

    /// All of them, by kind and name.
    fn all(&self) -> impl Iterator<Item = (&String, &App)> {
        self.app.iter().chain(&self.fixture).chain(&self.project).chain(&self.trap)
    }

    /// Any of them by its name.
    pub fn named(&self, name: &str) -> Result<&App> {
        if let Some((_, app)) = self.all().find(|(key, _)| *key == name) {
            return Ok(app);
        }
        let known: Vec<&str> = self.all().map(|(key, _)| key.as_str()).collect();
        bail!("no app is called `{name}`; there are: {}", known.join(", "))
    }
}

/// The project's root folder.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_of_apps_and_fixtures_is_described_and_exists() {
        let apps = Apps::load().expect("apps.toml");
        let described: Vec<PathBuf> = apps.all().map(|(_, app)| root().join(&app.folder)).collect();
        for folder in ["examples", "testbed/fixtures", "testbed/projects", "testbed/traps"] {
            for entry in std::fs::read_dir(root().join(folder)).expect(folder) {
                let path = entry.expect("an entry").path();
                assert!(described.contains(&path), "{} is not in testbed/apps.toml", path.display());
            }
        }
        for (_, app) in apps.all() {
            assert!(
                root().join(&app.folder).join(app.file.as_deref().unwrap_or("Dockerfile")).is_file(),
                "{}",
                app.name
            );
            assert!(app.touch.iter().all(|file| root().join(&app.folder).join(file).is_file()), "{}: touch", app.name);
            assert_eq!(app.port.is_some(), app.smoke().is_some(), "{}: a port goes with a smoke script", app.name);
        }
    }

    #[test]
    fn names_what_there_is_when_asked_for_something_else() {
        let error = Apps::load().expect("apps.toml").named("py-falsk").expect_err("no such app");
        assert!(error.to_string().contains("py-flask"), "{error}");
    }
}
