//! rpm's `Packages` of old: a Berkeley DB hash, whose values are headers on chains of overflow pages. In the byte order of
//! the machine that wrote it. Berkeley DB's `dbinc/db_page.h` for the layout.

use super::Numbers;

const HASH_MAGIC: u32 = 0x0006_1561;
const HASH_META: u8 = 8;
const HASH_UNSORTED: u8 = 2;
const OVERFLOW: u8 = 7;
const HASH: u8 = 13;
/// Of a page's head.
const HEAD: usize = 26;
const INLINE: u8 = 1;
const OFF_PAGE: u8 = 3;

/// Shows each value.
pub(super) fn each_blob(bytes: &[u8], take: &mut dyn FnMut(&[u8])) {
    let Some(file) = File::open(bytes) else { return };
    // Values do not share pages: all together are no longer than the file.
    let mut room = bytes.len();
    for number in 1..bytes.len() / file.page_bytes {
        let Some(page) = file.page(number) else { break };
        if !matches!(page.u8(25), Some(HASH | HASH_UNSORTED)) {
            continue;
        }
        let entries = page.u16(20).map_or(0, usize::from).min(file.page_bytes / 2);
        for index in (1..entries).step_by(2) {
            let Some(blob) = file.value(page, index, room) else { continue };
            room -= blob.len();
            take(&blob);
        }
    }
}

struct File<'a> {
    numbers: Numbers<'a>,
    page_bytes: usize,
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let numbers = [false, true].map(|big_endian| Numbers { bytes, big_endian });
        let numbers = numbers.into_iter().find(|numbers| numbers.u32(12) == Some(HASH_MAGIC))?;
        let page_bytes = numbers.size(20).filter(|size| size.is_power_of_two() && (512..=65536).contains(size))?;
        (numbers.u8(25) == Some(HASH_META)).then_some(Self { numbers, page_bytes })
    }

    fn page(&self, number: usize) -> Option<Numbers<'a>> {
        let bytes = self.numbers.slice(number.checked_mul(self.page_bytes)?, self.page_bytes)?;
        Some(Numbers { bytes, ..self.numbers })
    }

    /// The value at `index` of a hash page, if it is no longer than `room`.
    fn value(&self, page: Numbers<'a>, index: usize, room: usize) -> Option<Vec<u8>> {
        let place = |index: usize| page.u16(HEAD + 2 * index).map(usize::from);
        let (at, end) = (place(index)?, place(index.checked_sub(1)?)?);
        match page.u8(at)? {
            INLINE => {
                let length = end.checked_sub(at + 1).filter(|length| *length <= room)?;
                page.slice(at + 1, length).map(<[u8]>::to_vec)
            }
            OFF_PAGE => self.chain(page.size(at + 4)?, page.size(at + 8).filter(|length| *length <= room)?),
            _ => None,
        }
    }

    /// The bytes on overflow pages from `next` on.
    fn chain(&self, mut next: usize, length: usize) -> Option<Vec<u8>> {
        let mut blob = Vec::new();
        while blob.len() < length {
            let page = self.page(next)?;
            if page.u8(25)? != OVERFLOW {
                return None;
            }
            let here = usize::from(page.u16(22)?).min(length - blob.len());
            if here == 0 {
                return None;
            }
            blob.extend_from_slice(page.slice(HEAD, here)?);
            next = page.size(16)?;
        }
        Some(blob)
    }
}
