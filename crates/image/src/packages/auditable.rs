//! Rust programs built with `cargo auditable`: a section `.dep-v0` with the crates, as JSON, packed by zlib. Of long programs only
//! the head and the end are at hand: the list of sections is at the end.
//! <https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md>

use std::io::Read;

use flate2::read::ZlibDecoder;
use object::read::elf::{FileHeader, SectionHeader};
use object::{Endianness, FileKind, ReadRef, elf};
use serde_json::Value;

use super::{Package, PackageKind};

const SECTION: &[u8] = b".dep-v0";
/// Of the JSON; the tool itself writes some kilobytes.
const MAX_JSON: u64 = 8 << 20;
const MAX_CRATES: usize = 1 << 14;

/// The crates of an ELF file: the program's own first; none where it was not built so.
pub fn parse_cargo_auditable(bytes: &[u8]) -> Vec<Package> {
    read(Parts { head: bytes, end: &[], length: bytes.len() as u64 })
}

/// As [`parse_cargo_auditable`], of a file of which the head and the end are at hand.
pub(super) fn read(parts: Parts<'_>) -> Vec<Package> {
    let section = match FileKind::parse(parts) {
        Ok(FileKind::Elf32) => section::<elf::FileHeader32<Endianness>>(parts),
        Ok(FileKind::Elf64) => section::<elf::FileHeader64<Endianness>>(parts),
        _ => None,
    };
    section.map(crates).unwrap_or_default()
}

fn section<H: FileHeader<Endian = Endianness>>(parts: Parts<'_>) -> Option<&[u8]> {
    let header = H::parse(parts).ok()?;
    let endian = header.endian().ok()?;
    let sections = header.sections(endian, parts).ok()?;
    let (_, section) = sections.section_by_name(endian, SECTION)?;
    section.data(endian, parts).ok()
}

/// A file with a gap, which nothing that is read may touch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    pub(super) head: &'a [u8],
    pub(super) end: &'a [u8],
    /// Of the whole file.
    pub(super) length: u64,
}

impl<'a> ReadRef<'a> for Parts<'a> {
    fn len(self) -> Result<u64, ()> {
        Ok(self.length)
    }

    fn read_bytes_at(self, offset: u64, size: u64) -> Result<&'a [u8], ()> {
        let part = |bytes: &'a [u8], start: u64| {
            let at = usize::try_from(offset.checked_sub(start)?).ok()?;
            bytes.get(at..at.checked_add(usize::try_from(size).ok()?)?)
        };
        let start = self.length.saturating_sub(self.end.len() as u64);
        part(self.head, 0).or_else(|| part(self.end, start)).ok_or(())
    }

    fn read_bytes_at_until(self, range: std::ops::Range<u64>, delimiter: u8) -> Result<&'a [u8], ()> {
        let length = range.end.checked_sub(range.start).ok_or(())?;
        let bytes = self.read_bytes_at(range.start, length)?;
        let end = bytes.iter().position(|byte| *byte == delimiter).ok_or(())?;
        bytes.get(..end).ok_or(())
    }
}

/// The crates of the section's content. Those used while building only are not in the program.
fn crates(section: &[u8]) -> Vec<Package> {
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
