//! One header block: what it says of its member, and whether it is one.

use super::BLOCK;
use super::member::MemberKind;
use super::number::number;
use crate::{Device, DeviceSort};

/// Whether these bytes begin like a tar: a header whose checksum fits, or an end-of-archive block.
pub fn looks_like_tar(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<BLOCK>() else { return false };
    block.iter().all(|byte| *byte == 0) || checksum_fits(block)
}

/// Old tars summed signed bytes; both are accepted, as GNU tar does.
pub(super) fn checksum_fits(block: &[u8; BLOCK]) -> bool {
    let field = block.get(148..156).unwrap_or_default();
    let Some(wanted) = number(field) else { return false };
    // The field itself counts as eight spaces.
    // 256 bytes fit into 16 bits, of which more are added at once.
    let short = |bytes: &[u8]| u32::from(bytes.iter().map(|byte| u16::from(*byte)).sum::<u16>());
    let unsigned = |bytes: &[u8]| bytes.chunks(256).map(short).sum::<u32>();
    let signed = |bytes: &[u8]| bytes.iter().map(|byte| i64::from(*byte as i8)).sum::<i64>();
    wanted == i64::from(unsigned(block)) - i64::from(unsigned(field)) + 8 * 32
        || wanted == signed(block) - signed(field) + 8 * 32
}

pub(super) fn plain_name(header: &tar::Header) -> Vec<u8> {
    let name = until_nul(&header.as_old().name);
    let bytes = header.as_bytes();
    let is_ustar = bytes.get(257..263) == Some(b"ustar\0");
    match bytes.get(345..500).map(until_nul) {
        Some(prefix) if is_ustar && !prefix.is_empty() => [prefix, b"/", name].concat(),
        _ => name.to_vec(),
    }
}

pub(super) fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

pub(super) fn device(header: &tar::Header) -> Option<Device> {
    let sort = match header.as_old().linkflag[0] {
        b'3' => DeviceSort::Character,
        b'4' => DeviceSort::Block,
        b'6' => return Some(Device { sort: DeviceSort::Pipe, major: 0, minor: 0 }),
        _ => return None,
    };
    let field = |range: std::ops::Range<usize>| {
        let value = header.as_bytes().get(range).and_then(number).unwrap_or(0);
        u32::try_from(value).unwrap_or(u32::MAX)
    };
    Some(Device { sort, major: field(329..337), minor: field(337..345) })
}

pub(super) fn member_kind(flag: u8, name: &[u8]) -> MemberKind {
    match flag {
        0 if name.ends_with(b"/") => MemberKind::Directory,
        0 | b'0' | b'7' | b'S' => MemberKind::Regular,
        b'1' => MemberKind::Hardlink,
        b'2' => MemberKind::Symlink,
        b'3' | b'4' | b'6' => MemberKind::Special,
        b'5' => MemberKind::Directory,
        other => MemberKind::Unknown(other),
    }
}
