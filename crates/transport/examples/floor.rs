//! The physical limit that `bench/images` compares with: reads every layer of an archive, decompresses it and hashes what a
//! verifying reader has to hash, on one thread, and does nothing else. `floor ARCHIVE [read|decompress|hash]`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use jettison_image::tar::{MemberKind, Members};
use jettison_image::{Compression, decompressed};
use sha2::{Digest as _, Sha256};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let path = arguments.get(1).ok_or("usage: floor ARCHIVE [read|decompress|hash]")?;
    let what = arguments.get(2).map_or("hash", String::as_str);
    let mut members = Members::new(BufReader::with_capacity(64 * 1024, File::open(path)?));
    let mut bytes = 0;
    while let Some(member) = members.next_member().map_err(|error| format!("{error:?}"))? {
        if member.kind != MemberKind::Regular || member.size < 512 {
            continue;
        }
        let mut payload = members.payload();
        bytes += match what {
            "read" => drain(&mut payload, |_| {})?,
            "decompress" => drain(&mut decompressed(Box::new(payload))?, |_| {})?,
            _ => hash(payload)?,
        };
    }
    println!("{bytes} bytes");
    Ok(())
}

/// Both digests: the blob's and the stream's, which for a blob stored uncompressed are one.
fn hash(mut payload: impl BufRead) -> io::Result<u64> {
    let is_plain = Compression::sniff(payload.fill_buf()?) == Compression::None;
    let mut stream = Sha256::new();
    if is_plain {
        let bytes = drain(&mut payload, |chunk| stream.update(chunk))?;
        std::hint::black_box(stream.finalize());
        return Ok(bytes);
    }
    let mut blob = Hashing { source: payload, hash: Sha256::new() };
    let bytes = drain(&mut decompressed(Box::new(&mut blob))?, |chunk| stream.update(chunk))?;
    std::hint::black_box((stream.finalize(), blob.hash.finalize()));
    Ok(bytes)
}

fn drain(source: &mut dyn Read, mut see: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut buffer = vec![0; 128 * 1024];
    let mut total = 0;
    loop {
        let count = source.read(&mut buffer)?;
        if count == 0 {
            return Ok(total);
        }
        see(buffer.get(..count).unwrap_or_default());
        total += count as u64;
    }
}

struct Hashing<R> {
    source: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
