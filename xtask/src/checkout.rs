//! Lays a sample app out as a user would have it: its sources, fresh from a clone, and the junk a real work tree holds.
//! The testbed's own files about the app (`apps.toml`, smoke scripts) never come along.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::apps::{App, Apps, root};
use crate::junk;

/// `cargo xtask checkout APP DIR`
pub fn run(arguments: &[String]) -> Result<()> {
    let [app, folder] = arguments else { bail!("usage: cargo xtask checkout APP DIR") };
    let folder = Path::new(folder);
    if folder.exists() {
        bail!("{} exists already; name a folder that does not", folder.display());
    }
    lay_out(Apps::load()?.named(app)?, folder)
}

/// Makes `folder` and fills it.
pub fn lay_out(app: &App, folder: &Path) -> Result<()> {
    copy_tree(&root().join(&app.folder), folder)?;
    junk::add(folder, &app.junk)
}

/// Copies a folder with links as links. Every file is new, as after a clone: cargo and make compare times.
pub fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&source, &target)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&source)?, &target)?;
        } else {
            fs::copy(&source, &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}
