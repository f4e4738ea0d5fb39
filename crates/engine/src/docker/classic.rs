//! What the classic builder cannot do by itself: read an ignore file that is not the context's own. It gets a copy of the
//! context in which it is. Secrets, ssh and named contexts it does not know at all.

use std::fs;
use std::io;
use std::path::Path;

use tempfile::TempDir;

use crate::{BuildRequest, Error, build};

/// The request as the classic builder can do it; the folder must live as long as the build.
pub(super) fn adapted(request: &BuildRequest) -> Result<(BuildRequest, Option<TempDir>), Error> {
    if !(request.secrets.is_empty() && request.ssh.is_empty() && request.build_contexts.is_empty()) {
        return Err(Error::Command {
            command: "docker build".into(),
            reason:
                "without buildx it knows neither --secret nor --ssh nor --build-context; install docker's buildx plugin"
                    .into(),
        });
    }
    let Some(path) = build::ignore_file(request) else { return Ok((request.clone(), None)) };
    let copied = || -> io::Result<Option<TempDir>> {
        let wanted = fs::read(&path)?;
        if fs::read(request.context.join(".dockerignore")).is_ok_and(|own| own == wanted) {
            return Ok(None);
        }
        let copy = tempfile::Builder::new().prefix("jettison-context-").tempdir()?;
        copy_tree(&request.context, copy.path())?;
        let own = copy.path().join(".dockerignore");
        // It may be a hard link to the user's file, which writing would change.
        let _ = fs::remove_file(&own);
        fs::write(own, wanted)?;
        Ok(Some(copy))
    };
    let copy =
        copied().map_err(|source| Error::Io { what: "copying the context for the classic builder".into(), source })?;
    let mut request = request.clone();
    if let Some(copy) = &copy {
        request.context = copy.path().to_path_buf();
    }
    Ok((request, copy))
}

/// Hard links where the file system allows, else copies. Sockets and the like are left out, as the builder does.
fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    let mut pending = vec![(from.to_path_buf(), to.to_path_buf())];
    let mut folders = Vec::new();
    while let Some((from, to)) = pending.pop() {
        for entry in fs::read_dir(&from)? {
            let entry = entry?;
            let (source, target, kind) = (entry.path(), to.join(entry.file_name()), entry.file_type()?);
            if kind.is_dir() {
                fs::create_dir(&target)?;
                folders.push((target.clone(), entry.metadata()?.permissions()));
                pending.push((source, target));
            } else if kind.is_symlink() {
                link(&fs::read_link(&source)?, &target)?;
            } else if kind.is_file() && fs::hard_link(&source, &target).is_err() {
                fs::copy(&source, &target)?;
            }
        }
    }
    // Last, because a folder may not be writable.
    folders.into_iter().rev().try_for_each(|(folder, permissions)| fs::set_permissions(folder, permissions))
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn link(_to: &Path, _at: &Path) -> io::Result<()> {
    Err(io::Error::other("symbolic links need buildx here; install docker's buildx plugin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(context: &Path, ignore: &Path) -> BuildRequest {
        BuildRequest { context: context.into(), ignore_file: Some(ignore.into()), ..BuildRequest::default() }
    }

    #[test]
    #[cfg(unix)]
    fn copies_the_context_only_for_another_ignore_file() {
        let (context, aside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let own = context.path().join(".dockerignore");
        let ignore = aside.path().join("Dockerfile.dockerignore");
        fs::create_dir_all(context.path().join("a/b")).unwrap();
        fs::write(context.path().join("a/b/file"), "x").unwrap();
        link(Path::new("b/file"), &context.path().join("a/link")).unwrap();
        fs::write(&own, "old\n").unwrap();
        fs::write(&ignore, "old\n").unwrap();
        let (same, copy) = adapted(&request(context.path(), &ignore)).unwrap();
        assert!(copy.is_none() && same.context == context.path());

        fs::write(&ignore, "new\n").unwrap();
        let (other, copy) = adapted(&request(context.path(), &ignore)).unwrap();
        assert!(copy.is_some());
        assert_eq!(fs::read_to_string(other.context.join(".dockerignore")).unwrap(), "new\n");
        assert_eq!(fs::read_to_string(other.context.join("a/link")).unwrap(), "x");
        assert_eq!(fs::read_to_string(own).unwrap(), "old\n");
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let request = BuildRequest { secrets: vec!["id=x".into()], ..BuildRequest::default() };
        assert!(adapted(&request).is_err_and(|error| error.to_string().contains("buildx plugin")));
    }
}
