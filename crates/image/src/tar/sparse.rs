//! Sparse members: GNU's old header form, and the pax forms 0.0, 0.1 and 1.0.
//! <https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html>

use super::number::number;
use super::pax::{Pax, decimal};

/// More segments than any real file has; a bound for hostile maps.
pub(super) const MAX_SEGMENTS: usize = 1 << 16;

/// What pax records say of a sparse member.
pub(super) enum PaxSparse {
    /// Not sparse.
    No,
    /// Real size and segments (forms 0.0 and 0.1).
    Map(u64, Vec<(u64, u64)>),
    /// Real size; the map stands in front of the payload (form 1.0).
    InPayload(u64),
}

/// Reads the pax forms; the error says which record is wrong.
pub(super) fn from_pax(pax: &Pax) -> Result<PaxSparse, String> {
    if pax.get("GNU.sparse.major") == Some(b"1") {
        let size = pax.number("GNU.sparse.realsize")?.ok_or("a sparse file has no real size")?;
        return Ok(PaxSparse::InPayload(size));
    }
    let Some(size) = pax.number("GNU.sparse.size")? else { return Ok(PaxSparse::No) };
    let numbers = match pax.get("GNU.sparse.map") {
        Some(map) => map.split(|byte| *byte == b',').map(decimal).collect::<Option<Vec<u64>>>(),
        None => Some(pax.segments.clone()),
    };
    let numbers = numbers.ok_or("a sparse map has something that is no number")?;
    Ok(PaxSparse::Map(size, pairs(&numbers)?))
}

/// Offsets and lengths, two by two.
pub(super) fn pairs(numbers: &[u64]) -> Result<Vec<(u64, u64)>, String> {
    if !numbers.len().is_multiple_of(2) || numbers.len() / 2 > MAX_SEGMENTS {
        return Err("a sparse map has a wrong number of parts".to_owned());
    }
    Ok(numbers.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect())
}

/// The segments in a run of 24-byte descriptors of GNU's header form; empty descriptors end it.
pub(super) fn from_descriptors(bytes: &[u8]) -> Result<Vec<(u64, u64)>, String> {
    let used = bytes.chunks_exact(24).filter(|slot| !matches!(slot.first(), Some(0) | None));
    used.map(|slot| {
        let (offset, length) = slot.split_at(12);
        let both = number(offset).zip(number(length)).ok_or("a sparse descriptor has a bad number")?;
        u64::try_from(both.0).ok().zip(u64::try_from(both.1).ok()).ok_or("a sparse descriptor is negative".to_owned())
    })
    .collect()
}

/// Whether segments follow one another, end within `size` and need exactly `stored` bytes (or fewer).
pub(super) fn is_consistent(segments: &[(u64, u64)], size: u64, stored: u64) -> bool {
    let mut end = 0u64;
    let mut total = 0u64;
    for (offset, length) in segments {
        let Some(next) = offset.checked_add(*length) else { return false };
        if *offset < end || next > size {
            return false;
        }
        end = next;
        total = total.saturating_add(*length);
    }
    total <= stored
}
