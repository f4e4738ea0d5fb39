//! One rpm header as the database stores it: an index of tags over a block of data, big-endian.
//! <https://rpm-software-management.github.io/rpm/manual/hregions.html>, rpm's `lib/header.c` and `rpmtag.h` for the numbers.

use super::Numbers;
use crate::packages::{Package, PackageKind};
use crate::path::merged_usr;

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const SIZE: u32 = 1009;
const ARCH: u32 = 1022;
const OLD_FILE_NAMES: u32 = 1027;
const PROVIDE_NAME: u32 = 1047;
const REQUIRE_NAME: u32 = 1049;
const DIR_INDEXES: u32 = 1116;
const BASE_NAMES: u32 = 1117;
const DIR_NAMES: u32 = 1118;
const LONG_SIZE: u32 = 5009;
const RECOMMEND_NAME: u32 = 5046;

const INT32: u32 = 4;
const INT64: u32 = 5;
const STRING: u32 = 6;
const STRING_ARRAY: u32 = 8;
const I18N_STRING: u32 = 9;

/// Tags in a header, and entries of one tag, beyond any real package.
const MAX_TAGS: usize = 4096;
const MAX_VALUES: usize = 1 << 20;

/// The package of one header; none if it names none. Keys of rpm itself (`gpg-pubkey`) are no packages. `room` is how many
/// bytes its paths may take (a folder's name is repeated in each), and less by them afterwards; what does not fit is left out.
pub(super) fn read(bytes: &[u8], room: &mut usize) -> Option<Package> {
    let header = Header::open(bytes)?;
    let name = header.text(NAME).filter(|name| name != "gpg-pubkey")?;
    let version = header.text(VERSION).unwrap_or_default();
    let release = header.text(RELEASE).map(|release| format!("-{release}")).unwrap_or_default();
    let epoch = header.numbers(EPOCH).first().map(|epoch| format!("{epoch}:")).unwrap_or_default();
    let bytes = header.numbers(LONG_SIZE).first().or(header.numbers(SIZE).first()).copied().unwrap_or(0);
    Some(Package {
        kind: PackageKind::Rpm,
        version: format!("{epoch}{version}{release}"),
        architecture: header.text(ARCH).unwrap_or_default(),
        installed_bytes: bytes,
        depends: relations(header.texts(REQUIRE_NAME)),
        recommends: relations(header.texts(RECOMMEND_NAME)),
        provides: header.texts(PROVIDE_NAME),
        files: header.files(room),
        name,
        ..Package::default()
    })
}

/// Each capability once; rpm's own are no packages, and rich ones (`(a if b)`) count by the name they begin with.
fn relations(names: Vec<String>) -> Vec<Vec<String>> {
    let mut wanted: Vec<String> = Vec::new();
    for name in names {
        let plain = name.trim_start_matches('(').split(' ').next().unwrap_or_default().to_owned();
        if !plain.is_empty() && !plain.starts_with("rpmlib(") {
            wanted.push(plain);
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted.into_iter().map(|name| vec![name]).collect()
}

struct Header<'a> {
    tags: Vec<Tag>,
    data: &'a [u8],
}

struct Tag {
    tag: u32,
    kind: u32,
    offset: usize,
    count: usize,
}

impl<'a> Header<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let numbers = Numbers { bytes, big_endian: true };
        let (count, length) = (numbers.size(0)?, numbers.size(4)?);
        let index = count.min(MAX_TAGS).checked_mul(16)?;
        let start = count.checked_mul(16)?.checked_add(8)?;
        let data = numbers.slice(start, length.min(bytes.len().checked_sub(start)?))?;
        let tags = (8..index.checked_add(8)?).step_by(16).filter_map(|at| {
            let (tag, kind) = (numbers.u32(at)?, numbers.u32(at + 4)?);
            Some(Tag { tag, kind, offset: numbers.size(at + 8)?, count: numbers.size(at + 12)?.min(MAX_VALUES) })
        });
        Some(Self { tags: tags.collect(), data })
    }

    /// The tag and its values' bytes, up to the end of the data.
    fn find(&self, tag: u32) -> Option<(&Tag, &'a [u8])> {
        let found = self.tags.iter().find(|found| found.tag == tag)?;
        Some((found, self.data.get(found.offset..)?))
    }

    fn text(&self, tag: u32) -> Option<String> {
        self.texts(tag).into_iter().next()
    }

    fn texts(&self, tag: u32) -> Vec<String> {
        let Some((tag, data)) = self.find(tag) else { return Vec::new() };
        if ![STRING, STRING_ARRAY, I18N_STRING].contains(&tag.kind) {
            return Vec::new();
        }
        let ended = data.split_inclusive(|byte| *byte == 0).filter_map(|text| text.strip_suffix(&[0]));
        ended.take(tag.count).map(|text| String::from_utf8_lossy(text).into_owned()).collect()
    }

    fn numbers(&self, tag: u32) -> Vec<u64> {
        let Some((tag, data)) = self.find(tag) else { return Vec::new() };
        let width = match tag.kind {
            INT32 => 4,
            INT64 => 8,
            _ => return Vec::new(),
        };
        let value = |bytes: &[u8]| bytes.iter().fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
        data.chunks_exact(width).take(tag.count).map(value).collect()
    }

    /// Absolute paths, folders included.
    fn files(&self, room: &mut usize) -> Vec<String> {
        let folders = self.texts(DIR_NAMES);
        let (names, indexes) = (self.texts(BASE_NAMES), self.numbers(DIR_INDEXES));
        let mut files = self.texts(OLD_FILE_NAMES);
        for (name, index) in names.iter().zip(indexes) {
            let folder = usize::try_from(index).ok().and_then(|index| folders.get(index));
            let Some(path) = folder.map(|folder| format!("{folder}{name}")) else { continue };
            let Some(left) = room.checked_sub(path.len()) else { break };
            *room = left;
            files.push(path);
        }
        let mut files: Vec<String> = files.iter().map(|path| merged_usr(path).into_owned()).collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}
