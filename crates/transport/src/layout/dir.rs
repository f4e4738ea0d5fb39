//! An OCI image layout that lies on disk as a folder. OCI image-spec, image-layout.md.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jettison_image::Error;

use super::Documents;
use crate::blobs::{Blobs, document};

/// The folder.
pub(crate) struct LayoutDir {
    path: PathBuf,
}

impl LayoutDir {
    /// Whatever is in the folder shows when it is asked for.
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Names are ours or made from digests; a blob is a regular file (a pipe would be waited for), whatever links lead there.
    fn file(&self, name: &str) -> Option<(PathBuf, u64)> {
        let is_inside = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        let path = self.path.join(name);
        let metadata = path.metadata().ok().filter(|metadata| is_inside && metadata.is_file())?;
        Some((path, metadata.len()))
    }
}

impl Documents for LayoutDir {
    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some((path, size)) = self.file(name) else { return Ok(None) };
        document(name, size, &mut File::open(path)?).map(Some)
    }

    fn has(&self, name: &str) -> bool {
        self.file(name).is_some()
    }
}

impl Blobs for LayoutDir {
    fn size(&self, name: &str) -> Option<u64> {
        self.file(name).map(|(_, size)| size)
    }

    fn blob(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let (path, _) = self.file(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(File::open(path)?))
    }
}
