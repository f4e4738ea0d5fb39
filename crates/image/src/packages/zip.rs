//! Zip archives as far as jars ask for it: the central directory and single members, from bytes in memory of which the head may
//! be missing. PKWARE's APPNOTE. Every offset and length is a claim of the archive.

use std::io::Read;

use flate2::read::DeflateDecoder;

const END: &[u8] = b"PK\x05\x06";
const END_LENGTH: usize = 22;
/// Of the comment that may follow the end record.
const MAX_COMMENT: usize = 65535;
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_LENGTH: usize = 46;
const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_LENGTH: usize = 30;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const MAX_MEMBERS: usize = 1 << 17;

/// An archive's last bytes, or all of them.
#[derive(Clone, Copy)]
pub(crate) struct Zip<'a> {
    bytes: &'a [u8],
    /// How many bytes of the file come before these.
    before: u64,
}

/// One line of the central directory.
#[derive(Clone, Debug)]
pub(crate) struct Member<'a> {
    /// As written; folders end in `/`.
    pub(crate) name: &'a str,
    /// As stored.
    pub(crate) compressed_bytes: u64,
    method: u16,
    offset: u64,
}

impl<'a> Zip<'a> {
    /// The last `bytes` of a file that has `before` bytes in front of them.
    pub(crate) fn new(bytes: &'a [u8], before: u64) -> Self {
        Self { bytes, before }
    }

    /// The central directory; names that are no UTF-8 are left out. Empty if there is none in these bytes.
    pub(crate) fn members(self) -> Vec<Member<'a>> {
        self.directory().map(|(at, count)| self.read(at, count)).unwrap_or_default()
    }

    /// Where the central directory begins in `bytes`, and how many entries it has. Archives may stand behind something else
    /// (a shell script, an ELF head), so its place is reckoned from its end. Of more than 65,535 entries the count is unknown.
    fn directory(self) -> Option<(usize, usize)> {
        let last = self.bytes.len().checked_sub(END_LENGTH)?;
        let first = last.saturating_sub(MAX_COMMENT);
        let end = (first..=last).rev().find(|at| self.bytes.get(*at..).is_some_and(|rest| rest.starts_with(END)))?;
        let count = usize::from(self.u16(end + 10)?);
        let length = usize::try_from(self.u32(end + 12)?).ok()?;
        let count = if count == 0xffff { MAX_MEMBERS } else { count };
        match end.checked_sub(length) {
            Some(at) if self.bytes.get(at..)?.starts_with(ENTRY) => Some((at, count)),
            // Zip64 has records of its own between the directory and the end; the claimed place serves then.
            _ => {
                let at = u64::from(self.u32(end + 16)?).checked_sub(self.before)?;
                Some((usize::try_from(at).ok()?, count))
            }
        }
    }

    fn read(self, mut at: usize, count: usize) -> Vec<Member<'a>> {
        let mut members = Vec::new();
        while members.len() < count.min(MAX_MEMBERS) {
            let Some((member, next)) = self.member(at) else { break };
            members.extend(member);
            at = next;
        }
        members
    }

    /// The entry at `at`, and where the next one is.
    fn member(self, at: usize) -> Option<(Option<Member<'a>>, usize)> {
        let start = at.checked_add(ENTRY_LENGTH)?;
        if !self.bytes.get(at..start)?.starts_with(ENTRY) {
            return None;
        }
        let name_end = start.checked_add(usize::from(self.u16(at + 28)?))?;
        let next = name_end + usize::from(self.u16(at + 30)?) + usize::from(self.u16(at + 32)?);
        let name = std::str::from_utf8(self.bytes.get(start..name_end)?).ok();
        let member = name.and_then(|name| {
            let (compressed_bytes, offset) = (u64::from(self.u32(at + 20)?), u64::from(self.u32(at + 42)?));
            Some(Member { name, compressed_bytes, method: self.u16(at + 10)?, offset })
        });
        Some((member, next))
    }

    /// The stored bytes of a member; none if they are not at hand.
    pub(crate) fn stored(self, member: &Member<'_>) -> Option<&'a [u8]> {
        let at = usize::try_from(member.offset.checked_sub(self.before)?).ok()?;
        if !self.bytes.get(at..)?.starts_with(LOCAL) {
            return None;
        }
        let names = usize::from(self.u16(at.checked_add(26)?)?) + usize::from(self.u16(at.checked_add(28)?)?);
        let start = at.checked_add(LOCAL_LENGTH)?.checked_add(names)?;
        self.bytes.get(start..start.checked_add(usize::try_from(member.compressed_bytes).ok()?)?)
    }

    /// A member's first `max` bytes, decompressed; none if it is encrypted, broken or packed by other methods.
    pub(crate) fn content(self, member: &Member<'_>, max: u64) -> Option<Vec<u8>> {
        let stored = self.stored(member)?;
        let mut content = Vec::new();
        match member.method {
            STORED => stored.take(max).read_to_end(&mut content).ok()?,
            DEFLATED => DeflateDecoder::new(stored).take(max).read_to_end(&mut content).ok()?,
            _ => return None,
        };
        Some(content)
    }

    /// Whether the member's bytes are those that stand in the archive.
    pub(crate) fn is_stored(member: &Member<'_>) -> bool {
        member.method == STORED
    }

    fn u16(self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
    }

    fn u32(self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
    }
}
