//! What a member holds, as a stream that ends where the member does.

use std::io::{self, BufRead, Read};

use super::reader::Members;

/// The payload of the current member. Fails with `UnexpectedEof` if the stream ends before it.
pub struct Payload<'a, R> {
    pub(super) members: &'a mut Members<R>,
}

impl<R: BufRead> Read for Payload<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.members.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        let room = usize::try_from(self.members.left).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.members.stream.read(buffer.get_mut(..room).unwrap_or_default())?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.members.left = self.members.left.saturating_sub(count as u64);
        self.members.position += count as u64;
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Payload<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.members.left == 0 {
            return Ok(&[]);
        }
        let left = usize::try_from(self.members.left).unwrap_or(usize::MAX);
        let bytes = self.members.stream.fill_buf()?;
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes.get(..left.min(bytes.len())).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.members.left = self.members.left.saturating_sub(count as u64);
        self.members.position += count as u64;
        self.members.stream.consume(count);
    }
}
