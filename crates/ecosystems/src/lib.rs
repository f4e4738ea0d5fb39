//! What changes every month, as data: `data/*.toml`, each row with its source and the day it was seen, and a typed loader.
//! Pure; the data is embedded.

mod data;
mod load;
mod tag;
#[cfg(test)]
mod tests;
mod tools;
mod wildcard;

pub use data::{
    AptRole, AvoidableRow, BareBase, BareBases, BaseFamily, CgoStub, Ecosystems, Elsewhere, Junk, JunkClass,
    ManifestRow, NameLookup, PackageManager, PackagePatterns, Recommended, Release, Runtime, SecretPattern,
};
pub use load::{load, releases};
pub use tools::Tool;
