//! Where the dynamic loader finds a library inside an image. ld.so(8) for glibc; musl's ldso for the folders of its own.

use crate::path::split;
use crate::{Elf, ImageSummary};

impl ImageSummary {
    /// Where the dynamic loader would find `soname` for the ELF file at `from`: RPATH/RUNPATH with `$ORIGIN`, then
    /// LD_LIBRARY_PATH of the config, then the default folders (multiarch and those of /etc/ld.so.conf.d). The path as
    /// found, a key of [`ImageSummary::files`]: links in its folders are followed, a link in the last part is not.
    pub fn find_library(&self, from: &str, soname: &str) -> Option<String> {
        let (path, file) = self.resolve(from)?;
        let elf = file.elf.as_deref();
        let machine = elf.map_or(0, |elf| elf.machine);
        if soname.contains('/') {
            return self.library(soname, machine);
        }
        let origins = [split(&path).0, split(from).0];
        let paths = elf.map_or(&[][..], |elf| &elf.runpath);
        let run_paths = paths.iter().flat_map(|path| origins.map(|origin| expand(path, origin, machine))).flatten();
        let config = self.config.var("LD_LIBRARY_PATH").unwrap_or_default();
        let config = config.split([':', ';']).filter(|folder| !folder.is_empty()).map(str::to_owned);
        run_paths
            .chain(config)
            .chain(self.configured_folders())
            .chain(default_folders(machine))
            .find_map(|folder| self.library(&format!("{folder}/{soname}"), machine))
    }

    /// What `path` and all it needs, directly or not, resolve to; and the names that nothing was found for. The search of a
    /// library's own needs uses the library's run path, and that of `path`, as the loader does for DT_RPATH.
    pub fn libraries_of(&self, path: &str) -> (Vec<String>, Vec<String>) {
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        let Some((start, _)) = self.resolve(path) else { return (found, missing) };
        let mut todo = vec![start.clone()];
        while let Some(at) = todo.pop() {
            let Some(elf) = self.resolve(&at).and_then(|(_, file)| file.elf.as_deref()) else { continue };
            for soname in &elf.needed {
                match self.find_library(&at, soname).or_else(|| self.find_library(&start, soname)) {
                    Some(library) if found.contains(&library) => {}
                    Some(library) => {
                        todo.push(library.clone());
                        found.push(library);
                    }
                    None if missing.contains(soname) => {}
                    None => missing.push(soname.clone()),
                }
            }
        }
        (found, missing)
    }

    /// The loader passes over libraries of another machine.
    fn library(&self, path: &str, machine: u16) -> Option<String> {
        let fits = |elf: &Elf| machine == 0 || elf.machine == 0 || elf.machine == machine;
        let (_, file) = self.resolve(path)?;
        if !file.elf.as_deref().is_none_or(fits) || file.kind == crate::FileKind::Directory {
            return None;
        }
        self.resolve_parent(path).map(|(path, _)| path)
    }

    /// The folders of `/etc/ld.so.conf` and what it includes, and of musl's path file.
    fn configured_folders(&self) -> Vec<String> {
        let mut folders = Vec::new();
        let mut todo = vec!["/etc/ld.so.conf".to_owned()];
        let mut read = 0;
        while let Some(path) = todo.pop() {
            read += 1;
            let Some(text) = self.text(&path).filter(|_| read < 256) else { continue };
            for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
                match line.strip_prefix("include").filter(|rest| rest.starts_with(char::is_whitespace)) {
                    Some(patterns) => todo.extend(patterns.split_whitespace().flat_map(|glob| self.included(glob))),
                    None => folders.extend(line.split([':', ',', ' ', '\t']).map(str::to_owned)),
                }
            }
        }
        for path in ["/etc/ld-musl-x86_64.path", "/etc/ld-musl-aarch64.path"] {
            folders
                .extend(self.text(path).unwrap_or_default().split([':', '\n']).map(|folder| folder.trim().to_owned()));
        }
        folders.retain(|folder| folder.starts_with('/'));
        folders
    }

    /// The kept files that an include pattern names. Patterns are of the form `DIR/*.conf`, or relative to `/etc`; last
    /// first, because they are put on a stack.
    fn included(&self, glob: &str) -> Vec<String> {
        let glob = if glob.starts_with('/') { glob.to_owned() } else { format!("/etc/{glob}") };
        let Some((before, after)) = glob.split_once('*') else { return vec![glob] };
        let fits = |path: &str| {
            path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(|rest| !rest.contains('/'))
        };
        self.texts.keys().rev().filter(|path| fits(path)).cloned().collect()
    }
}

/// One entry of a run path with its variables replaced; `$LIB` stands for several folders.
fn expand(path: &str, origin: &str, machine: u16) -> Vec<String> {
    let path = path.replace("${ORIGIN}", origin).replace("$ORIGIN", origin).replace("${LIB}", "$LIB");
    if !path.contains("$LIB") {
        return vec![path];
    }
    let tuple = multiarch(machine).map(|tuple| format!("lib/{tuple}"));
    tuple.into_iter().chain(["lib64".to_owned(), "lib".to_owned()]).map(|lib| path.replace("$LIB", &lib)).collect()
}

/// Debian's multiarch tuple of an `e_machine`.
fn multiarch(machine: u16) -> Option<&'static str> {
    Some(match machine {
        3 => "i386-linux-gnu",
        21 => "powerpc64le-linux-gnu",
        22 => "s390x-linux-gnu",
        40 => "arm-linux-gnueabihf",
        62 => "x86_64-linux-gnu",
        183 => "aarch64-linux-gnu",
        243 => "riscv64-linux-gnu",
        _ => return None,
    })
}

/// glibc's as Debian and Fedora build it, then musl's.
fn default_folders(machine: u16) -> impl Iterator<Item = String> {
    let tuple = multiarch(machine).into_iter().flat_map(|tuple| [format!("/lib/{tuple}"), format!("/usr/lib/{tuple}")]);
    let plain = ["/lib64", "/usr/lib64", "/lib", "/usr/local/lib", "/usr/lib"].map(str::to_owned);
    tuple.chain(plain)
}
