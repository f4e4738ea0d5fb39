//! The sidecar's image: this program on an empty root file system, with the libraries it needs if it was linked dynamically.
//! Imported once per run; the engine needs neither a registry nor a builder for it.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use jettison_engine::{Engine, RunId};
use jettison_image::{Elf, read_elf};

use super::Error;

const PROGRAM: &str = "/jettison";

/// Where ld.so looks on the systems we know, beside what the file itself says.
const LIBRARY_FOLDERS: [&str; 12] = [
    "/lib64",
    "/usr/lib64",
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/lib/arm-linux-gnueabihf",
    "/lib/riscv64-linux-gnu",
    "/lib",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/local/lib64",
];

/// Makes the sidecar's image from the program `exe` and gives its tag. Made once a run; asked again it is only looked up.
pub fn make_sidecar(engine: &dyn Engine, run: &RunId, exe: &Path) -> Result<String, Error> {
    let tag = run.image("probe");
    if engine.image_id(&tag)?.is_some() {
        return Ok(tag);
    }
    let program = read(exe)?;
    let elf = read_elf(&program).ok_or_else(|| cannot(format!("{} is no Linux program", exe.display())))?;
    fits(&engine.info().platform, elf.machine)?;
    let mut files = libraries(&elf)?;
    files.insert(PathBuf::from(PROGRAM), program);
    let rootfs = archive(&files).map_err(|error| cannot(error.to_string()))?;
    engine.import(run, &tag, &mut rootfs.as_slice(), &[PROGRAM, "probe"])?;
    Ok(tag)
}

fn cannot(reason: String) -> Error {
    Error::NoSidecar { reason }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| cannot(format!("{}: {error}", path.display())))
}

/// The engine's machine must be able to run this program. `e_machine` values: System V ABI, chapter 4.
fn fits(platform: &str, machine: u16) -> Result<(), Error> {
    let own = match machine {
        3 => "linux/386",
        40 => "linux/arm",
        62 => "linux/amd64",
        183 => "linux/arm64",
        243 => "linux/riscv64",
        _ => "another machine",
    };
    if platform.is_empty() || platform == own || platform.starts_with(&format!("{own}/")) {
        return Ok(());
    }
    Err(cannot(format!("the engine runs {platform} and this program is for {own}")))
}

/// The interpreter and all libraries that a program needs, by the paths they are found at on this machine.
fn libraries(program: &Elf) -> Result<BTreeMap<PathBuf, Vec<u8>>, Error> {
    let mut files = BTreeMap::new();
    let Some(interpreter) = &program.interpreter else { return Ok(files) };
    let interpreter = PathBuf::from(interpreter);
    files.insert(interpreter.clone(), read(&interpreter)?);
    let mut wanted: VecDeque<(String, Vec<String>)> =
        program.needed.iter().map(|name| (name.clone(), program.runpath.clone())).collect();
    while let Some((name, runpath)) = wanted.pop_front() {
        if files.keys().any(|path| path.file_name().is_some_and(|file| file == name.as_str())) {
            continue;
        }
        let path = find(&name, &runpath).ok_or_else(|| cannot(format!("its library {name} is not found")))?;
        let content = read(&path)?;
        let elf = read_elf(&content).unwrap_or_default();
        wanted.extend(elf.needed.iter().map(|name| (name.clone(), elf.runpath.clone())));
        files.insert(path, content);
    }
    Ok(files)
}

fn find(name: &str, runpath: &[String]) -> Option<PathBuf> {
    let own = runpath.iter().map(String::as_str).filter(|folder| folder.starts_with('/'));
    own.chain(LIBRARY_FOLDERS).map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())
}

/// A tar of the files with their folders, owned by root, without times.
fn archive(files: &BTreeMap<PathBuf, Vec<u8>>) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    let folders: std::collections::BTreeSet<&Path> =
        files.keys().flat_map(|path| path.ancestors().skip(1)).filter(|path| path.parent().is_some()).collect();
    for folder in folders {
        append(&mut tar, folder, tar::EntryType::Directory, &[])?;
    }
    for (path, content) in files {
        append(&mut tar, path, tar::EntryType::Regular, content)?;
    }
    tar.into_inner()
}

fn append(tar: &mut tar::Builder<Vec<u8>>, path: &Path, kind: tar::EntryType, content: &[u8]) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(0o755);
    header.set_size(content.len() as u64);
    tar.append_data(&mut header, path.strip_prefix("/").unwrap_or(path), content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_holds_files_and_their_folders_once() {
        let paths = ["/jettison", "/lib/a/x.so", "/lib/a/y.so"];
        let files = paths.map(|path| (PathBuf::from(path), path.as_bytes().to_vec()));
        let bytes = archive(&BTreeMap::from(files)).unwrap();
        let mut tar = tar::Archive::new(bytes.as_slice());
        let names = tar.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string());
        let names: Vec<String> = names.map(|name| name.trim_end_matches('/').to_owned()).collect();
        assert_eq!(names, ["lib", "lib/a", "jettison", "lib/a/x.so", "lib/a/y.so"]);
    }

    #[test]
    fn a_program_for_another_machine_is_refused_by_name() {
        assert!(fits("linux/amd64", 62).is_ok());
        assert!(fits("linux/arm/v7", 40).is_ok());
        let error = fits("linux/arm64", 62).unwrap_err().to_string();
        assert!(error.contains("linux/arm64") && error.contains("linux/amd64"), "{error}");
    }
}
