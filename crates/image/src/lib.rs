//! Container images as views: config, layers, the union tree, packages, ELF needs, sizes. Reads bytes handed to it;
//! knows no network and writes nothing. Archives are hostile input: every size and path in them may lie.

mod blob;
mod config;
mod elf;
mod error;
mod hashing;
mod image;
mod layer;
mod libraries;
mod lookup;
mod packages;
mod path;
mod stack;
mod summarizer;
mod summary;
pub mod tar;
mod tree;
mod union;
mod waste;

pub use blob::Compression;
pub use config::{Healthcheck, ImageConfig};
pub use elf::{Elf, read_elf};
pub use error::{Error, LayerFault};
pub use image::{Image, ImageLayer};
pub use layer::{Device, DeviceSort, LayerEntry, LayerIndex, LayerReader, Limits, Warning, Xattrs};
pub use layer::{index_layer, index_layer_within};
pub use packages::{OsRelease, Package, parse_apk_installed, parse_dpkg_status};
pub use stack::Stack;
pub use summarizer::Summarizer;
pub use summary::{File, FileKind, ImageSummary, Layer, Sizes};
pub use tree::FileTree;
pub use waste::{Causes, Dive, LayerCounts, Noted, TreeCounts, TreeName, Waste, WastedPath};
