//! What one image is against another: layers, config, packages, files. Pure: takes what was read of both, knows no source.

mod config;
mod files;
mod layers;
mod packages;
mod version;

pub use config::{ConfigChange, compare_configs};
pub use files::{FileChange, FileStatus, TreeNode, compare_trees, tree_nodes};
pub use layers::{LayerChange, compare_layers};
pub use packages::{PackageChange, PackageStatus, PackageVersion, compare_packages};
pub use version::compare_versions;
