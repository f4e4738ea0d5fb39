//! Test aids: layers, images, archives and ELF files, made in memory. For tests only: panics instead of returning errors,
//! and builds broken things on request. Depends on `model` alone; fakes of worlds, engines and provers live beside their
//! traits.

mod elf;
mod image;
mod layer;

pub use elf::ElfBuilder;
pub use image::ImageBuilder;
pub use layer::{LayerBuilder, gzip, sha256};
