//! Questions about the final tree that need a walk: where a link leads, which program runs, which library is loaded.
//! Works on whatever `files` holds: folders that are not listed are taken to be there.

use crate::path::merged_usr;
use crate::{File, FileKind, ImageSummary, Package};

/// As Linux: fs/namei.c, MAXSYMLINKS.
const MAX_LINKS: usize = 40;
/// Path parts walked for one question, those of link targets among them.
const MAX_STEPS: usize = 1 << 14;
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl ImageSummary {
    /// Follows symbolic links (at most 40) in every part of `path`, as the kernel would inside the image; the path it ends
    /// at and its file.
    pub fn resolve(&self, path: &str) -> Option<(String, &File)> {
        let path = self.walk(path, true)?;
        let file = self.files.get(&path)?;
        Some((path, file))
    }

    /// As [`ImageSummary::resolve`], but a link in the last part is not followed.
    pub fn resolve_parent(&self, path: &str) -> Option<(String, &File)> {
        let path = self.walk(path, false)?;
        let file = self.files.get(&path)?;
        Some((path, file))
    }

    fn walk(&self, path: &str, follow_last: bool) -> Option<String> {
        let mut todo: Vec<&str> = path.rsplit('/').collect();
        let mut at = String::new();
        let (mut links, mut steps) = (0, 0);
        while let Some(part) = todo.pop() {
            steps += 1;
            if steps > MAX_STEPS {
                return None;
            }
            match part {
                "" | "." => continue,
                ".." => {
                    at.truncate(at.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let parent = at.len();
            at.push('/');
            at.push_str(part);
            let is_last = todo.iter().all(|part| matches!(*part, "" | "."));
            if let Some(File { kind: FileKind::Symlink(target), .. }) = self.files.get(&at)
                && (follow_last || !is_last)
            {
                links += 1;
                if links > MAX_LINKS {
                    return None;
                }
                at.truncate(if target.starts_with('/') { 0 } else { parent });
                todo.extend(target.rsplit('/'));
            }
        }
        Some(if at.is_empty() { "/".to_owned() } else { at })
    }

    /// The text of a small file that was kept (see [`ImageSummary::texts`]), symbolic links followed.
    pub fn text(&self, path: &str) -> Option<&str> {
        let path = self.walk(path, true)?;
        let text = self.texts.get(&path).or_else(|| match &self.files.get(&path)?.kind {
            FileKind::Hardlink(target) => self.texts.get(target),
            _ => None,
        });
        text.map(String::as_str)
    }

    /// Finds a program by name in the image's PATH (or as a path, relative ones from the working directory); the path it
    /// resolves to. Only files that somebody may execute.
    pub fn which(&self, program: &str) -> Option<String> {
        let runnable = |path: &str| {
            let (path, file) = self.resolve(path)?;
            is_program(file).then_some(path)
        };
        if program.is_empty() {
            return None;
        }
        if program.contains('/') {
            return runnable(&self.in_workdir(program));
        }
        let path = self.config.var("PATH").unwrap_or(DEFAULT_PATH);
        path.split(':').find_map(|folder| runnable(&self.in_workdir(&format!("{folder}/{program}"))))
    }

    fn in_workdir(&self, path: &str) -> String {
        if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", self.config.workdir) }
    }

    /// The package that owns `path`, trying merged-usr spellings.
    pub fn owner(&self, path: &str) -> Option<&Package> {
        let path = path.trim_end_matches('/');
        let usual = merged_usr(path);
        if let Some(name) = self.owners.get(usual.as_ref()).or_else(|| self.owners.get(path)) {
            return self.packages.get(name);
        }
        let owns = |file: &String| file == usual.as_ref() || file == path;
        self.packages.values().find(|package| package.files.iter().any(owns))
    }

    /// Whether `/bin/sh` is there and can be started: a program, and if it needs a loader, the loader is there.
    pub fn has_shell(&self) -> bool {
        let Some((_, shell)) = self.resolve("/bin/sh") else { return false };
        let loader = shell.elf.as_ref().and_then(|elf| elf.interpreter.as_deref());
        is_program(shell) && loader.is_none_or(|loader| self.resolve(loader).is_some())
    }

    /// Name and uid of every user in `/etc/passwd`.
    pub fn users(&self) -> Vec<(String, u32)> {
        self.named_ids("/etc/passwd")
    }

    /// Name and gid of every group in `/etc/group`.
    pub fn groups(&self) -> Vec<(String, u32)> {
        self.named_ids("/etc/group")
    }

    fn named_ids(&self, path: &str) -> Vec<(String, u32)> {
        let entry = |line: &str| {
            let mut fields = line.split(':');
            let name = fields.next().filter(|name| !name.is_empty())?;
            Some((name.to_owned(), fields.nth(1)?.trim().parse().ok()?))
        };
        self.text(path).unwrap_or_default().lines().filter_map(entry).collect()
    }

    /// Regular-file bytes of the final tree at or below `prefix`.
    pub fn bytes_below(&self, prefix: &str) -> u64 {
        let prefix = prefix.trim_end_matches('/');
        let below = |path: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let near = self.files.range(prefix.to_owned()..).take_while(|(path, _)| path.starts_with(prefix));
        let regular = near.filter(|(path, file)| below(path) && file.kind == FileKind::Regular);
        regular.map(|(_, file)| file.size).fold(0, u64::saturating_add)
    }
}

fn is_program(file: &File) -> bool {
    matches!(file.kind, FileKind::Regular | FileKind::Hardlink(_)) && file.mode & 0o111 != 0
}
