//! One digest over everything below a folder, kept or ignored, to show that a run changed nothing. Access and modification
//! times are left out: only what a build could see counts.

use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use jettison_model::Digest;
use sha2::{Digest as _, Sha256};

use crate::Entry;

/// Hashes paths (in byte order), kinds, permission bits, link targets and contents below `root`, contents as a stream.
/// Errors name the path that could not be read.
pub(crate) fn fingerprint(root: &Path) -> Result<Digest, Error> {
    let mut hasher = Sha256::new();
    for path in paths_below(root)? {
        hash_entry(&mut hasher, root, &path).map_err(|error| at(&path, error))?;
    }
    Ok(Digest::sha256(&hasher.finalize()))
}

/// The same over `entries`, relative to `root`, in the order given. Where a name is not UTF-8 the entry only knows a lossy
/// spelling, under which nothing is found; that spelling and the size stand for the file.
pub(crate) fn fingerprint_of<'e>(root: &Path, entries: impl Iterator<Item = &'e Entry>) -> Result<Digest, Error> {
    let mut hasher = Sha256::new();
    for entry in entries {
        let path = root.join(&entry.path);
        match hash_entry(&mut hasher, root, &path) {
            Err(error) if error.kind() == ErrorKind::NotFound && entry.path.contains(char::REPLACEMENT_CHARACTER) => {
                field(&mut hasher, entry.path.as_bytes());
                hasher.update(entry.size.to_le_bytes());
            }
            result => result.map_err(|error| at(&path, error))?,
        }
    }
    Ok(Digest::sha256(&hasher.finalize()))
}

/// Every path below `root`, links not followed, in one order.
fn paths_below(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| at(&folder, error))? {
            let entry = entry.map_err(|error| at(&folder, error))?;
            if entry.file_type().map_err(|error| at(&folder, error))?.is_dir() {
                folders.push(entry.path());
            }
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn hash_entry(hasher: &mut Sha256, root: &Path, path: &Path) -> Result<(), Error> {
    let metadata = path.symlink_metadata()?;
    let kind = metadata.file_type();
    field(hasher, path.strip_prefix(root).unwrap_or(path).as_os_str().as_bytes());
    hasher.update(metadata.permissions().mode().to_le_bytes());
    if kind.is_symlink() {
        field(hasher, path.read_link()?.as_os_str().as_bytes());
    } else if kind.is_file() {
        hasher.update(contents(path)?);
    }
    Ok(())
}

/// The file's own digest, so that no boundary between two files can move unseen.
fn contents(path: &Path) -> Result<[u8; 32], Error> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().into()),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// Hashes the length before the bytes.
fn field(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

fn at(path: &Path, error: Error) -> Error {
    Error::new(error.kind(), format!("{}: {error}", path.display()))
}
