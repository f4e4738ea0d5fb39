//! SQLite as far as one table's blobs ask for it: the schema page, table b-trees, overflow chains.
//! <https://www.sqlite.org/fileformat2.html>. A write-ahead log beside the file is not read.

use super::Numbers;

const MAGIC: &[u8] = b"SQLite format 3\0";
const INTERIOR: u8 = 5;
const LEAF: u8 = 13;
/// As deep as a table of 2^64 rows can be.
const MAX_DEPTH: usize = 32;

pub(super) fn is_sqlite(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Shows the first blob column of each row of `table`.
pub(super) fn each_blob(bytes: &[u8], table: &str, take: &mut dyn FnMut(&[u8])) {
    let Some(file) = File::open(bytes) else { return };
    let mut root = None;
    file.each_row(1, &mut |row| {
        if let [Some(Value::Text(kind)), Some(Value::Text(name)), _, Some(Value::Number(page)), ..] = row
            && *kind == b"table"
            && *name == table.as_bytes()
        {
            root = u32::try_from(*page).ok();
        }
    });
    let Some(root) = root else { return };
    file.each_row(root, &mut |row| {
        if let Some(blob) = row.iter().find_map(|value| match value {
            Some(Value::Blob(blob)) => Some(blob),
            _ => None,
        }) {
            take(blob);
        }
    });
}

struct File<'a> {
    numbers: Numbers<'a>,
    page_bytes: usize,
    /// Without what is reserved at the end of each page.
    usable: usize,
}

enum Value<'r> {
    Number(u64),
    Text(&'r [u8]),
    Blob(&'r [u8]),
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let numbers = Numbers { bytes, big_endian: true };
        let page_bytes = match usize::from(numbers.u16(16)?) {
            1 => 65536,
            size if size >= 512 && size.is_power_of_two() => size,
            _ => return None,
        };
        let usable = page_bytes.checked_sub(usize::from(numbers.u8(20)?))?;
        (usable >= 480).then_some(Self { numbers, page_bytes, usable })
    }

    fn pages(&self) -> usize {
        self.numbers.bytes.len() / self.page_bytes
    }

    /// Page `number` (from 1).
    fn page(&self, number: u32) -> Option<Numbers<'a>> {
        let start = usize::try_from(number).ok()?.checked_sub(1)?.checked_mul(self.page_bytes)?;
        Some(Numbers { bytes: self.numbers.slice(start, self.page_bytes)?, big_endian: true })
    }

    /// Shows the rows of the table whose b-tree begins at `root`. No page is looked at twice.
    fn each_row(&self, root: u32, take: &mut dyn FnMut(&[Option<Value<'_>>])) {
        let mut seen = vec![false; self.pages() + 1];
        // Rows do not overlap: all together are no longer than the file.
        let mut room = self.numbers.bytes.len();
        let mut todo = vec![(root, 0)];
        while let Some((number, depth)) = todo.pop() {
            let slot = usize::try_from(number).ok().and_then(|number| seen.get_mut(number));
            let (Some(page), Some(false)) = (self.page(number), slot.map(|seen| std::mem::replace(seen, true))) else {
                continue;
            };
            let head = if number == 1 { 100 } else { 0 };
            match page.u8(head) {
                Some(INTERIOR) if depth < MAX_DEPTH => {
                    todo.extend(page.u32(head + 8).map(|right| (right, depth + 1)));
                    let cells = self.cells(page, head, 12).filter_map(|cell| page.u32(cell));
                    todo.extend(cells.map(|child| (child, depth + 1)));
                }
                Some(LEAF) => {
                    for cell in self.cells(page, head, 8) {
                        if let Some(record) = self.record(page, cell, room) {
                            room -= record.len();
                            take(&columns(&record));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Where the cells of a page are.
    fn cells(&self, page: Numbers<'a>, head: usize, array: usize) -> impl Iterator<Item = usize> {
        let count = page.u16(head + 3).map_or(0, usize::from);
        (0..count).map_while(move |index| page.u16(head + array + 2 * index).map(usize::from))
    }

    /// The payload of a leaf's cell, its overflow pages appended, if it is no longer than `room`.
    fn record(&self, page: Numbers<'a>, cell: usize, room: usize) -> Option<Vec<u8>> {
        let (length, at) = varint(page.bytes, cell)?;
        let (_, at) = varint(page.bytes, at)?;
        let length = usize::try_from(length).ok().filter(|length| *length <= room)?;
        let most = self.usable - 35;
        if length <= most {
            return Some(page.slice(at, length)?.to_vec());
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let here = least + (length - least) % (self.usable - 4);
        let here = if here <= most { here } else { least };
        let mut record = page.slice(at, here)?.to_vec();
        let mut next = page.u32(at + here)?;
        while record.len() < length {
            let more = self.page(next)?;
            let part = more.slice(4, (length - record.len()).min(self.usable - 4))?;
            record.extend_from_slice(part);
            next = more.u32(0)?;
        }
        Some(record)
    }
}

/// The values of a record; none for NULL and floats.
fn columns(record: &[u8]) -> Vec<Option<Value<'_>>> {
    let mut values = Vec::new();
    let Some((head, mut at)) = varint(record, 0) else { return values };
    let mut body = usize::try_from(head).unwrap_or(usize::MAX);
    while (at as u64) < head && values.len() < 64 {
        let Some((kind, next)) = varint(record, at) else { break };
        at = next;
        let length = match kind {
            0..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            8..=11 => 0,
            _ => (kind - 12) / 2,
        };
        let Some(end) = usize::try_from(length).ok().and_then(|length| body.checked_add(length)) else { break };
        let Some(bytes) = record.get(body..end) else { break };
        body = end;
        values.push(match kind {
            1..=6 => Some(Value::Number(bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))),
            8 | 9 => Some(Value::Number(kind - 8)),
            0 | 7 | 10 | 11 => None,
            _ if kind % 2 == 0 => Some(Value::Blob(bytes)),
            _ => Some(Value::Text(bytes)),
        });
    }
    values
}

/// A variable-length number and where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for index in 0..9 {
        let byte = *bytes.get(at.checked_add(index)?)?;
        if index == 8 {
            return Some((value << 8 | u64::from(byte), at + 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + index + 1));
        }
    }
    None
}
