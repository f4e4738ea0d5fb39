//! rpm's own `Packages.db` (ndb): slots that name blobs, little-endian. rpm's `lib/backend/ndb/rpmpkg.c` for the layout.

use super::Numbers;

const MAGIC: &[u8] = b"RpmP";
const SLOT: &[u8] = b"Slot";
const BLOB: &[u8] = b"BlbS";
const PAGE: usize = 4096;
/// Of slots, block units and blob heads alike.
const UNIT: usize = 16;
/// The file's head takes the place of two slots.
const FIRST_SLOT: usize = 2;

pub(super) fn is_ndb(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Shows each package's header.
pub(super) fn each_blob(bytes: &[u8], take: &mut dyn FnMut(&[u8])) {
    let file = Numbers { bytes, big_endian: false };
    let pages = file.size(12).unwrap_or(0);
    let end = pages.saturating_mul(PAGE).min(bytes.len());
    // Blobs do not overlap; a file whose slots all name the same one is no database.
    let mut room = bytes.len();
    for slot in (FIRST_SLOT * UNIT..end).step_by(UNIT) {
        if file.slice(slot, 4) != Some(SLOT) {
            continue;
        }
        let Some(blob) = blob(file, slot) else { continue };
        let Some(left) = room.checked_sub(blob.len()) else { break };
        room = left;
        take(blob);
    }
}

/// The blob that a used slot names: both say the package's number.
fn blob<'a>(file: Numbers<'a>, slot: usize) -> Option<&'a [u8]> {
    let package = file.u32(slot + 4).filter(|package| *package != 0)?;
    let at = file.size(slot + 8).filter(|at| *at != 0)?.checked_mul(UNIT)?;
    if file.slice(at, 4)? != BLOB || file.u32(at.checked_add(4)?)? != package {
        return None;
    }
    file.slice(at.checked_add(UNIT)?, file.size(at.checked_add(12)?)?)
}
