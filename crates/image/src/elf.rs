//! What an ELF file needs at run time. System V ABI, chapter 5; ld.so(8) for the search order. Reads program headers,
//! the dynamic section and its strings, nothing else.

use object::elf::{DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_SONAME, DT_STRTAB, FileHeader32, FileHeader64};
use object::elf::{PT_DYNAMIC, PT_INTERP, PT_LOAD};
use object::read::elf::{Dyn, FileHeader, ProgramHeader};
use object::{Endianness, FileKind, pod};

/// The dynamic section, as far as it matters for finding libraries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elf {
    /// PT_INTERP; none for static files and most libraries.
    pub interpreter: Option<String>,
    /// DT_NEEDED, in order.
    pub needed: Vec<String>,
    /// DT_SONAME.
    pub soname: Option<String>,
    /// DT_RPATH and DT_RUNPATH entries, `$ORIGIN` not yet expanded.
    pub runpath: Vec<String>,
    /// `e_machine`.
    pub machine: u16,
}

/// More program headers, or entries in a dynamic section, than any linker writes.
const MAX_ENTRIES: usize = 4096;

/// Reads an ELF file's dynamic section; none if it is no ELF, or its headers are broken.
pub fn read_elf(bytes: &[u8]) -> Option<Elf> {
    read_parts(bytes, &Part { offset: 0, bytes: &[] })
}

/// A stretch of a file.
pub(crate) struct Part<'a> {
    pub(crate) offset: u64,
    pub(crate) bytes: &'a [u8],
}

/// As [`read_elf`], of a file of which only the head and one further part are at hand.
pub(crate) fn read_parts(head: &[u8], part: &Part<'_>) -> Option<Elf> {
    match FileKind::parse(head).ok()? {
        FileKind::Elf32 => read::<FileHeader32<Endianness>>(head, part),
        FileKind::Elf64 => read::<FileHeader64<Endianness>>(head, part),
        _ => None,
    }
}

/// Offset and length of the dynamic section, from the head of a file; huge programs have it far behind.
pub(crate) fn dynamic_place(head: &[u8]) -> Option<(u64, u64)> {
    match FileKind::parse(head).ok()? {
        FileKind::Elf32 => dynamic_segment::<FileHeader32<Endianness>>(head),
        FileKind::Elf64 => dynamic_segment::<FileHeader64<Endianness>>(head),
        _ => None,
    }
}

fn dynamic_segment<H: FileHeader<Endian = Endianness>>(head: &[u8]) -> Option<(u64, u64)> {
    let (endian, segments) = segments::<H>(head)?;
    let place = segments.iter().find(|segment| segment.p_type(endian) == PT_DYNAMIC)?;
    Some((place.p_offset(endian).into(), place.p_filesz(endian).into()))
}

fn segments<H: FileHeader<Endian = Endianness>>(head: &[u8]) -> Option<(Endianness, &[H::ProgramHeader])> {
    let header = H::parse(head).ok()?;
    let endian = header.endian().ok()?;
    let segments = header.program_headers(endian, head).unwrap_or_default();
    Some((endian, segments.get(..segments.len().min(MAX_ENTRIES))?))
}

fn read<H: FileHeader<Endian = Endianness>>(head: &[u8], part: &Part<'_>) -> Option<Elf> {
    let (endian, segments) = segments::<H>(head)?;
    let file = Parts { head, part };
    let data = |segment: &H::ProgramHeader| file.from(segment.p_offset(endian).into(), segment.p_filesz(endian).into());
    let typed = |kind| segments.iter().filter(move |segment| segment.p_type(endian) == kind);
    let mut elf = Elf { machine: H::parse(head).ok()?.e_machine(endian).0, ..Elf::default() };
    elf.interpreter = typed(PT_INTERP).find_map(|segment| text_at(data(segment)?, 0));
    let Some(dynamic) = typed(PT_DYNAMIC).find_map(data) else { return Some(elf) };
    let count = (dynamic.len() / size_of::<H::Dyn>()).min(MAX_ENTRIES);
    let Ok((dynamic, _)) = pod::slice_from_bytes::<H::Dyn>(dynamic, count) else { return Some(elf) };
    let values =
        |tag| dynamic.iter().filter(move |entry| entry.tag(endian) == tag).map(|entry| entry.d_val(endian).into());
    let strings = values(DT_STRTAB).next().and_then(|address: u64| {
        typed(PT_LOAD).find_map(|segment| {
            let within = address.checked_sub(segment.p_vaddr(endian).into())?;
            let left = Into::<u64>::into(segment.p_filesz(endian)).checked_sub(within).filter(|left| *left > 0)?;
            file.from(Into::<u64>::into(segment.p_offset(endian)).checked_add(within)?, left)
        })
    });
    let Some(strings) = strings else { return Some(elf) };
    let texts = |tag| values(tag).filter_map(|offset: u64| text_at(strings, offset));
    elf.needed = texts(DT_NEEDED).collect();
    elf.soname = texts(DT_SONAME).next();
    let paths: Vec<String> = texts(DT_RPATH).chain(texts(DT_RUNPATH)).collect();
    elf.runpath =
        paths.iter().flat_map(|path| path.split(':')).filter(|path| !path.is_empty()).map(str::to_owned).collect();
    Some(elf)
}

/// A file with a gap.
struct Parts<'a> {
    head: &'a [u8],
    part: &'a Part<'a>,
}

impl<'a> Parts<'a> {
    /// At most `length` bytes from `offset` on, fewer if the file is cut there; none if there is not one.
    fn from(&self, offset: u64, length: u64) -> Option<&'a [u8]> {
        let rest =
            |bytes: &'a [u8], offset: u64| bytes.get(usize::try_from(offset).ok()?..).filter(|rest| !rest.is_empty());
        let in_part = || rest(self.part.bytes, offset.checked_sub(self.part.offset)?);
        let bytes = rest(self.head, offset).or_else(in_part)?;
        bytes.get(..bytes.len().min(usize::try_from(length).unwrap_or(usize::MAX)))
    }
}

/// The text up to the next NUL; none if it is longer than any path.
fn text_at(bytes: &[u8], offset: u64) -> Option<String> {
    let rest = bytes.get(usize::try_from(offset).ok()?..)?;
    let end = rest.iter().take(4096).position(|byte| *byte == 0)?;
    Some(String::from_utf8_lossy(rest.get(..end)?).into_owned())
}

#[cfg(test)]
mod tests;
