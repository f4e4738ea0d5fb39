//! A layer blob as it is stored: its compression by its first bytes (media types lie), its own digest and length, and the
//! stream inside. Several gzip members or zstd frames in a row are one stream.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::GzDecoder;
use jettison_model::Digest;
use sha2::{Digest as _, Sha256};

const BUFFER: usize = 128 * 1024;

/// How a blob is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// RFC 1952.
    Gzip,
    /// RFC 8878, zstd:chunked among them.
    Zstd,
}

impl Compression {
    /// By magic numbers.
    pub fn sniff(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::None,
        }
    }
}

/// Counts and, if asked, hashes what is read through it.
pub(crate) struct Stored<'a> {
    /// The first bytes, looked at already.
    head: Cursor<Vec<u8>>,
    inner: Box<dyn Read + 'a>,
    bytes: u64,
    hash: Option<Sha256>,
}

impl Read for Stored<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.head.read(buffer)? {
            0 => self.inner.read(buffer).map_err(SourceError::wrap)?,
            count => count,
        };
        self.bytes = self.bytes.saturating_add(count as u64);
        if let (Some(hash), Some(bytes)) = (&mut self.hash, buffer.get(..count)) {
            hash.update(bytes);
        }
        Ok(count)
    }
}

/// A stream decompressed while it is read, for archives that are compressed as a whole; one that is not compressed comes
/// as it is.
pub fn decompressed<'a>(source: Box<dyn Read + 'a>) -> io::Result<Box<dyn Read + 'a>> {
    Ok(Box::new(Blob::open(source, false)?.0))
}

/// A failure of the source, not of the compressed stream in it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct SourceError(io::Error);

impl SourceError {
    fn wrap(error: io::Error) -> io::Error {
        match error.kind() {
            kind @ (io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof) => kind.into(),
            kind => io::Error::new(kind, Self(error)),
        }
    }

    /// Whether `error` came from the source.
    pub(crate) fn caused(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Self>())
    }
}

type Raw<'a> = BufReader<Stored<'a>>;

/// A blob, decompressed while it is read.
pub(crate) enum Blob<'a> {
    /// Without a buffer: whoever reads has one.
    Plain(Stored<'a>),
    /// The member being read, or the blob behind the last one.
    Gzip(Option<Box<GzDecoder<Raw<'a>>>>, Option<Raw<'a>>),
    Zstd(Box<zstd::Decoder<'static, Raw<'a>>>),
}

/// What is known of a blob once it has been read.
pub(crate) struct BlobFacts {
    pub(crate) stored_bytes: u64,
    /// Of a compressed blob; that of a plain one is its diff ID.
    pub(crate) digest: Option<Digest>,
    /// Whether bytes follow the compressed stream.
    pub(crate) trailing_data: bool,
}

impl<'a> Blob<'a> {
    /// Looks at the first bytes; with `hashed`, a compressed blob is hashed while it is read.
    pub(crate) fn open(mut source: Box<dyn Read + 'a>, hashed: bool) -> io::Result<(Self, Compression)> {
        let mut head = Vec::with_capacity(4);
        Read::by_ref(&mut source).take(4).read_to_end(&mut head).map_err(SourceError::wrap)?;
        let compression = Compression::sniff(&head);
        let hash = (hashed && compression != Compression::None).then(Sha256::new);
        let stored = Stored { head: Cursor::new(head), inner: source, bytes: 0, hash };
        let raw = |stored| BufReader::with_capacity(BUFFER, stored);
        let blob = match compression {
            Compression::None => Self::Plain(stored),
            Compression::Gzip => Self::Gzip(Some(Box::new(GzDecoder::new(raw(stored)))), None),
            Compression::Zstd => Self::Zstd(Box::new(zstd::Decoder::with_buffer(raw(stored))?)),
        };
        Ok((blob, compression))
    }

    /// Bytes of the blob that what has been read so far was made from.
    pub(crate) fn position(&self) -> u64 {
        let raw = match self {
            Self::Plain(stored) => return stored.bytes,
            Self::Gzip(decoder, rest) => decoder.as_ref().map(|decoder| decoder.get_ref()).or(rest.as_ref()),
            Self::Zstd(decoder) => Some(decoder.get_ref()),
        };
        raw.map_or(0, |raw| raw.get_ref().bytes.saturating_sub(raw.buffer().len() as u64))
    }

    /// Reads what is left of the blob behind the compressed stream.
    pub(crate) fn finish(self) -> io::Result<BlobFacts> {
        let raw = match self {
            Self::Plain(mut stored) => {
                let trailing = io::copy(&mut stored, &mut io::sink())?;
                return Ok(stored.facts(trailing));
            }
            Self::Gzip(decoder, rest) => decoder.map(|decoder| decoder.into_inner()).or(rest),
            Self::Zstd(decoder) => Some(decoder.finish()),
        };
        let mut raw = raw.ok_or(io::ErrorKind::InvalidInput)?;
        let trailing = io::copy(&mut raw, &mut io::sink())?;
        Ok(raw.into_inner().facts(trailing))
    }
}

impl Stored<'_> {
    fn facts(self, trailing: u64) -> BlobFacts {
        let digest = self.hash.map(|hash| Digest::sha256(&hash.finalize()));
        BlobFacts { stored_bytes: self.bytes, digest, trailing_data: trailing > 0 }
    }
}

impl Read for Blob<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stored) => stored.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
            Self::Gzip(decoder, rest) => read_gzip(decoder, rest, buffer),
        }
    }
}

/// Member after member, until something follows that is no member.
fn read_gzip<'a>(
    decoder: &mut Option<Box<GzDecoder<Raw<'a>>>>,
    rest: &mut Option<Raw<'a>>,
    buffer: &mut [u8],
) -> io::Result<usize> {
    if buffer.is_empty() {
        return Ok(0);
    }
    while let Some(current) = decoder {
        let count = current.read(buffer)?;
        if count > 0 {
            return Ok(count);
        }
        let Some(mut raw) = decoder.take().map(|decoder| decoder.into_inner()) else { break };
        if raw.fill_buf()?.first() == Some(&0x1f) {
            *decoder = Some(Box::new(GzDecoder::new(raw)));
        } else {
            *rest = Some(raw);
        }
    }
    Ok(0)
}
