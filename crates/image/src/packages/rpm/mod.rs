//! rpm's database in its three forms: SQLite (since rpm 4.16), ndb (SUSE) and the Berkeley DB hash of old. Each holds one
//! header per package; `header` reads that. Hand-written readers of the few pages needed: no C library, every size is checked.

mod bdb;
mod header;
mod ndb;
mod sqlite;

use super::Package;

/// Where the database lies, by distribution and age.
const FOLDERS: [&str; 3] = ["/var/lib/rpm/", "/usr/lib/sysimage/rpm/", "/usr/share/rpm/"];
const FILES: [&str; 3] = ["rpmdb.sqlite", "Packages.db", "Packages"];

/// Bytes of all paths of all packages, several times those of a whole workstation.
const MAX_PATH_BYTES: usize = 64 << 20;

/// Whether rpm's database is at `path`.
pub(crate) fn is_database(path: &str) -> bool {
    FOLDERS.iter().any(|folder| path.strip_prefix(folder).is_some_and(|file| FILES.contains(&file)))
}

/// The packages of an rpm database of any form. Never fails: what cannot be read is passed over.
pub fn parse_rpm_database(bytes: &[u8]) -> Vec<Package> {
    let (mut packages, mut room) = (Vec::new(), MAX_PATH_BYTES);
    let mut take = |blob: &[u8]| packages.extend(header::read(blob, &mut room));
    if sqlite::is_sqlite(bytes) {
        sqlite::each_blob(bytes, "Packages", &mut take);
    } else if ndb::is_ndb(bytes) {
        ndb::each_blob(bytes, &mut take);
    } else {
        bdb::each_blob(bytes, &mut take);
    }
    packages
}

/// Reads fixed-size numbers at any place; none outside the bytes.
#[derive(Clone, Copy)]
struct Numbers<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Numbers<'a> {
    fn slice(&self, at: usize, length: usize) -> Option<&'a [u8]> {
        self.bytes.get(at..at.checked_add(length)?)
    }

    fn u8(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes: [u8; 2] = self.slice(at, 2)?.try_into().ok()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.slice(at, 4)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// A 32-bit number that is a size or place.
    fn size(&self, at: usize) -> Option<usize> {
        usize::try_from(self.u32(at)?).ok()
    }
}

#[cfg(test)]
mod tests;
