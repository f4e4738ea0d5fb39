//! Writes one file of an image to disk: where it was asked to, in one step, over nothing that was not agreed to be replaced.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Why it was not written.
#[derive(Debug)]
pub enum Refused {
    /// There is something of that name: what it is.
    There(String),
    /// Anything else, in words.
    Failed(String),
}

/// Writes what `fill` puts out to `to`. What is there is replaced only with `replace`, and only if it is a file or a link (the
/// link itself, not what it leads to). The mode is that of a new file, executable if the file in the image is.
pub fn write(
    to: &Path,
    replace: bool,
    is_program: bool,
    fill: &mut dyn FnMut(&mut dyn Write) -> Result<(), String>,
) -> Result<(), Refused> {
    let what = there(to);
    if let Some(what) = what.as_ref().filter(|what| !replace || **what == FOLDER) {
        return Err(match *what {
            FOLDER => Refused::Failed(format!("{} is a folder; end it with / to write into it", shown(to))),
            what => Refused::There(what.to_owned()),
        });
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: io::Error| Refused::Failed(format!("{}: {}", shown(to), crate::input::reason(&error)));
    let mut file = tempfile::Builder::new().prefix(".jettison-").tempfile_in(folder).map_err(failed)?;
    fill(&mut file).map_err(Refused::Failed)?;
    file.flush().map_err(failed)?;
    let mode = if is_program { 0o755 } else { 0o644 };
    file.as_file().set_permissions(fs::Permissions::from_mode(mode)).map_err(failed)?;
    let kept = if replace { file.persist(to).map(drop) } else { file.persist_noclobber(to).map(drop) };
    kept.map_err(|error| match error.error.kind() {
        // somebody was quicker
        io::ErrorKind::AlreadyExists => Refused::There(there(to).unwrap_or("a file").to_owned()),
        _ => failed(error.error),
    })
}

const FOLDER: &str = "a folder";

/// What is there, links not followed.
fn there(path: &Path) -> Option<&'static str> {
    let kind = fs::symlink_metadata(path).ok()?.file_type();
    Some(match () {
        () if kind.is_dir() => FOLDER,
        () if kind.is_symlink() => "a link",
        () if kind.is_file() => "a file",
        () => "a device or pipe",
    })
}

fn shown(path: &Path) -> String {
    super::text::plain(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(to: &Path, replace: bool, text: &str) -> Result<(), Refused> {
        write(to, replace, false, &mut |out| out.write_all(text.as_bytes()).map_err(|error| error.to_string()))
    }

    #[test]
    fn what_is_there_is_replaced_only_if_that_was_agreed_to() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("a");
        written(&to, false, "one").unwrap();
        assert!(matches!(written(&to, false, "two"), Err(Refused::There(what)) if what == "a file"));
        assert_eq!(fs::read_to_string(&to).unwrap(), "one");
        written(&to, true, "two").unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
    }

    #[test]
    fn a_link_is_replaced_and_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (to, other) = (folder.path().join("link"), folder.path().join("other"));
        fs::write(&other, "mine").unwrap();
        std::os::unix::fs::symlink(&other, &to).unwrap();
        assert!(matches!(written(&to, false, "x"), Err(Refused::There(what)) if what == "a link"));
        written(&to, true, "x").unwrap();
        assert_eq!(
            (fs::read_to_string(&other).unwrap(), fs::read_to_string(&to).unwrap()),
            ("mine".into(), "x".into())
        );
    }

    #[test]
    fn folders_stay_and_failures_leave_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(written(folder.path(), true, "x"), Err(Refused::Failed(_))));
        let to = folder.path().join("a");
        let failed = write(&to, false, true, &mut |_| Err("no".to_owned()));
        assert!(matches!(failed, Err(Refused::Failed(reason)) if reason == "no"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(matches!(written(&folder.path().join("no/such"), false, "x"), Err(Refused::Failed(_))));
    }
}
