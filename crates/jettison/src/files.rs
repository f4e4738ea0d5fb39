//! Changing the user's files: each atomically, keeping its mode; two of them through a journal, so that an interrupted pair is
//! finished by the next run and `--undo` can restore what was there.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use jettison_report::Content;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::input::reason;
use crate::output::shown;

/// One file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub path: PathBuf,
    /// What is there now; none if nothing is.
    pub before: Option<Vec<u8>>,
    /// What will be there; none to remove it.
    pub after: Option<Vec<u8>>,
}

/// Hexadecimal sha256.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The journal of one Dockerfile: what the last `--write` replaced.
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// For the Dockerfile at `path`, under the state folder.
    pub fn of(state: &Path, dockerfile: &Path) -> Self {
        let whole = dockerfile.canonicalize().unwrap_or_else(|_| dockerfile.to_owned());
        let name = sha256(whole.to_string_lossy().as_bytes());
        Self { path: state.join("undo").join(format!("{}.json", &name[..32])) }
    }

    /// Finishes a pair of files of which an interrupted run wrote only a part; the paths written.
    pub fn finish(&self) -> Result<Vec<PathBuf>, Failure> {
        let Some((changes, pending)) = self.read()? else { return Ok(Vec::new()) };
        if !pending {
            return Ok(Vec::new());
        }
        let mut written = Vec::new();
        for change in &changes {
            let now = fs::read(&change.path).ok();
            if now == change.before && now != change.after {
                put(change)?;
                written.push(change.path.clone());
            } else if now != change.after {
                // the user has been there since: it is theirs
                break;
            }
        }
        self.write(&changes, false)?;
        Ok(written)
    }

    /// Writes all changes, the first one first.
    pub fn apply(&self, changes: &[Change]) -> Result<(), Failure> {
        for change in changes {
            if fs::read(&change.path).ok() != change.before {
                return Err(Failure::new(format!(
                    "{} changed while it was worked on; nothing was written",
                    shown(&change.path)
                )));
            }
        }
        self.write(changes, true)?;
        for change in changes {
            put(change)?;
        }
        self.write(changes, false)
    }

    /// Restores what the last write replaced; the paths restored.
    pub fn undo(&self) -> Result<Vec<PathBuf>, Failure> {
        let Some((changes, _)) = self.read()? else {
            return Err(Failure::new("there is nothing to undo: no --write of this Dockerfile is on record"));
        };
        for change in &changes {
            let now = fs::read(&change.path).ok();
            if now != change.after && now != change.before {
                return Err(Failure::new(format!(
                    "{} was changed after --write, so it is left alone",
                    shown(&change.path)
                ))
                .next("restore it from version control, or by hand"));
            }
        }
        let mut restored = Vec::new();
        for change in &changes {
            put(&Change { path: change.path.clone(), before: change.after.clone(), after: change.before.clone() })?;
            restored.push(change.path.clone());
        }
        fs::remove_file(&self.path).map_err(|error| failed(&self.path, &error))?;
        Ok(restored)
    }

    fn read(&self) -> Result<Option<(Vec<Change>, bool)>, Failure> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&self.path, &error)),
        };
        let broken = || {
            Failure::new(format!("{} is no journal of jettison", shown(&self.path)))
                .next(format!("rm {}", shown(&self.path)))
        };
        let document: Value = serde_json::from_slice(&bytes).map_err(|_| broken())?;
        let changes = document["files"]
            .as_array()
            .ok_or_else(broken)?
            .iter()
            .map(change_of)
            .collect::<Option<Vec<_>>>()
            .ok_or_else(broken)?;
        Ok(Some((changes, document["pending"] == json!(true))))
    }

    fn write(&self, changes: &[Change], pending: bool) -> Result<(), Failure> {
        let files: Vec<Value> = changes.iter().map(|change| json!({"path": change.path, "before": content(&change.before), "after": content(&change.after)})).collect();
        let document = json!({"pending": pending, "files": files}).to_string();
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        put(&Change { path: self.path.clone(), before: None, after: Some(document.into_bytes()) })
    }
}

fn content(bytes: &Option<Vec<u8>>) -> Value {
    bytes.as_ref().map_or(Value::Null, |bytes| serde_json::to_value(Content::of(bytes)).unwrap_or(Value::Null))
}

fn change_of(value: &Value) -> Option<Change> {
    let bytes = |value: &Value| match value {
        Value::Null => Some(None),
        other => serde_json::from_value::<Content>(other.clone()).ok()?.bytes().map(Some),
    };
    Some(Change {
        path: PathBuf::from(value["path"].as_str()?),
        before: bytes(&value["before"])?,
        after: bytes(&value["after"])?,
    })
}

/// Replaces a file in one step, keeping its mode; a link is written through, not replaced.
pub fn put(change: &Change) -> Result<(), Failure> {
    let path = change.path.canonicalize().unwrap_or_else(|_| change.path.clone());
    let Some(bytes) = &change.after else {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(&path, &error)),
            _ => Ok(()),
        };
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".jettison-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        let permissions = match fs::metadata(&path) {
            Ok(metadata) => metadata.permissions(),
            Err(_) => std::os::unix::fs::PermissionsExt::from_mode(0o644),
        };
        file.as_file().set_permissions(permissions)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| failed(&path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {}", shown(path), reason(error)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn change(path: &Path, before: Option<&str>, after: Option<&str>) -> Change {
        Change { path: path.to_owned(), before: before.map(Into::into), after: after.map(Into::into) }
    }

    #[test]
    fn writes_two_files_and_takes_both_back() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("Dockerfile"), folder.path().join(".dockerignore"));
        fs::write(&a, "FROM a\n").unwrap();
        fs::set_permissions(&a, fs::Permissions::from_mode(0o640)).unwrap();
        let journal = Journal::of(&folder.path().join("state"), &a);
        journal.apply(&[change(&a, Some("FROM a\n"), Some("FROM b\n")), change(&b, None, Some(".git\n"))]).unwrap();
        assert_eq!(
            (fs::read_to_string(&a).unwrap(), fs::read_to_string(&b).unwrap()),
            ("FROM b\n".into(), ".git\n".into())
        );
        assert_eq!(fs::metadata(&a).unwrap().permissions().mode() & 0o777, 0o640);
        journal.undo().unwrap();
        assert_eq!(fs::read_to_string(&a).unwrap(), "FROM a\n");
        assert!(!b.exists());
        assert!(journal.undo().is_err(), "what is undone cannot be undone again");
    }

    #[test]
    fn an_interrupted_pair_is_finished_by_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("Dockerfile"), folder.path().join(".dockerignore"));
        fs::write(&a, "new").unwrap();
        let journal = Journal::of(&folder.path().join("state"), &a);
        journal.write(&[change(&a, Some("old"), Some("new")), change(&b, None, Some("b"))], true).unwrap();
        assert_eq!(journal.finish().unwrap(), std::slice::from_ref(&b));
        assert_eq!(fs::read_to_string(&b).unwrap(), "b");
        assert!(journal.finish().unwrap().is_empty());
    }

    #[test]
    fn what_the_user_changed_since_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let a = folder.path().join("Dockerfile");
        fs::write(&a, "old").unwrap();
        let journal = Journal::of(&folder.path().join("state"), &a);
        journal.apply(&[change(&a, Some("old"), Some("new"))]).unwrap();
        fs::write(&a, "mine").unwrap();
        assert!(journal.undo().is_err());
        assert_eq!(fs::read_to_string(&a).unwrap(), "mine");
        assert!(
            journal.apply(&[change(&a, Some("old"), Some("new"))]).is_err(),
            "a file that changed meanwhile is not written"
        );
    }
}
