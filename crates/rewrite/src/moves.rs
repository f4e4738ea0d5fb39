//! What the app's instructions put into the image, sorted into what moves to a runtime stage and what stays behind. Computed
//! from the built image, not from the Dockerfile's text: whatever a RUN did, its files are there to see.

use std::collections::{BTreeMap, BTreeSet};

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_facts::{Facts, Observations};
use jettison_image::{File, FileKind, ImageSummary};

/// More places than this cannot be listed in a Dockerfile that people read.
const MOST_PLACES: usize = 24;

/// A folder that the base fills too is copied whole if the base's part of it is smaller than this; bytes.
const SMALL_FOLDER: u64 = 60_000_000;

/// Folders of the file system's own layout: never moved as a whole.
pub(crate) const STANDARD: &[&str] = &[
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/include",
    "/usr/lib",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/libexec",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/etc",
    "/usr/local/games",
    "/usr/local/include",
    "/usr/local/lib",
    "/usr/local/libexec",
    "/usr/local/man",
    "/usr/local/sbin",
    "/usr/local/share",
    "/usr/local/src",
    "/usr/sbin",
    "/usr/share",
    "/usr/src",
    "/var",
    "/var/backups",
    "/var/cache",
    "/var/lib",
    "/var/local",
    "/var/log",
    "/var/mail",
    "/var/opt",
    "/var/run",
    "/var/spool",
    "/var/tmp",
    "/var/www",
];

/// Never moved: the package manager's own state, caches, logs, user database (made anew), what the engine mounts.
pub(crate) const STAYS: &str = "
var/lib/apt
var/lib/dpkg
var/lib/systemd
var/lib/pam
var/lib/ucf
var/lib/python
var/lib/polkit-1
var/lib/dbus
var/cache
var/log
var/backups
tmp
var/tmp
run
var/run
proc
sys
dev
boot
etc/ld.so.cache
etc/apt
etc/dpkg
etc/alternatives
etc/passwd*
etc/group*
etc/shadow*
etc/gshadow*
etc/subuid*
etc/subgid*
etc/.pwd.lock
etc/machine-id
etc/mtab
etc/hosts
etc/hostname
etc/resolv.conf
etc/rc*.d
etc/init.d
etc/systemd
etc/pam.d
etc/ssl/certs
etc/ca-certificates*
etc/python3*
usr/lib/python3
usr/lib/systemd
usr/lib/locale/C.utf8
usr/share/doc
usr/share/man
usr/share/info
usr/share/lintian
usr/share/applications
usr/share/mime
usr/share/icons
usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0
usr/lib/ssl
lib/apk
etc/apk
root/.bashrc
root/.profile
";

/// A folder or file that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Absolute path, the same on both sides.
    pub path: String,
    /// A folder.
    pub is_dir: bool,
    /// uid and gid of everything in it, if not all root's.
    pub owner: Option<(u32, u32)>,
    /// Owners are mixed: it must be copied with its attributes.
    pub mixed: bool,
}

/// What moves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Folders and files, dependencies first, the working folder last.
    pub roots: Vec<Root>,
    /// Symbolic links in folders that are not moved: path and target.
    pub links: Vec<(String, String)>,
    /// The app's instructions changed the user database.
    pub users_changed: bool,
}

impl Moves {
    /// Whether `path` moves.
    pub fn covers(&self, path: &str) -> bool {
        self.roots.iter().any(|root| is_below(path, &root.path)) || self.links.iter().any(|(link, _)| link == path)
    }
}

/// Whether `path` is `folder` or lies in it.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder == "/")
}

/// Sorts the app's files; an error says why they cannot be moved by name.
pub(crate) fn moves(facts: &Facts<'_>, observed: &Observations) -> Result<Moves, String> {
    let image = &observed.image;
    let moved = Sorter::new(facts, observed).moved();
    let users_changed = ["/etc/passwd", "/etc/group"]
        .iter()
        .any(|path| image.files.get(*path).is_some_and(|file| is_users_change(observed, file)));
    let mut places: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    let base_folders = base_folders(observed);
    let workdir = workdir(facts, observed);
    let mut links = Vec::new();
    for path in &moved {
        let place = place(path, &workdir, &base_folders, observed);
        match &image.files[path.as_str()].kind {
            FileKind::Symlink(target) if place == **path => links.push(((*path).clone(), target.clone())),
            _ => places.entry(place).or_default().push(path),
        }
    }
    if places.len() + links.len() > MOST_PLACES {
        let some: Vec<&str> = places.keys().take(3).map(String::as_str).collect();
        return Err(format!("the app's files lie in {} places ({}, …)", places.len() + links.len(), some.join(", ")));
    }
    let mut roots: Vec<Root> = places.iter().map(|(path, files)| root(image, path, files)).collect();
    roots.sort_by_key(|root| (root.path == workdir, root.path.clone()));
    Ok(Moves { roots, links, users_changed })
}

/// Whether /etc/passwd comes from an instruction that does more than install packages.
fn is_users_change(observed: &Observations, file: &File) -> bool {
    observed.is_app_layer(file.layer) && !is_package_layer(observed, file.layer)
}

/// The final stage's working folder, from the built image.
pub(crate) fn workdir(facts: &Facts<'_>, observed: &Observations) -> String {
    let written = facts.final_stage().and_then(|stage| stage.workdir.clone());
    let path = written.unwrap_or_else(|| observed.image.config.workdir.clone());
    if path.is_empty() { "/".to_owned() } else { path }
}

struct Sorter<'a> {
    observed: &'a Observations,
    image: &'a ImageSummary,
    stays: Matcher,
    workdir: String,
}

impl<'a> Sorter<'a> {
    fn new(facts: &Facts<'_>, observed: &'a Observations) -> Self {
        let leftovers = jettison_ecosystems::load().managers.iter().flat_map(|manager| &manager.leftovers);
        let patterns: String = leftovers.map(|path| format!("{}\n", path.trim_start_matches('/'))).collect();
        let stays = Matcher::new(&IgnoreFile::parse(format!("{STAYS}{patterns}").as_bytes()));
        Self { observed, image: &observed.image, stays, workdir: workdir(facts, observed) }
    }

    /// Paths of files, links and empty folders that the app's instructions made.
    fn moved(&self) -> Vec<&'a String> {
        let app = self.image.files.iter().filter(|(_, file)| self.observed.is_app_layer(file.layer));
        app.filter(|(path, file)| self.moves(path, file)).map(|(path, _)| path).collect()
    }

    fn moves(&self, path: &str, file: &File) -> bool {
        let in_workdir = self.workdir != "/" && is_below(path, &self.workdir);
        match &file.kind {
            FileKind::Special => return false,
            FileKind::Directory if STANDARD.contains(&path) || !is_empty_folder(self.image, path) => return false,
            FileKind::Symlink(target) if target.starts_with("/etc/alternatives/") => return false,
            _ => {}
        }
        if in_workdir {
            return true;
        }
        if self.stays.is_ignored(path.trim_start_matches('/')) || is_foreign_bytecode(self.observed, path) {
            return false;
        }
        match self.image.owner(path) {
            Some(package) => self.changed_after_install(&package.name, file),
            None => !is_package_layer(self.observed, file.layer),
        }
    }

    /// Whether a package's file was written by another layer than the one that installed the package.
    fn changed_after_install(&self, package: &str, file: &File) -> bool {
        if file.kind == FileKind::Directory {
            return false;
        }
        let stem = format!("/var/lib/dpkg/info/{package}");
        let mut lists = self.image.files.range(stem.clone()..).take_while(|(path, _)| path.starts_with(&stem));
        // `package.list`, or `package:arch.list` for multi-arch packages
        let list = lists
            .find(|(path, _)| path.ends_with(".list") && matches!(path.as_bytes().get(stem.len()), Some(b'.' | b':')));
        list.is_some_and(|(_, list)| list.layer != file.layer)
    }
}

fn is_empty_folder(image: &ImageSummary, path: &str) -> bool {
    let inside = format!("{path}/");
    image.files.range(inside.clone()..).next().is_none_or(|(next, _)| !next.starts_with(&inside))
}

/// Bytecode in a folder whose sources are the base's: made by running the interpreter, made again at any time.
fn is_foreign_bytecode(observed: &Observations, path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once("/__pycache__/") else { return path.ends_with("/__pycache__") };
    let module = name.split('.').next().unwrap_or(name);
    observed.image.files.get(&format!("{folder}/{module}.py")).is_none_or(|source| !observed.is_app_layer(source.layer))
}

/// Whether the layer's instruction only installs operating-system packages.
pub(crate) fn is_package_layer(observed: &Observations, layer: usize) -> bool {
    let Some(layer) = observed.image.layers.get(layer) else { return false };
    let text = layer.created_by.as_str();
    let script = text.split_once("-c ").map_or(text, |(_, script)| script).trim_end_matches("# buildkit").trim();
    let installs = ["apt-get install", "apt install", "apt-get -y install", "apt-get update", "apk add"]
        .iter()
        .any(|word| script.contains(word));
    let only = script.split("&&").flat_map(|part| part.split(';')).all(|part| {
        let mut words = part.split_whitespace().filter(|word| !word.contains('='));
        matches!(words.next(), None | Some("apt-get" | "apt" | "apk" | "rm" | "set" | "DEBIAN_FRONTEND=noninteractive"))
    });
    installs && only
}

/// Every folder that holds something of the base.
fn base_folders(observed: &Observations) -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    for (path, file) in observed.image.files.iter().filter(|(_, file)| !observed.is_app_layer(file.layer)) {
        if file.kind == FileKind::Directory {
            folders.insert(path.clone());
        }
        let mut rest = path.as_str();
        while let Some((parent, _)) = rest.rsplit_once('/') {
            if parent.is_empty() || !folders.insert(parent.to_owned()) {
                break;
            }
            rest = parent;
        }
    }
    folders
}

/// The folder (or the path itself) by which `path` is moved.
fn place(path: &str, workdir: &str, base_folders: &BTreeSet<String>, observed: &Observations) -> String {
    if workdir != "/" && is_below(path, workdir) {
        return workdir.to_owned();
    }
    if let Some(shared) = shared_folder(path)
        && base_bytes_below(observed, shared) < SMALL_FOLDER
    {
        return shared.to_owned();
    }
    let mut end = 0;
    while let Some(at) = path[end + 1..].find('/') {
        end += at + 1;
        let folder = &path[..end];
        let own =
            !STANDARD.contains(&folder) && !base_folders.contains(folder) && observed.image.owner(folder).is_none();
        if own {
            return folder.to_owned();
        }
    }
    path.to_owned()
}

/// Folders that installers of languages fill beside what the base has there: `site-packages`, `node_modules`, programs.
fn shared_folder(path: &str) -> Option<&str> {
    for folder in ["site-packages", "dist-packages", "node_modules"] {
        let marker = format!("/{folder}/");
        if let Some(at) = path.find(&marker).filter(|_| path.starts_with("/usr/local/lib/")) {
            return Some(&path[..at + marker.len() - 1]);
        }
    }
    ["/usr/local/bin", "/usr/local/sbin", "/usr/local/bundle"].into_iter().find(|folder| is_below(path, folder))
}

/// Bytes that the base has in `folder`.
fn base_bytes_below(observed: &Observations, folder: &str) -> u64 {
    let inside = format!("{folder}/");
    let files = observed.image.files.range(inside.clone()..).take_while(|(path, _)| path.starts_with(&inside));
    files
        .filter(|(_, file)| !observed.is_app_layer(file.layer) && file.kind == FileKind::Regular)
        .map(|(_, file)| file.size)
        .sum()
}

fn root(image: &ImageSummary, path: &str, files: &[&String]) -> Root {
    let owners: BTreeSet<(u32, u32)> =
        files.iter().map(|file| &image.files[file.as_str()]).map(|file| (file.uid, file.gid)).collect();
    let owner = owners.first().copied().filter(|owner| *owner != (0, 0));
    let is_dir = image.files.get(path).is_none_or(|file| file.kind == FileKind::Directory);
    Root { path: path.to_owned(), is_dir, owner: owner.filter(|_| owners.len() == 1), mixed: owners.len() > 1 }
}
