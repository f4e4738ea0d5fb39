//! Compose and Bake files: the builds they describe, as values. Text in, values out: variables come as a map, further files
//! through a trait, nothing is read, run or asked for. Where only the tool itself could tell a value it is [`Stated::Opaque`].
//!
//! ```
//! use std::collections::BTreeMap;
//! use jettison_targets::{Environment, File, load};
//!
//! let text = "services:\n  web:\n    build:\n      context: ./app\n      args:\n        VERSION: ${TAG:-1.0}\n";
//! let files = [File::new("compose.yaml", text)];
//! let found = load(&files, &Environment::new(), &BTreeMap::new())?;
//! let web = found.choose(None).expect("there is only one");
//! assert_eq!(web.args[0].1.known().map(String::as_str), Some("1.0"));
//! # Ok::<(), jettison_targets::Error>(())
//! ```

mod bake;
mod budget;
mod choose;
mod compose;
mod detect;
mod dotenv;
mod error;
mod interpolate;
mod invocation;
mod path;
mod sources;
mod yaml;

use std::collections::BTreeMap;

pub use choose::Choice;
pub use detect::{Kind, detect};
pub use dotenv::add_dotenv;
pub use error::{Cause, Error, Warning};
pub use invocation::{Context, Instructions, Invocation, Opaque, Secret, Setting, Ssh, Stated};
pub use sources::{Files, Place};

use sources::Sources;

/// Variables by name.
pub type Environment = BTreeMap<String, String>;

/// A file that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path, for texts and as the start of what it names.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl File {
    /// A file of this name and text.
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }
}

/// All builds of some files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// By name.
    pub invocations: Vec<Invocation>,
    /// Bake: names that stand for several builds.
    pub groups: BTreeMap<String, Vec<String>>,
    /// What was ignored.
    pub warnings: Vec<Warning>,
}

/// The builds of `files`, the later ones laid over the first, as the tool of their kind reads them: Compose if all are Compose
/// files, else Bake, for which Compose files count as well.
pub fn load(files: &[File], environment: &Environment, further: &dyn Files) -> Result<Targets, Error> {
    let sources = Sources::new(further);
    let (mut compose, mut bake) = (Vec::new(), Vec::new());
    for file in files {
        sources.check_size(&file.name, &file.text)?;
        match detect(&file.name, &file.text) {
            Some(kind @ (Kind::BakeHcl | Kind::BakeJson)) => bake.push((file, kind)),
            _ => compose.push(file),
        }
    }
    let folder = if bake.is_empty() { None } else { Some(".") };
    let invocations = match compose[..] {
        [] => Vec::new(),
        _ => compose::load(&sources, &compose, environment, folder)?,
    };
    let (invocations, groups) = match bake[..] {
        [] => (invocations, BTreeMap::new()),
        _ => bake::load(&sources, &bake, environment, invocations)?,
    };
    Ok(Targets { invocations, groups, warnings: sources.warnings() })
}
