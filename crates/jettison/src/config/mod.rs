//! Configuration: `jettison.toml`, hadolint's files and variables, the command line, laid over each other; every value knows where
//! it was said.

mod find;
mod hadolint;
pub mod keys;
mod names;
mod native;
mod schema;
mod settings;
#[cfg(test)]
mod tests;
mod values;

pub use find::{Finder, Found, Given, tidy};
pub use names::selectors;
pub use native::check_value;
pub use schema::schema;
pub use settings::{fail_on, profile, settings};
pub use values::{Source, Values};
