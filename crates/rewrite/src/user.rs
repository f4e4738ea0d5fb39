//! Root → a user of its own, who may write where the app wrote: the working folder, what was observed, volumes, and folders that
//! were made empty.

use std::collections::BTreeSet;

use jettison_dockerfile::{Instruction, Keyword};
use jettison_facts::{Facts, Observations, SegmentKind, StageFacts};
use jettison_image::{File, FileKind};
use jettison_model::Edit;

use crate::lines::Lines;
use crate::moves::{self, is_below};
use crate::{Change, Decision, nothing, refuse};

/// Uid and gid of the user that is made: above the range of system users and of most people.
const UID: u32 = 10001;

/// Programs that start as root on purpose.
const NEED_ROOT: &[&str] = &[
    "gosu",
    "su-exec",
    "su",
    "sudo",
    "runuser",
    "setpriv",
    "cron",
    "crond",
    "sshd",
    "supervisord",
    "s6-svscan",
    "systemd",
    "chown",
    "useradd",
    "mount",
    "iptables",
];

/// Folders where a single file is made writable, never the folder.
const SHARED: &[&str] = &[
    "/",
    "/run",
    "/var/run",
    "/var/log",
    "/var/lib",
    "/var",
    "/etc",
    "/usr",
    "/usr/local",
    "/opt",
    "/srv",
    "/home",
    "/var/cache",
    "/var/spool",
    "/usr/share",
];

/// Folders whose empty ones belong to the system, not to the app.
const NOT_FOR_APPS: &[&str] = &[
    "/var/cache",
    "/var/lib/apt",
    "/var/lib/dpkg",
    "/var/log/apt",
    "/tmp",
    "/var/tmp",
    "/run",
    "/usr",
    "/etc",
    "/root",
    "/dev",
    "/proc",
    "/sys",
    "/lib",
    "/lib64",
    "/bin",
    "/sbin",
    "/mnt",
    "/media",
    "/boot",
];

/// A non-root user in the final stage.
pub fn non_root(facts: &Facts<'_>) -> Decision {
    let Some(stage) = facts.final_stage() else { nothing!("there is no stage to build") };
    if let Some(user) = stage.user.as_deref().filter(|user| !is_root(user)) {
        nothing!("the image runs as `{user}` already");
    }
    if sets_user(facts, stage) {
        refuse!("the file says USER root on purpose");
    }
    let Some(observed) = facts.world.observed() else {
        refuse!("where the program writes is seen when it runs, and nothing was run")
    };
    if !is_root(&observed.image.config.user) {
        nothing!("the image runs as `{}` already", observed.image.config.user);
    }
    if let Some(reason) = needs_root(facts, stage, &observed) {
        return Decision::Refuse(reason);
    }
    let emit = Emit { facts, stage, observed: &observed, lines: Lines::new(&facts.dockerfile) };
    let (users, groups) = (observed.image.users(), observed.image.groups());
    let taken = users.iter().chain(&groups).find(|(name, id)| name == "app" || *id == UID);
    if let Some((name, id)) = taken.filter(|_| emit.brought_user().is_none()) {
        refuse!("the image has a user or group `{name}` ({id}) already, and does not say what for");
    }
    Decision::Apply(emit.change())
}

fn is_root(user: &str) -> bool {
    matches!(user.split(':').next(), None | Some("" | "root" | "0"))
}

fn sets_user(facts: &Facts<'_>, stage: &StageFacts) -> bool {
    let range = facts.graph.stages[stage.index].instructions.clone();
    range.into_iter().any(|at| facts.dockerfile.instructions()[at].keyword == Keyword::User)
}

fn needs_root(facts: &Facts<'_>, stage: &StageFacts, observed: &Observations) -> Option<String> {
    // what is declared counts; a port that only a default configuration opens is not what the image is for
    let ports = if stage.ports.is_empty() { &observed.ports } else { &stage.ports };
    if let Some(port) = ports.iter().find(|port| **port < 1024) {
        return Some(format!("port {port} needs root on some platforms"));
    }
    let entry = jettison_facts::entry_programs(facts, &observed.image);
    let ran = observed.programs.iter().filter_map(|path| path.rsplit('/').next());
    if let Some(name) = entry.names.iter().map(String::as_str).chain(ran).find(|name| NEED_ROOT.contains(name)) {
        return Some(format!("`{name}` is run, which works as root only"));
    }
    if moves::workdir(facts, observed) == "/root" {
        return Some("the app lives in /root".to_owned());
    }
    let leftovers = jettison_ecosystems::load().managers.iter().flat_map(|manager| &manager.leftovers);
    let leftovers: Vec<&String> = leftovers.collect();
    let kept =
        |path: &str| !leftovers.iter().any(|folder| is_below(path, folder)) && !path.starts_with("/root/.cache/pip");
    let mut home = observed.image.files.range("/root/".to_owned()..).take_while(|(path, _)| path.starts_with("/root/"));
    let own = home.find(|(path, file)| {
        observed.is_app_layer(file.layer) && file.kind == FileKind::Regular && kept(path) && !is_tool_state(path)
    });
    own.map(|(path, _)| format!("`{path}` lies in root's home"))
}

/// What tools leave in a home folder and do not read again at run time.
fn is_tool_state(path: &str) -> bool {
    [
        "/root/.npm/",
        "/root/.wget-hsts",
        "/root/.node-gyp/",
        "/root/.cache/node-gyp/",
        "/root/.cargo/registry/",
        "/root/.gnupg/",
        "/root/.bash_history",
    ]
    .iter()
    .any(|state| path.starts_with(state))
}

struct Emit<'a> {
    facts: &'a Facts<'a>,
    stage: &'a StageFacts,
    observed: &'a Observations,
    lines: Lines<'a>,
}

impl Emit<'_> {
    fn change(&self) -> Change {
        let brought = self.brought_user();
        let uid = brought.as_ref().map_or(UID, |(_, uid)| *uid);
        let name = brought.as_ref().map_or("app".to_owned(), |(name, _)| name.clone());
        let mut commands = if brought.is_none() { self.create_user() } else { Vec::new() };
        commands.extend(self.make_writable(uid));
        let mut edits = self.chown_copies(uid);
        let at = self.before_entry();
        let early = self.early_place();
        let run = if commands.is_empty() { Vec::new() } else { self.lines.run(&commands) };
        let user = format!("USER {uid}:{uid}");
        match (early, at) {
            (Some(early), at) => {
                if !run.is_empty() {
                    edits.push(self.lines.before(early, &run));
                }
                edits.push(self.insert(at, &[user]));
            }
            (None, at) => edits.push(self.insert(at, &run.into_iter().chain([user]).collect::<Vec<_>>())),
        }
        let from = self.facts.graph.stages[self.stage.index].from;
        let place = self.facts.dockerfile.instructions()[from].span.start as usize;
        Change {
            edits,
            at: place,
            does: format!("runs as `{name}` (uid {uid}), who may write where the app wrote"),
            may_drop: Vec::new(),
        }
    }

    /// The user that the base image brings for apps, if it is there.
    fn brought_user(&self) -> Option<(String, u32)> {
        let family = self.stage.base.as_ref()?.family.as_deref()?;
        let row = jettison_ecosystems::load().bases.iter().find(|row| row.id == family)?;
        let user = row.user.clone()?;
        self.observed.image.users().contains(&user).then_some(user)
    }

    fn create_user(&self) -> Vec<String> {
        match self.observed.image.os.as_ref().map(|os| os.id.as_str()) {
            Some("alpine") => vec![format!("addgroup -g {UID} app"), format!("adduser -D -u {UID} -G app app")],
            _ => vec![format!("useradd --uid {UID} --user-group --create-home --shell /usr/sbin/nologin app")],
        }
    }

    fn workdir(&self) -> Option<String> {
        let workdir = moves::workdir(self.facts, self.observed);
        let own = workdir != "/" && !SHARED.contains(&workdir.as_str());
        own.then_some(workdir)
    }

    /// Folders to own, and single files to make in shared folders.
    fn writable(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut folders, mut files) = (BTreeSet::new(), BTreeSet::new());
        folders.extend(self.workdir());
        folders.extend(self.observed.image.config.volumes.iter().cloned());
        folders.extend(self.empty_folders());
        for path in self.observed.written.iter().filter(|path| is_worth_keeping_writable(path)) {
            match self.observed.image.files.get(path).map(|file| &file.kind) {
                Some(FileKind::Directory) => {} // it changed because something in it did
                Some(_) => drop(files.insert(path.clone())),
                None => self.new_path(path, &mut folders, &mut files),
            }
        }
        let inside = |path: &String, folders: &BTreeSet<String>| {
            folders.iter().any(|folder| folder != path && is_below(path, folder))
        };
        let all = folders.clone();
        folders.retain(|path| !inside(path, &all) || self.observed.image.files.contains_key(path));
        files.retain(|path| !inside(path, &all) || self.observed.image.files.contains_key(path));
        (folders, files)
    }

    /// A path that was made at run time: its folder becomes the user's, or, in a shared folder, the path is made beforehand.
    fn new_path(&self, path: &str, folders: &mut BTreeSet<String>, files: &mut BTreeSet<String>) {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = if parent.is_empty() { "/" } else { parent };
        let parent_is_new = !self.observed.image.files.contains_key(parent)
            && self.observed.written.iter().any(|written| written == parent);
        let has_children = self.observed.written.iter().any(|other| other != path && is_below(other, path));
        match (parent_is_new, SHARED.contains(&parent)) {
            (true, _) => {} // the parent is made and owned
            (false, false) => drop(folders.insert(parent.to_owned())),
            (false, true) if has_children || !name.contains('.') => drop(folders.insert(path.to_owned())),
            (false, true) => drop(files.insert(path.to_owned())),
        }
    }

    /// Folders that a RUN of the app made and left empty: most likely to be written to.
    fn empty_folders(&self) -> Vec<String> {
        let image = &self.observed.image;
        let is_own = |path: &str, file: &File| {
            file.kind == FileKind::Directory
                && self.observed.is_app_layer(file.layer)
                && image.layers.get(file.layer).is_none_or(|layer| !is_copy_layer(&layer.created_by))
                && !NOT_FOR_APPS.iter().any(|folder| is_below(path, folder))
                && image.owner(path).is_none()
        };
        let is_empty = |path: &str| {
            let inside = format!("{path}/");
            image.files.range(inside.clone()..).next().is_none_or(|(next, _)| !next.starts_with(&inside))
        };
        let own = image.files.iter().filter(|(path, file)| is_own(path, file) && is_empty(path));
        own.map(|(path, _)| path.clone()).collect()
    }

    fn make_writable(&self, uid: u32) -> Vec<String> {
        let (folders, files) = self.writable();
        let mut commands = Vec::new();
        let missing = |paths: &BTreeSet<String>| paths.iter().cloned().collect::<Vec<_>>().join(" ");
        if !folders.is_empty() {
            commands.push(format!("mkdir -p {}", missing(&folders)));
        }
        if !files.is_empty() {
            commands.push(format!("touch {}", missing(&files)));
        }
        let all: Vec<String> = folders.into_iter().chain(files).collect();
        if !all.is_empty() {
            commands.push(format!("chown {uid}:{uid} {}", all.join(" ")));
        }
        commands
    }

    /// Copies into the working folder get the new owner on the way: that costs nothing, a later chown would double them.
    fn chown_copies(&self, uid: u32) -> Vec<Edit> {
        let Some(workdir) = self.workdir() else { return Vec::new() };
        let copies = self.stage.copies.iter().filter(|copy| is_below(copy.destination.trim_end_matches('/'), &workdir));
        copies
            .filter_map(|copy| {
                let instruction = &self.facts.dockerfile.instructions()[copy.instruction];
                instruction
                    .flag("chown")
                    .is_none()
                    .then(|| Edit::insert(after_flags(instruction), format!("--chown={uid}:{uid} ")))
            })
            .collect()
    }

    /// Where the user can be made early: before the first WORKDIR or COPY, if no RUN after it builds something.
    fn early_place(&self) -> Option<usize> {
        let range = self.facts.graph.stages[self.stage.index].instructions.clone();
        let instructions = self.facts.dockerfile.instructions();
        let first = range
            .clone()
            .find(|at| matches!(instructions[*at].keyword, Keyword::Workdir | Keyword::Copy | Keyword::Add))?;
        let builds = self
            .stage
            .runs
            .iter()
            .any(|run| run.instruction > first && !is_copy(&run.segments, &instructions[run.instruction]));
        (!builds).then_some(first)
    }

    /// Index of the instruction before which USER stands: the first ENTRYPOINT or CMD after all RUN and COPY; none = the end.
    fn before_entry(&self) -> Option<usize> {
        let range = self.facts.graph.stages[self.stage.index].instructions.clone();
        let instructions = self.facts.dockerfile.instructions();
        let last = range.clone().rev().find(|at| {
            matches!(
                instructions[*at].keyword,
                Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir | Keyword::Volume
            )
        });
        let start = last.map_or(range.start, |at| at + 1);
        (start..range.end).find(|at| matches!(instructions[*at].keyword, Keyword::Entrypoint | Keyword::Cmd))
    }

    fn insert(&self, before: Option<usize>, lines: &[String]) -> Edit {
        match before {
            Some(at) => self.lines.before(at, lines),
            None => {
                let stage = &self.facts.graph.stages[self.stage.index];
                self.lines.after(stage.instructions.end.saturating_sub(1).max(stage.from), lines)
            }
        }
    }
}

/// BuildKit writes `COPY …`, podman, buildah and the classic builder `/bin/sh -c #(nop) COPY …`.
fn is_copy_layer(created_by: &str) -> bool {
    let text = created_by.trim_start();
    let text = text.strip_prefix("/bin/sh -c #(nop)").unwrap_or(text).trim_start();
    ["COPY", "ADD"].iter().any(|word| text.starts_with(word))
}

/// Bytecode, temporary and engine-made paths need no permission of their own.
fn is_worth_keeping_writable(path: &str) -> bool {
    let ignored = [
        "/tmp",
        "/var/tmp",
        "/dev",
        "/proc",
        "/sys",
        "/root",
        "/etc/hosts",
        "/etc/hostname",
        "/etc/resolv.conf",
        "/run/secrets",
    ];
    !path.contains("/__pycache__")
        && !ignored.iter().any(|folder| is_below(path, folder))
        && !["/run", "/var", "/var/run", "/etc", "/usr", "/var/lib", "/var/log", "/var/cache"].contains(&path)
}

fn is_copy(segments: &Option<Vec<jettison_facts::Segment>>, instruction: &Instruction) -> bool {
    let bind = instruction.flags.iter().any(|flag| flag.name == "mount");
    let quiet = |kind: &SegmentKind| matches!(kind, SegmentKind::Configure(_));
    bind || segments.as_ref().is_some_and(|segments| segments.iter().all(|segment| quiet(&segment.kind)))
}

fn after_flags(instruction: &Instruction) -> usize {
    instruction.flags.first().map_or(instruction.body.span.start, |flag| flag.span.start) as usize
}
