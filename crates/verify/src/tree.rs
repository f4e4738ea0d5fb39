//! A tree of its own for builds that must not happen in place: a copy of what the builder would receive, with modes and times
//! kept. `std::fs::copy` shares the data on file systems with reflinks. Hard links would let an edit reach the original.

use std::fs::{self, File, FileTimes};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use jettison_context::{EntryKind, Snapshot};

/// Copies what `snapshot` keeps into the new folder `to`. Sockets, pipes, devices and names that are not UTF-8 are left out.
/// Errors name the path.
pub(crate) fn copy(snapshot: &Snapshot, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(|error| at(to, error))?;
    let mut folders: Vec<(PathBuf, PathBuf, u32)> = Vec::new();
    for entry in &snapshot.kept {
        let (from, copy) = (snapshot.root.join(&entry.path), to.join(&entry.path));
        match &entry.kind {
            EntryKind::Directory => {
                fs::create_dir_all(&copy).map_err(|error| at(&from, error))?;
                folders.push((from, copy, entry.mode));
            }
            EntryKind::Symlink(target) => symlink(target, &copy).map_err(|error| at(&from, error))?,
            EntryKind::File => copy_file(&from, &copy).map_err(|error| at(&from, error))?,
            EntryKind::Special => {}
        }
    }
    // Children change a folder's time, and a folder's mode may forbid children: both come last, deepest first.
    for (from, copy, mode) in folders.iter().rev() {
        keep_times(from, copy).map_err(|error| at(from, error))?;
        fs::set_permissions(copy, fs::Permissions::from_mode(*mode)).map_err(|error| at(from, error))?;
    }
    Ok(())
}

fn copy_file(from: &Path, copy: &Path) -> Result<(), Error> {
    match fs::copy(from, copy) {
        Ok(_) => keep_times(from, copy),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn keep_times(from: &Path, copy: &Path) -> Result<(), Error> {
    let times = FileTimes::new().set_modified(from.metadata()?.modified()?);
    File::open(copy)?.set_times(times)
}

/// Replaces the contents of `file`, keeping its mode even where that forbids writing.
pub(crate) fn edit(file: &Path, contents: &[u8]) -> Result<(), Error> {
    let before = file.metadata().map_err(|error| at(file, error))?.permissions();
    fs::set_permissions(file, fs::Permissions::from_mode(before.mode() | 0o600)).map_err(|error| at(file, error))?;
    fs::write(file, contents).map_err(|error| at(file, error))?;
    fs::set_permissions(file, before).map_err(|error| at(file, error))
}

/// Removes a copy, also where its folders forbid it.
pub(crate) fn remove(folder: &Path) {
    if fs::remove_dir_all(folder).is_ok() || !folder.exists() {
        return;
    }
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let _ = fs::set_permissions(&folder, fs::Permissions::from_mode(0o700));
        let below = fs::read_dir(&folder).into_iter().flatten().flatten();
        folders
            .extend(below.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()));
    }
    let _ = fs::remove_dir_all(folder);
}

fn at(path: &Path, error: Error) -> Error {
    Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use jettison_context::walk;
    use jettison_dockerfile::ignore::{IgnoreFile, Matcher};

    use super::*;

    fn snapshot(root: &Path, ignore: &str) -> Snapshot {
        walk(root, &Matcher::new(&IgnoreFile::parse(ignore.as_bytes()))).unwrap()
    }

    #[test]
    fn copies_what_is_sent_with_modes_and_times() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(from.path().join("src")).unwrap();
        fs::write(from.path().join("src/run.sh"), "echo\n").unwrap();
        fs::write(from.path().join("skip.log"), "x").unwrap();
        symlink("/nowhere", from.path().join("link")).unwrap();
        fs::set_permissions(from.path().join("src/run.sh"), fs::Permissions::from_mode(0o555)).unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::new(1_000_000_000, 5);
        File::open(from.path().join("src")).unwrap().set_modified(old).unwrap();
        File::open(from.path().join("src/run.sh")).unwrap().set_modified(old).unwrap();

        let copied = to.path().join("copy");
        copy(&snapshot(from.path(), "*.log"), &copied).unwrap();

        let (mine, theirs) =
            (copied.join("src/run.sh").metadata().unwrap(), from.path().join("src/run.sh").metadata().unwrap());
        assert_eq!(mine.mode(), theirs.mode());
        assert_eq!(mine.modified().unwrap(), old);
        assert_eq!(copied.join("src").metadata().unwrap().modified().unwrap(), old);
        assert_ne!(mine.ino(), theirs.ino(), "a hard link would carry the edit back");
        assert_eq!(fs::read_link(copied.join("link")).unwrap(), Path::new("/nowhere"));
        assert!(!copied.join("skip.log").exists());
    }

    #[test]
    fn edits_a_read_only_file_and_keeps_it_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.py");
        fs::write(&file, "1").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        edit(&file, b"2").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"2");
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o444);
    }
}
