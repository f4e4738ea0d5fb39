//! What the Go linker writes into programs: the main module, its dependencies and their versions. The block is found by its
//! mark, which lies at a multiple of 16 bytes, while the file streams past; so programs of any size are read. Go 1.18 and later,
//! where the texts follow the mark. Go's `debug/buildinfo`.

use super::{Package, PackageKind};

const MARK: &[u8] = b"\xff Go buildinf:";
const ALIGN: usize = 16;
const HEAD: usize = 32;
/// Flag: the texts stand behind the head, each after its length.
const INLINE: u8 = 2;
/// Of both texts together, kept while they arrive.
const MAX_BLOCK: usize = 1 << 20;
const MAX_MODULES: usize = 1 << 14;
/// Blocks looked at in one file: the mark is also a constant in programs that look for it.
const MAX_TRIES: usize = 16;

/// Looks for the block in a stream of chunks.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    /// Bytes before a multiple of 16 that is not complete yet, or the block so far.
    held: Vec<u8>,
    in_block: bool,
    tries: usize,
    packages: Vec<Package>,
}

impl Scanner {
    /// The next bytes of the file.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && self.packages.is_empty() && self.tries < MAX_TRIES {
            let wanted = if self.in_block { MAX_BLOCK } else { ALIGN };
            if self.held.is_empty() && !self.in_block {
                bytes = skip_to_mark(bytes);
            }
            let take = bytes.len().min(wanted.saturating_sub(self.held.len()));
            let (now, later) = bytes.split_at(take);
            self.held.extend_from_slice(now);
            bytes = later;
            if self.held.len() >= wanted {
                self.full();
            }
        }
    }

    fn full(&mut self) {
        if !self.in_block && self.held.starts_with(MARK) {
            self.in_block = true;
            self.tries += 1;
            return;
        }
        if self.in_block {
            self.packages = parse_go_build_info(&self.held);
            self.in_block = false;
            // What follows a block that is none may hold the true one.
            let tail = self.held.split_off(ALIGN);
            self.held.clear();
            if self.packages.is_empty() {
                self.feed(&tail);
            }
            return;
        }
        self.held.clear();
    }

    /// What was found.
    pub(crate) fn finish(mut self) -> Vec<Package> {
        while self.in_block && self.packages.is_empty() {
            self.full();
        }
        self.packages
    }
}

/// From the first multiple of 16 on that may begin the block: whole lines without it are passed over.
fn skip_to_mark(bytes: &[u8]) -> &[u8] {
    let (lines, rest) = bytes.as_chunks::<ALIGN>();
    let begins = |line: &&[u8; ALIGN]| line.first_chunk::<8>() == MARK.first_chunk::<8>() && line.starts_with(MARK);
    let Some(passed) = lines.iter().position(|line| begins(&line)) else { return rest };
    bytes.get(passed * ALIGN..).unwrap_or_default()
}

/// The modules of a block that starts with the mark: the main one first; none if it is not such a block.
pub fn parse_go_build_info(block: &[u8]) -> Vec<Package> {
    let inline = block.starts_with(MARK) && block.get(15).is_some_and(|flags| flags & INLINE != 0);
    let Some((version, rest)) = block.get(HEAD..).filter(|_| inline).and_then(text) else { return Vec::new() };
    let version = String::from_utf8_lossy(version);
    let Some(release) = version.strip_prefix("go").or(version.strip_prefix("devel")) else { return Vec::new() };
    let info = text(rest).map(|(info, _)| modules(info)).unwrap_or_default();
    let package = |name: &str, version: &str| Package {
        kind: PackageKind::Go,
        name: name.to_owned(),
        version: version.to_owned(),
        ..Package::default()
    };
    let (mut packages, mut path) = (Vec::new(), None);
    for line in String::from_utf8_lossy(info).lines().take(MAX_MODULES) {
        let mut fields = line.split('\t');
        match (fields.next(), fields.next(), fields.next()) {
            (Some("path"), Some(name), _) => path = Some(name.to_owned()),
            (Some("mod" | "dep"), Some(name), version) => packages.push(package(name, version.unwrap_or_default())),
            (Some("=>"), Some(name), version) => {
                packages.pop();
                packages.push(package(name, version.unwrap_or_default()));
            }
            _ => {}
        }
    }
    if packages.is_empty() {
        packages.extend(path.map(|path| package(&path, "")));
    }
    packages.push(package("stdlib", release.trim()));
    packages
}

/// A length as a variable-length number, and so many bytes; the rest.
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0usize;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        length |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let rest = bytes.get(index + 1..)?;
            return Some((rest.get(..length)?, rest.get(length..)?));
        }
    }
    None
}

/// The module text without the 16 bytes that mark its two ends.
fn modules(info: &[u8]) -> &[u8] {
    let Some(inner) = info.len().checked_sub(16).filter(|end| *end >= 17) else { return &[] };
    info.get(16..inner).filter(|text| text.ends_with(b"\n")).unwrap_or_default()
}
