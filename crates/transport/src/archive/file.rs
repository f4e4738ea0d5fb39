//! An archive that lies on disk: its headers are read once, the rest where it is needed, and layers by several threads.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use jettison_image::Error;
use jettison_image::tar::{MemberKind, Members};

use super::members::{MAX_MEMBERS, archive, archive_error, clean, cut_short, follow, link};
use crate::blobs::{Blobs, document};
use crate::layout::Documents;

/// Where a file is.
#[derive(Clone, Copy, Debug)]
struct Span {
    offset: u64,
    size: u64,
}

/// The archive.
pub(crate) struct FileArchive {
    path: PathBuf,
    files: HashMap<String, Span>,
    links: HashMap<String, String>,
}

impl FileArchive {
    /// Reads the headers.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut members = Members::new(BufReader::new(file));
        let mut found = Self { path: path.to_owned(), files: HashMap::new(), links: HashMap::new() };
        let mut count = 0;
        while let Some(member) = members.next_member().map_err(archive_error)? {
            count += 1;
            if count > MAX_MEMBERS {
                return Err(archive(format!("more than {MAX_MEMBERS} files")));
            }
            let name = clean(&member.name);
            if members.position().saturating_add(member.stored) > length {
                return Err(cut_short(&name, io::ErrorKind::UnexpectedEof.into()));
            }
            if let Some(target) = link(&member) {
                found.links.insert(name, target);
            } else if member.kind == MemberKind::Regular && member.segments.is_none() {
                found.files.insert(name, Span { offset: members.position(), size: member.stored });
            }
            members.pass()?;
        }
        if count == 0 {
            return Err(archive("it is empty".to_owned()));
        }
        Ok(found)
    }

    fn span(&self, name: &str) -> Option<Span> {
        self.files.get(follow(&self.links, name)).copied()
    }

    fn stream(&self, span: Span) -> io::Result<io::Take<File>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(span.offset))?;
        Ok(file.take(span.size))
    }
}

impl Documents for FileArchive {
    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(span) = self.span(name) else { return Ok(None) };
        let bytes = document(name, span.size, &mut self.stream(span)?)?;
        if (bytes.len() as u64) < span.size {
            return Err(cut_short(name, io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(Some(bytes))
    }

    fn has(&self, name: &str) -> bool {
        self.span(name).is_some()
    }
}

impl Blobs for FileArchive {
    fn size(&self, name: &str) -> Option<u64> {
        self.span(name).map(|span| span.size)
    }

    fn blob(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let span = self.span(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(self.stream(span)?))
    }

    fn same<'a>(&'a self, name: &'a str) -> &'a str {
        follow(&self.links, name)
    }
}
