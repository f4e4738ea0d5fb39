//! One tar member as its header and the helper headers before it describe it.

use std::collections::BTreeMap;

use crate::Device;

/// A tar member.
#[derive(Clone, Debug, Default)]
pub struct Member {
    /// The name as stored: bytes, not cleaned.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: MemberKind,
    /// Target of a link, as stored.
    pub link: Vec<u8>,
    /// Logical bytes of a regular file (of a sparse one: with its holes); 0 for all else.
    pub size: u64,
    /// Payload bytes in the archive.
    pub stored: u64,
    /// Permission bits.
    pub mode: u32,
    /// Numeric; the largest value where it does not fit.
    pub uid: u32,
    /// Numeric; the largest value where it does not fit.
    pub gid: u32,
    /// Whole seconds since 1970.
    pub mtime: i64,
    /// Of a device or pipe.
    pub device: Option<Device>,
    /// Extended attributes.
    pub xattrs: BTreeMap<String, Vec<u8>>,
    /// For sparse files: offset and length of each stored segment.
    pub segments: Option<Vec<(u64, u64)>>,
}

/// What a member is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberKind {
    /// A regular file.
    #[default]
    Regular,
    /// A folder.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A further name of another member.
    Hardlink,
    /// A device or pipe.
    Special,
    /// A type that this reader does not know.
    Unknown(u8),
}
