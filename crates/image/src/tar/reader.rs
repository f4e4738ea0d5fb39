//! The walk over a tar stream. Tolerates what real tools tolerate (no end blocks, no final padding, bytes after the
//! end); everything a header claims is checked against a bound before it is believed.

use std::io::{self, BufRead, BufReader, Read};

use super::BLOCK;
use super::header::{checksum_fits, device, member_kind, plain_name, until_nul};
use super::member::{Member, MemberKind};
use super::number::number;
use super::pax::Pax;
use super::payload::Payload;
use super::sparse::{self, PaxSparse};
use crate::LayerFault;
use crate::path::{shown_path, text};

/// Of a long name or a pax header; Go's reader has the same bound.
const MAX_HELPER_BYTES: u64 = 1 << 20;

/// Why the walk stopped.
#[derive(Debug)]
pub enum MemberError {
    /// The archive is wrong.
    Fault(LayerFault),
    /// The stream below failed.
    Io(io::Error),
}

impl From<io::Error> for MemberError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The members of a tar stream, one after the other.
pub struct Members<R> {
    pub(super) stream: R,
    /// Payload bytes of the current member not yet read.
    pub(super) left: u64,
    /// Padding after that payload.
    padding: u64,
    /// Bytes of the stream consumed.
    pub(super) position: u64,
    globals: Pax,
    /// The name of the current member, for messages.
    current: Option<Vec<u8>>,
    /// Whether bytes other than zero follow the end of the archive; known after the last member.
    pub trailing_data: bool,
}

/// Helper headers that describe the next member.
#[derive(Default)]
struct Helpers {
    pax: Pax,
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
}

impl<R: BufRead> Members<R> {
    /// Starts at the first header.
    pub fn new(stream: R) -> Self {
        Self { stream, left: 0, padding: 0, position: 0, globals: Pax::default(), current: None, trailing_data: false }
    }

    /// The stream below.
    pub fn stream(&mut self) -> &mut R {
        &mut self.stream
    }

    /// The stream below, for good.
    pub fn into_stream(self) -> R {
        self.stream
    }

    /// Bytes of the stream up to here: after [`Members::next_member`], to where the payload begins.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// In words, where the walk stands.
    pub fn place(&self) -> String {
        match &self.current {
            Some(name) => format!("in entry `{}`", shown_path(&text(name))),
            None => "in the first header".to_owned(),
        }
    }

    /// The payload of the current member: what is not yet read of it.
    pub fn payload(&mut self) -> Payload<'_, R> {
        Payload { members: self }
    }

    /// The next member; skips what is left of the current one. None at the end, when the stream has been read to its end.
    pub fn next_member(&mut self) -> Result<Option<Member>, MemberError> {
        let left = std::mem::take(&mut self.left);
        if self.skip(left)? > 0 {
            return Err(self.truncated());
        }
        self.skip_padding()?;
        let mut helpers = Helpers::default();
        let mut block = [0; BLOCK];
        while self.header(&mut block)? {
            let header = tar::Header::from_byte_slice(&block);
            let kind = header.as_old().linkflag[0];
            let size = self.size(header)?;
            match kind {
                b'L' => helpers.name = Some(until_nul(&self.helper(size)?).to_vec()),
                b'K' => helpers.link = Some(until_nul(&self.helper(size)?).to_vec()),
                b'x' => {
                    let body = self.helper(size)?;
                    helpers.pax = Pax::default();
                    helpers.pax.read(&body).map_err(|reason| self.corrupt(reason))?;
                }
                b'g' => {
                    let body = self.helper(size)?;
                    self.globals.read(&body).map_err(|reason| self.corrupt(reason))?;
                    if self.globals.weight() as u64 > MAX_HELPER_BYTES {
                        return Err(self.corrupt("global pax headers of more than 1 MiB"));
                    }
                }
                _ => return self.member(header, size, helpers).map(Some),
            }
        }
        Ok(None)
    }

    fn member(&mut self, header: &tar::Header, size: u64, helpers: Helpers) -> Result<Member, MemberError> {
        let pax = helpers.pax.over(&self.globals);
        let pick = |key: &str, helper: Option<Vec<u8>>, plain: Vec<u8>| {
            pax.get(key).map(<[u8]>::to_vec).or(helper).unwrap_or(plain)
        };
        let name = pick("path", helpers.name, plain_name(header));
        let link = pick("linkpath", helpers.link, until_nul(&header.as_old().linkname).to_vec());
        self.announce(&name);
        let stored = pax.number("size").map_err(|reason| self.corrupt(reason))?.unwrap_or(size);
        let kind = member_kind(header.as_old().linkflag[0], &name);
        let old = header.as_old();
        let mut member = Member { name, kind, link, xattrs: pax.xattrs(), ..Member::default() };
        member.mode = self.field(&old.mode, "mode")? as u32 & 0o7777;
        member.uid = self.id(&pax, "uid", &old.uid)?;
        member.gid = self.id(&pax, "gid", &old.gid)?;
        member.mtime = self.mtime(&pax, &old.mtime);
        member.device = device(header);
        let has_payload = matches!(kind, MemberKind::Regular | MemberKind::Unknown(_));
        self.expect(if has_payload { stored } else { 0 });
        if kind == MemberKind::Regular {
            (member.size, member.stored) = (stored, stored);
            self.sparse(header, &pax, &mut member)?;
        }
        Ok(member)
    }

    /// Says whose payload comes.
    fn announce(&mut self, name: &[u8]) {
        let current = self.current.get_or_insert_default();
        current.clear();
        current.extend_from_slice(name);
    }

    /// Announces a payload of `bytes`.
    fn expect(&mut self, bytes: u64) {
        self.left = bytes;
        self.padding = (BLOCK as u64 - bytes % BLOCK as u64) % BLOCK as u64;
    }

    fn sparse(&mut self, header: &tar::Header, pax: &Pax, member: &mut Member) -> Result<(), MemberError> {
        let (size, segments) = if header.as_old().linkflag[0] == b'S' {
            self.gnu_segments(header)?
        } else {
            match sparse::from_pax(pax).map_err(|reason| self.corrupt(reason))? {
                PaxSparse::No => return Ok(()),
                PaxSparse::Map(size, segments) => (size, segments),
                PaxSparse::InPayload(size) => (size, self.payload_segments()?),
            }
        };
        if let Some(name) = pax.get("GNU.sparse.name") {
            member.name = name.to_vec();
            self.announce(name);
        }
        if !sparse::is_consistent(&segments, size, self.left) {
            return Err(self.corrupt("the sparse map does not fit the file"));
        }
        (member.size, member.stored, member.segments) = (size, self.left, Some(segments));
        Ok(())
    }

    fn gnu_segments(&mut self, header: &tar::Header) -> Result<(u64, Vec<(u64, u64)>), MemberError> {
        let bytes = header.as_bytes();
        let size = self.unsigned(bytes.get(483..495).unwrap_or_default(), "real size")?;
        let first = bytes.get(386..482).unwrap_or_default();
        let mut segments = sparse::from_descriptors(first).map_err(|reason| self.corrupt(reason))?;
        let mut more = bytes.get(482).is_some_and(|flag| *flag != 0);
        while more {
            let mut block = [0; BLOCK];
            if !self.block(&mut block)? {
                return Err(self.truncated());
            }
            let next = sparse::from_descriptors(&block[..504]).map_err(|reason| self.corrupt(reason))?;
            segments.extend(next);
            if segments.len() > sparse::MAX_SEGMENTS {
                return Err(self.corrupt("a sparse map with too many parts"));
            }
            more = block[504] != 0;
        }
        Ok((size, segments))
    }

    /// Form 1.0: decimal lines in front of the data, padded to a block.
    fn payload_segments(&mut self) -> Result<Vec<(u64, u64)>, MemberError> {
        let mut numbers = Vec::new();
        let (mut line, mut count) = (Vec::new(), None);
        let mut read = 0u64;
        while count.is_none_or(|count: u64| (numbers.len() as u64) < count.saturating_mul(2)) {
            let mut byte = [0];
            self.payload().read_exact(&mut byte).map_err(|error| self.at_end(error))?;
            read += 1;
            if byte[0] != b'\n' {
                line.push(byte[0]);
            }
            if line.len() > 20 || numbers.len() > 2 * sparse::MAX_SEGMENTS {
                return Err(self.corrupt("a sparse map that never ends"));
            }
            if byte[0] == b'\n' {
                let value = super::pax::decimal(&line).ok_or_else(|| self.corrupt("a sparse map without numbers"))?;
                if count.is_some() {
                    numbers.push(value)
                } else {
                    count = Some(value)
                }
                line.clear();
            }
        }
        let rest = (BLOCK as u64 - read % BLOCK as u64) % BLOCK as u64;
        io::copy(&mut self.payload().take(rest), &mut io::sink()).map_err(|error| self.at_end(error))?;
        sparse::pairs(&numbers).map_err(|reason| self.corrupt(reason))
    }

    /// The next header block; false at the end of the archive, after which the stream is drained.
    fn header(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, MemberError> {
        if !self.block(block)? {
            return Ok(false);
        }
        if block.iter().all(|byte| *byte == 0) {
            self.drain()?;
            return Ok(false);
        }
        if checksum_fits(block) { Ok(true) } else { Err(self.corrupt("the header's checksum does not match")) }
    }

    fn drain(&mut self) -> Result<(), MemberError> {
        loop {
            let bytes = self.stream.fill_buf()?;
            if bytes.is_empty() {
                return Ok(());
            }
            self.trailing_data |= bytes.iter().any(|byte| *byte != 0);
            let length = bytes.len();
            self.stream.consume(length);
        }
    }

    /// The next 512 bytes; false if the stream ends before the first of them.
    fn block(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, MemberError> {
        let mut filled = 0;
        while let Some(room) = block.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.stream.read(room)? {
                0 if filled == 0 => return Ok(false),
                0 => return Err(self.truncated()),
                count => filled += count,
            }
        }
        self.position += BLOCK as u64;
        Ok(true)
    }

    /// The body of a helper member.
    fn helper(&mut self, size: u64) -> Result<Vec<u8>, MemberError> {
        if size > MAX_HELPER_BYTES {
            return Err(self.corrupt("a long name or pax header of more than 1 MiB"));
        }
        self.expect(size);
        let mut body = Vec::new();
        self.payload().read_to_end(&mut body).map_err(|error| self.at_end(error))?;
        self.skip_padding()?;
        Ok(body)
    }

    /// A missing final padding is tolerated.
    fn skip_padding(&mut self) -> Result<(), MemberError> {
        let padding = std::mem::take(&mut self.padding);
        self.skip(padding)?;
        Ok(())
    }

    /// Passes over so many bytes; how many of them the stream does not have.
    fn skip(&mut self, mut bytes: u64) -> io::Result<u64> {
        while bytes > 0 {
            let there = self.stream.fill_buf()?.len();
            if there == 0 {
                break;
            }
            let count = there.min(usize::try_from(bytes).unwrap_or(usize::MAX));
            self.stream.consume(count);
            self.position += count as u64;
            bytes = bytes.saturating_sub(count as u64);
        }
        Ok(bytes)
    }

    fn size(&self, header: &tar::Header) -> Result<u64, MemberError> {
        self.unsigned(&header.as_old().size, "size")
    }

    fn unsigned(&self, field: &[u8], what: &str) -> Result<u64, MemberError> {
        u64::try_from(self.field(field, what)?).map_err(|_| self.corrupt(format!("the {what} is negative")))
    }

    fn field(&self, field: &[u8], what: &str) -> Result<i64, MemberError> {
        number(field).ok_or_else(|| self.corrupt(format!("the {what} is no number")))
    }

    fn id(&self, pax: &Pax, key: &str, field: &[u8]) -> Result<u32, MemberError> {
        let value = match pax.signed(key).map_err(|reason| self.corrupt(reason))? {
            Some(value) => value,
            None => self.field(field, key)?,
        };
        // `nobody` as -2 is what the kernel takes for 4294967294.
        let wrapped = || i32::try_from(value).ok().map(|value| value as u32);
        Ok(u32::try_from(value).ok().or_else(wrapped).unwrap_or(u32::MAX))
    }

    /// Times are for show: one that is no number is 0.
    fn mtime(&self, pax: &Pax, field: &[u8]) -> i64 {
        let whole = |text: &[u8]| {
            let text = std::str::from_utf8(text).ok()?;
            text.split('.').next()?.parse().ok()
        };
        pax.get("mtime").and_then(whole).or_else(|| number(field)).unwrap_or(0)
    }

    fn corrupt(&self, reason: impl Into<String>) -> MemberError {
        MemberError::Fault(LayerFault::CorruptTar { place: self.place(), reason: reason.into() })
    }

    fn truncated(&self) -> MemberError {
        MemberError::Fault(LayerFault::Truncated { place: self.place() })
    }

    /// An end where there should be more is the archive's fault, all else the stream's.
    fn at_end(&self, error: io::Error) -> MemberError {
        if error.kind() == io::ErrorKind::UnexpectedEof { self.truncated() } else { MemberError::Io(error) }
    }
}

impl<R: io::Read + io::Seek> Members<BufReader<R>> {
    /// Passes over what is left of the current member without reading it. That it is there is not checked.
    pub fn pass(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.left).saturating_add(std::mem::take(&mut self.padding));
        let offset = i64::try_from(bytes).map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        self.stream.seek_relative(offset)?;
        self.position = self.position.saturating_add(bytes);
        Ok(())
    }
}
