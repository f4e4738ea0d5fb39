//! The walk over a layer's members: entries as they come, payloads hashed, kept only where they are asked for or small
//! scripts, looked into where they are ELF. Memory depends on the number of entries and [`crate::Limits`], not on sizes.

use std::io::{self, BufRead, Read};

use crate::elf::{Part, dynamic_place, read_parts};
use crate::packages::Inspector;
use crate::path::{clean, text};
use crate::reading::Reading;
use crate::stream::Stream;
use crate::tar::{Member, MemberError, MemberKind, Members};
use crate::{Elf, FileKind, LayerEntry, LayerIndex, Warning};

type Tar<'a> = Members<Stream<'a>>;

/// The walk so far.
pub(crate) struct Walk<'a> {
    pub(crate) index: LayerIndex,
    reading: Reading<'a>,
    kept_bytes: u64,
    /// Entries and bytes of text that the budget does not know of yet.
    taken: (u64, u64),
    /// Zeros hashed for holes.
    zeros: u64,
    /// Of the payload at hand, what is looked into.
    head: Vec<u8>,
}

/// A hole costs time, not memory; but hostile ones could be of any size.
const MAX_HOLES: u64 = 4 << 30;
/// Of one file.
const MAX_HOLE: u64 = 1 << 30;
/// A buffer of more than this is given back.
const HEAD_KEPT: usize = 16 << 20;
/// Entries and bytes of text that are taken from the budget together.
const TAKEN_AT_ONCE: (u64, u64) = (256, 1 << 16);

impl<'a> Walk<'a> {
    pub(crate) fn new(reading: Reading<'a>) -> Self {
        Self {
            index: LayerIndex::default(),
            reading,
            kept_bytes: 0,
            taken: (0, 0),
            zeros: 0,
            head: reading.budget.heads.take(),
        }
    }

    pub(crate) fn run(&mut self, members: &mut Tar<'_>) -> Result<(), MemberError> {
        while let Some(member) = members.next_member()? {
            let xattrs: usize = member.xattrs.iter().map(|(name, value)| name.len() + value.len()).sum();
            let text = (member.name.len() + member.link.len() + xattrs) as u64;
            self.taken = (self.taken.0 + 1, self.taken.1.saturating_add(text));
            if self.taken.0 >= TAKEN_AT_ONCE.0 || self.taken.1 >= TAKEN_AT_ONCE.1 {
                self.account()?;
            }
            let mut entry = self.entry(&member);
            if entry.kind == FileKind::Regular {
                self.payload(&mut entry, &member, members)?;
            }
            self.index.entries.push(entry);
        }
        self.index.entries.shrink_to_fit();
        self.account()
    }

    /// Tells the budget, which other threads write to as well, what was taken.
    fn account(&mut self) -> Result<(), MemberError> {
        let (entries, text) = std::mem::take(&mut self.taken);
        self.reading.budget.entries(entries, text, self.reading.limits).map_err(MemberError::Fault)
    }

    fn warn(&mut self, warning: Warning, path: &str) {
        self.index.warnings.entry(warning).or_insert_with(|| Some(path.to_owned()));
    }

    fn entry(&mut self, member: &Member) -> LayerEntry {
        let name = clean(&member.name);
        let mut escapes = name.escapes;
        let kind = match member.kind {
            MemberKind::Regular => FileKind::Regular,
            MemberKind::Directory => FileKind::Directory,
            MemberKind::Symlink => FileKind::Symlink(text(&member.link)),
            MemberKind::Hardlink => {
                let target = clean(&member.link);
                escapes |= target.escapes;
                FileKind::Hardlink(target.path)
            }
            MemberKind::Special => FileKind::Special,
            MemberKind::Unknown(_) => {
                self.warn(Warning::UnknownEntryType, &name.path);
                FileKind::Special
            }
        };
        if escapes {
            self.warn(Warning::PathEscapesRoot, &name.path);
        }
        let mut entry = LayerEntry {
            size: member.size,
            stored_bytes: member.stored,
            mode: member.mode,
            uid: member.uid,
            gid: member.gid,
            mtime: member.mtime,
            ..LayerEntry::new(name.path, kind)
        };
        if member.device.is_some() || !member.xattrs.is_empty() || name.climbs > 0 {
            let rare = entry.rare();
            (rare.device, rare.climbs) = (member.device, name.climbs);
            rare.xattrs.clone_from(&member.xattrs);
        }
        entry
    }

    fn payload(&mut self, entry: &mut LayerEntry, member: &Member, members: &mut Tar<'_>) -> Result<(), MemberError> {
        let from = members.stream().stored_at();
        match &member.segments {
            Some(segments) => self.sparse(member.size, segments, members)?,
            None => self.plain(entry, members)?,
        }
        skip(members)?;
        entry.content = members.stream().end();
        entry.compressed_bytes = members.stream().stored_at().saturating_sub(from);
        Ok(())
    }

    /// Looks into a payload as far as somebody may want to know.
    fn plain(&mut self, entry: &mut LayerEntry, members: &mut Tar<'_>) -> Result<(), MemberError> {
        let limits = self.reading.limits;
        let wanted = entry.size <= limits.wanted_bytes && (self.reading.wanted)(&entry.path);
        // Payloads begin at a multiple of 512, and chunks of the stream end at one: so many bytes are at hand.
        let magic = first_four(members.payload().fill_buf()?);
        let inspector = Inspector::new(&entry.path, &magic, entry.size);
        let inspected = inspector.wants().min(entry.size);
        members.stream().begin();
        members.stream().inspect(inspector);
        let is_script = magic.starts_with(b"#!");
        let room = match () {
            () if magic == *b"\x7fELF" => limits.elf_bytes.min(entry.size),
            () if wanted || is_script && entry.size <= limits.script_bytes => entry.size,
            () if is_script => 256,
            () => 0,
        };
        let room = room.max(inspected);
        let mut head = std::mem::take(&mut self.head);
        head.clear();
        keep(members, room, &mut head)?;
        if head.starts_with(b"\x7fELF")
            && let Some(elf) = finish_elf(members, &head)?
        {
            entry.rare().elf = Some(elf);
        }
        skip(members)?;
        if let Some(found) = members.stream().inspected().finish(&entry.path, &head) {
            entry.rare().found = Some(found);
        }
        self.note(entry, &head, wanted)?;
        if head.capacity() <= HEAD_KEPT {
            self.head = head;
        }
        Ok(())
    }

    /// Draws what there is to know from the bytes kept, and keeps them where they are text that somebody will read.
    fn note(&mut self, entry: &mut LayerEntry, head: &[u8], wanted: bool) -> Result<(), MemberError> {
        let shebang = shebang(head);
        if shebang.is_some() {
            entry.rare().shebang.clone_from(&shebang);
        }
        let total = self.kept_bytes.saturating_add(entry.size);
        let is_script = shebang.is_some() && entry.size <= self.reading.limits.script_bytes;
        let is_whole = head.len() as u64 == entry.size;
        if is_whole && (wanted || is_script) && total <= self.reading.limits.kept_bytes {
            self.reading.budget.kept(entry.size, self.reading.limits).map_err(MemberError::Fault)?;
            self.kept_bytes = total;
            entry.rare().payload = Some(head.to_vec());
        }
        Ok(())
    }

    /// Hashes a sparse file as it is when unpacked.
    fn sparse(&mut self, size: u64, segments: &[(u64, u64)], members: &mut Tar<'_>) -> Result<(), MemberError> {
        let stored: u64 = segments.iter().map(|(_, length)| *length).fold(0, u64::saturating_add);
        let holes = size.saturating_sub(stored);
        if holes > MAX_HOLE || holes > MAX_HOLES.saturating_sub(self.zeros) {
            return Ok(());
        }
        self.zeros += holes;
        members.stream().begin();
        let mut end = 0u64;
        for (offset, length) in segments {
            members.stream().zeros(offset.saturating_sub(end));
            io::copy(&mut members.payload().take(*length), &mut io::sink())?;
            end = offset.saturating_add(*length);
        }
        members.stream().zeros(size.saturating_sub(end));
        Ok(())
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        self.reading.budget.heads.give_back(std::mem::take(&mut self.head));
    }
}

fn first_four(bytes: &[u8]) -> [u8; 4] {
    let mut first = [0; 4];
    first.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    first
}

/// Adds up to `room` bytes of the payload to `head`, all in all.
fn keep(members: &mut Tar<'_>, room: u64, head: &mut Vec<u8>) -> Result<(), MemberError> {
    let more = room.saturating_sub(head.len() as u64);
    // The size is a claim of the archive: memory beyond 64 KiB is taken as bytes arrive.
    head.reserve(usize::try_from(more.min(64 * 1024)).unwrap_or(0));
    let mut payload = members.payload();
    let mut left = more;
    while left > 0 {
        let bytes = payload.fill_buf()?;
        let count = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if count == 0 {
            break;
        }
        head.extend_from_slice(bytes.get(..count).unwrap_or_default());
        payload.consume(count);
        left = left.saturating_sub(count as u64);
    }
    Ok(())
}

/// Reads the dynamic section of the ELF file whose head has been read; of a huge one it may lie further behind.
fn finish_elf(members: &mut Tar<'_>, head: &[u8]) -> Result<Option<Elf>, MemberError> {
    const MAX_DYNAMIC: u64 = 64 * 1024;
    let behind =
        dynamic_place(head).and_then(|(offset, length)| Some((offset, length, offset.checked_sub(head.len() as u64)?)));
    let Some((offset, length, gap)) = behind else {
        return Ok(read_parts(head, &Part { offset: 0, bytes: &[] }));
    };
    io::copy(&mut members.payload().take(gap), &mut io::sink())?;
    let mut bytes = Vec::new();
    keep(members, length.min(MAX_DYNAMIC), &mut bytes)?;
    Ok(read_parts(head, &Part { offset, bytes: &bytes }))
}

fn skip(members: &mut Tar<'_>) -> io::Result<()> {
    let mut payload = members.payload();
    loop {
        let count = payload.fill_buf()?.len();
        if count == 0 {
            return Ok(());
        }
        payload.consume(count);
    }
}

fn shebang(head: &[u8]) -> Option<String> {
    let line = head.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = line.get(..line.len().min(255))?;
    Some(String::from_utf8_lossy(line).trim().to_owned())
}
