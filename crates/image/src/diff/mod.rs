//! What one image is against another: layers, config, packages, files. Pure: takes what was read of both, knows no source.

mod config;
mod files;
mod layers;
mod packages;
mod version;

pub use config::{ConfigChange, compare_configs};
pub use files::{Difference, FileChange, FileStatus, compare_trees, differences};
pub use layers::{LayerChange, compare_layers};
pub use packages::{PackageChange, PackageStatus, PackageVersion, compare_packages};
pub use version::compare_versions;
