//! Rust programs built with `cargo auditable`: a section `.dep-v0` with the crates, as JSON, packed by zlib.
//! <https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md>

use std::io::Read;

use flate2::read::ZlibDecoder;
use object::read::elf::{FileHeader, SectionHeader};
use object::{Endianness, FileKind, elf};
use serde_json::Value;

use super::{Package, PackageKind};

const SECTION: &[u8] = b".dep-v0";
/// Of the JSON; the tool itself writes some kilobytes.
const MAX_JSON: u64 = 8 << 20;
const MAX_CRATES: usize = 1 << 14;

/// The crates of an ELF file: the program's own first; none where it was not built so.
pub fn parse_cargo_auditable(bytes: &[u8]) -> Vec<Package> {
    let section = match FileKind::parse(bytes) {
        Ok(FileKind::Elf32) => section::<elf::FileHeader32<Endianness>>(bytes),
        Ok(FileKind::Elf64) => section::<elf::FileHeader64<Endianness>>(bytes),
        _ => None,
    };
    section.map(crates).unwrap_or_default()
}

fn section<H: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> Option<&[u8]> {
    let header = H::parse(bytes).ok()?;
    let endian = header.endian().ok()?;
    let sections = header.sections(endian, bytes).ok()?;
    let (_, section) = sections.section_by_name(endian, SECTION)?;
    section.data(endian, bytes).ok()
}

/// The crates of the section's content. Those used while building only are not in the program.
pub(crate) fn crates(section: &[u8]) -> Vec<Package> {
    let mut text = Vec::new();
    if ZlibDecoder::new(section).take(MAX_JSON).read_to_end(&mut text).is_err() {
        return Vec::new();
    }
    let document: Value = serde_json::from_slice(&text).unwrap_or_default();
    let list = document.get("packages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |entry: &Value, field: &str| entry.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (mut own, mut used) = (Vec::new(), Vec::new());
    for entry in list.iter().take(MAX_CRATES).filter(|entry| text(entry, "kind") != "build") {
        let (name, version) = (text(entry, "name"), text(entry, "version"));
        let package = Package { kind: PackageKind::Cargo, name, version, ..Package::default() };
        let is_root = entry.get("root").and_then(Value::as_bool) == Some(true);
        if is_root { own.push(package) } else { used.push(package) }
    }
    own.extend(used);
    own
}
