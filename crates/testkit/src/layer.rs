//! A layer tar, member by member, in the order in which the members are added. Names are written as they are given:
//! `..`, absolute names and whiteouts included.

use std::io::Write;

use sha2::{Digest, Sha256};

/// Builds a layer.
///
/// ```
/// use jettison_testkit::LayerBuilder;
///
/// let tar = LayerBuilder::new().file("app/main.py", b"print(1)\n").whiteout("etc/motd").tar();
/// assert_eq!(tar.len() % 512, 0);
/// ```
#[derive(Clone, Debug, Default)]
pub struct LayerBuilder {
    tar: Vec<u8>,
    owner: (u64, u64),
    mode: Option<u32>,
}

impl LayerBuilder {
    /// An empty layer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of the members added from here on.
    #[must_use]
    pub fn owner(mut self, uid: u64, gid: u64) -> Self {
        self.owner = (uid, gid);
        self
    }

    /// Permission bits of the members added from here on (else 0644, folders 0755, links 0777).
    #[must_use]
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = Some(mode);
        self
    }

    /// A regular file.
    #[must_use]
    pub fn file(self, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        self.member(b'0', name.as_ref(), b"", content.as_ref(), 0o644)
    }

    /// A file that may be executed.
    #[must_use]
    pub fn program(self, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        self.member(b'0', name.as_ref(), b"", content.as_ref(), 0o755)
    }

    /// A folder.
    #[must_use]
    pub fn dir(self, name: impl AsRef<[u8]>) -> Self {
        self.member(b'5', name.as_ref(), b"", b"", 0o755)
    }

    /// A symbolic link.
    #[must_use]
    pub fn symlink(self, name: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        self.member(b'2', name.as_ref(), target.as_ref(), b"", 0o777)
    }

    /// A further name of the member `target`.
    #[must_use]
    pub fn hardlink(self, name: impl AsRef<[u8]>, target: impl AsRef<[u8]>) -> Self {
        self.member(b'1', name.as_ref(), target.as_ref(), b"", 0o644)
    }

    /// A pipe.
    #[must_use]
    pub fn fifo(self, name: impl AsRef<[u8]>) -> Self {
        self.member(b'6', name.as_ref(), b"", b"", 0o644)
    }

    /// Hides `path` of lower layers.
    #[must_use]
    pub fn whiteout(self, path: &str) -> Self {
        let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
        let separator = if folder.is_empty() { "" } else { "/" };
        self.file(format!("{folder}{separator}.wh.{name}"), b"")
    }

    /// Hides all that lower layers have in `folder`.
    #[must_use]
    pub fn opaque(self, folder: &str) -> Self {
        self.file(format!("{folder}/.wh..wh..opq"), b"")
    }

    /// A pax header for the next member.
    #[must_use]
    pub fn pax(self, records: &[(&str, &[u8])]) -> Self {
        let body: Vec<u8> = records.iter().flat_map(|(key, value)| pax_record(key, value)).collect();
        self.member(b'x', b"pax", b"", &body, 0o644)
    }

    /// A member of any type, with `size` bytes claimed for it whatever `content` is.
    #[must_use]
    pub fn claiming(mut self, kind: u8, name: &str, size: u64, content: &[u8]) -> Self {
        self.header(kind, name.as_bytes(), b"", size, 0o644);
        self.tar.extend_from_slice(content);
        self
    }

    /// Bytes as they are.
    #[must_use]
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.tar.extend_from_slice(bytes);
        self
    }

    fn member(mut self, kind: u8, name: &[u8], link: &[u8], content: &[u8], mode: u32) -> Self {
        for (kind, long) in [(b'L', name), (b'K', link)] {
            if long.len() > 100 {
                self.header(kind, b"././@LongLink", b"", long.len() as u64 + 1, 0o644);
                self.payload(&[long, b"\0"].concat());
            }
        }
        let mode = self.mode.unwrap_or(mode);
        self.header(kind, name, link, content.len() as u64, mode);
        self.payload(content);
        self
    }

    fn header(&mut self, kind: u8, name: &[u8], link: &[u8], size: u64, mode: u32) {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(mode);
        header.set_uid(self.owner.0);
        header.set_gid(self.owner.1);
        header.set_mtime(1_700_000_000);
        header.set_entry_type(tar::EntryType::new(kind));
        let old = header.as_old_mut();
        for (field, text) in [(&mut old.name, name), (&mut old.linkname, link)] {
            let length = text.len().min(field.len());
            field[..length].copy_from_slice(&text[..length]);
        }
        header.set_cksum();
        self.tar.extend_from_slice(header.as_bytes());
    }

    fn payload(&mut self, content: &[u8]) {
        self.tar.extend_from_slice(content);
        self.tar.resize(self.tar.len().next_multiple_of(512), 0);
    }

    /// The tar, with its end.
    pub fn tar(&self) -> Vec<u8> {
        let mut tar = self.tar.clone();
        tar.extend_from_slice(&[0; 1024]);
        tar
    }

    /// The tar without its end.
    pub fn open_tar(&self) -> Vec<u8> {
        self.tar.clone()
    }

    /// The tar, gzip-compressed.
    pub fn gzip(&self) -> Vec<u8> {
        gzip(&self.tar())
    }
}

fn pax_record(key: &str, value: &[u8]) -> Vec<u8> {
    let body = [b" ", key.as_bytes(), b"=", value, b"\n"].concat();
    let digits = |length: usize| length.to_string().len();
    let mut length = body.len() + 1;
    while length != body.len() + digits(length) {
        length = body.len() + digits(length);
    }
    [length.to_string().as_bytes(), &body].concat()
}

/// One gzip member.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes all bytes")
}

/// `sha256:` and 64 digits.
pub fn sha256(bytes: &[u8]) -> String {
    jettison_model::Digest::sha256(&Sha256::digest(bytes)).to_string()
}
