//! Contexts on disk and what the builder would receive of them.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use jettison_context::{Entry, EntryKind, Snapshot, walk};
use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use tempfile::TempDir;

/// A context with these files, each with its own path as content.
fn context(files: &[&str]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for file in files {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    root
}

fn snapshot(root: &Path, ignore: &str) -> Snapshot {
    walk(root, &Matcher::new(&IgnoreFile::parse(ignore.as_bytes()))).unwrap()
}

fn paths(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.path.as_str()).collect()
}

#[test]
fn keeps_everything_without_an_ignore_file() {
    let root = context(&["Dockerfile", "src/app.py", "src/z/deep.py"]);
    fs::create_dir(root.path().join("empty")).unwrap();
    let seen = snapshot(root.path(), "");
    assert_eq!(paths(&seen.kept), ["Dockerfile", "empty", "src", "src/app.py", "src/z", "src/z/deep.py"]);
    assert!(seen.ignored.is_empty());
    assert_eq!(seen.kept_files(), 3);
    assert_eq!(seen.kept_bytes(), 10 + 10 + 13);
}

#[test]
fn an_ignored_folder_is_one_entry_with_all_its_bytes() {
    let root = context(&["app.py", ".git/config", ".git/objects/ab/cd"]);
    let seen = snapshot(root.path(), ".git\n");
    assert_eq!(paths(&seen.kept), ["app.py"]);
    assert_eq!(paths(&seen.ignored), [".git"]);
    assert_eq!(seen.ignored[0].size, (".git/config".len() + ".git/objects/ab/cd".len()) as u64);
    assert_eq!(seen.ignored[0].kind, EntryKind::Directory);
}

#[test]
fn folders_above_what_is_taken_back_are_kept() {
    let root = context(&["a.txt", "docs/x.md", "docs/keep/README.md", "docs/other/y.md"]);
    let seen = snapshot(root.path(), "docs\n!docs/keep/README.md\n");
    assert_eq!(paths(&seen.kept), ["a.txt", "docs", "docs/keep", "docs/keep/README.md"]);
    assert_eq!(paths(&seen.ignored), ["docs/other", "docs/x.md"]);
    assert_eq!(seen.ignored[0].size, "docs/other/y.md".len() as u64);
}

#[test]
fn a_folder_searched_in_vain_for_something_taken_back_is_one_entry() {
    let root = context(&["logs/a.log", "logs/old/b.log"]);
    let seen = snapshot(root.path(), "logs\n!logs/**/keep.me\n");
    assert!(seen.kept.is_empty());
    assert_eq!(paths(&seen.ignored), ["logs"]);
    assert_eq!(seen.ignored[0].size, ("logs/a.log".len() + "logs/old/b.log".len()) as u64);
}

#[test]
fn allow_lists_keep_only_what_they_name() {
    let root = context(&["Dockerfile", "app/main.py", "app/data/big.bin", "secrets/key.pem"]);
    let seen = snapshot(root.path(), "*\n!app\napp/data\n");
    assert_eq!(paths(&seen.kept), ["app", "app/main.py"]);
    assert_eq!(paths(&seen.ignored), ["Dockerfile", "app/data", "secrets"]);
}

#[test]
fn links_are_sent_as_links_and_never_followed() {
    let outside = context(&["secret.txt"]);
    let root = context(&["src/app.py"]);
    symlink(outside.path(), root.path().join("outside")).unwrap();
    symlink("..", root.path().join("src/up")).unwrap();
    symlink("nowhere", root.path().join("dangling")).unwrap();
    let seen = snapshot(root.path(), "");
    assert_eq!(paths(&seen.kept), ["dangling", "outside", "src", "src/app.py", "src/up"]);
    assert_eq!(seen.kept[0].kind, EntryKind::Symlink("nowhere".to_owned()));
    assert_eq!(seen.kept[4].kind, EntryKind::Symlink("..".to_owned()));
    assert_eq!((seen.kept_files(), seen.kept_bytes()), (1, "src/app.py".len() as u64));
}

#[test]
fn sockets_are_left_out() {
    let root = context(&["app.py"]);
    let _socket = std::os::unix::net::UnixListener::bind(root.path().join("app.sock")).unwrap();
    let seen = snapshot(root.path(), "");
    assert_eq!(paths(&seen.kept), ["app.py"]);
    assert_eq!(paths(&seen.ignored), ["app.sock"]);
    assert_eq!(seen.ignored[0].kind, EntryKind::Special);
}

#[test]
fn names_that_are_no_text_are_kept_in_a_lossy_spelling() {
    let root = context(&[]);
    fs::write(root.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9")), "x").unwrap();
    assert_eq!(paths(&snapshot(root.path(), "").kept), ["caf\u{fffd}"]);
}

#[test]
fn very_deep_trees_neither_recurse_nor_fail() {
    let root = context(&[]);
    let deep = "d/".repeat(500);
    let name = deep.trim_end_matches('/');
    fs::create_dir_all(root.path().join(name)).unwrap();
    assert_eq!(snapshot(root.path(), "").kept.len(), 500);
    assert_eq!(paths(&snapshot(root.path(), "d").ignored), ["d"]);
}

#[test]
fn folders_that_cannot_be_read_are_on_record() {
    let root = context(&["locked/a.txt", "open.txt"]);
    let locked = root.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let all_readable = fs::read_dir(&locked).is_ok();
    let (kept, ignored) = (snapshot(root.path(), ""), snapshot(root.path(), "locked"));
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    if all_readable {
        println!("skipped: this user may read everything (root)");
        return;
    }
    assert_eq!(kept.unreadable, [("locked".to_owned(), "permission denied".to_owned())]);
    assert_eq!(kept.unreadable_kept().count(), 1);
    assert_eq!(ignored.unreadable.len(), 1);
    assert_eq!(ignored.unreadable_kept().count(), 0, "the builder does not look into an ignored folder");
}

#[test]
fn a_missing_root_is_an_error_that_names_it() {
    let root = context(&["file"]);
    for missing in ["nothing", "file"] {
        let error = walk(&root.path().join(missing), &Matcher::default()).unwrap_err();
        assert!(error.to_string().contains(missing), "{error}");
    }
}

#[test]
fn sizes_add_up_along_folders_biggest_first() {
    let root = context(&["a", "src/bb", "src/deep/ccccc", "tiny/d"]);
    let sizes = snapshot(root.path(), "").sizes_by_directory();
    let expected = [("", 27), ("src", 20), ("src/deep", 14), ("tiny", 6)];
    assert_eq!(sizes, expected.map(|(path, bytes)| (path.to_owned(), bytes)));
}

#[test]
fn the_fingerprint_sees_contents_modes_names_and_ignored_files() {
    let root = context(&["app.py", ".git/config"]);
    let print = || snapshot(root.path(), ".git").fingerprint().unwrap();
    let before = print();
    assert_eq!(before, print());

    fs::write(root.path().join(".git/config"), "changed").unwrap();
    let content = print();
    fs::set_permissions(root.path().join("app.py"), fs::Permissions::from_mode(0o700)).unwrap();
    let mode = print();
    fs::rename(root.path().join("app.py"), root.path().join("app2.py")).unwrap();
    let name = print();
    symlink("app2.py", root.path().join("link")).unwrap();
    let all = [before, content, mode, name, print()];
    for (index, digest) in all.iter().enumerate() {
        assert!(!all[..index].contains(digest), "change {index} is not seen");
    }
}

#[test]
fn the_fingerprint_of_what_is_kept_takes_any_name_and_no_ignored_file() {
    let root = context(&["app.py", "proof.json", "logs/a.log"]);
    let odd = root.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    fs::write(&odd, "x").unwrap();
    let print = || snapshot(root.path(), "logs").fingerprint_kept(&["proof.json".to_owned()]).unwrap();
    let before = print();
    fs::write(root.path().join("logs/a.log"), "changed").unwrap();
    fs::write(root.path().join("proof.json"), "changed").unwrap();
    assert_eq!(print(), before);
    fs::write(&odd, "longer").unwrap();
    let renamed = print();
    assert_ne!(renamed, before);
    fs::write(root.path().join("app.py"), "changed").unwrap();
    assert_ne!(print(), renamed);
}
