//! A Java runtime of the modules that a program names, made by the JDK's own `jlink`: a fifth of the whole.
//! <https://docs.oracle.com/en/java/javase/17/docs/specs/man/jlink.html>

use jettison_dockerfile::stages::Source;
use jettison_facts::{Facts, StageFacts};
use jettison_image::{FileKind, ImageSummary};

/// Modules that programs find by name when they run, so that `jdeps` cannot see them: elliptic curves of TLS, and what many libraries
/// reach for by reflection.
const BY_NAME: &str = "jdk.crypto.ec,jdk.unsupported,jdk.zipfs";

/// What every runtime has, by which a base is chosen; what the linked modules need beyond it is asked of the loader when they are there.
const CORE: &[&str] = &[
    "java",
    "libjava.so",
    "libjimage.so",
    "libjli.so",
    "libjvm.so",
    "libnet.so",
    "libnio.so",
    "libverify.so",
    "libzip.so",
];

/// A runtime to link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Linked {
    /// The JDK's folder; the runtime will be in the same.
    pub prefix: String,
    /// A bind mount of the program's archive for the RUN that links.
    pub mount: String,
}

/// Where the archive is while the RUN lasts.
const ARCHIVE: &str = "/tmp/app.jar";

impl Linked {
    /// How the runtime of the JDK at `prefix` is linked for the archive that the stage runs; none if it has no such tools, or runs
    /// something else than one archive.
    pub fn of(facts: &Facts<'_>, stage: &StageFacts, image: &ImageSummary, prefix: &str) -> Option<Self> {
        let is_there = |path: &str| image.resolve(&format!("{prefix}/{path}")).is_some();
        if !["bin/jlink", "bin/jdeps", "bin/jar", "jmods/java.base.jmod"].iter().all(|path| is_there(path)) {
            return None;
        }
        let command = stage.entry.entrypoint.iter().chain(&stage.entry.cmd);
        let words: Vec<&str> =
            command.filter_map(|command| command.argv.as_deref()).flatten().map(String::as_str).collect();
        let at = words.iter().position(|word| *word == "-jar")?;
        let named = words.get(at + 1)?;
        let workdir = stage.workdir.as_deref().unwrap_or_default().trim_end_matches('/');
        let path = if named.starts_with('/') {
            (*named).to_owned()
        } else {
            format!("{workdir}/{}", named.trim_start_matches("./"))
        };
        // libraries beside the archive are not looked into, so that the whole runtime stays
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside =
            |other: &&String| other.ends_with(".jar") && **other != path && crate::moves::is_below(other, folder);
        if image.files.keys().any(|other| beside(&other)) {
            return None;
        }
        Some(Self { prefix: prefix.to_owned(), mount: mount(facts, stage, &path)? })
    }

    /// Whether `path` is part of the JDK.
    pub fn holds(&self, path: &str) -> bool {
        crate::moves::is_below(path, &self.prefix)
    }

    /// Whether `path` is a part of the JDK that a runtime may do without.
    pub fn may_lack(&self, path: &str) -> bool {
        self.holds(path) && !CORE.contains(&super::links::name(path))
    }

    /// The commands that link it below `folder`, with the libraries that its own name and that are not of the C and C++ runtimes.
    pub fn commands(&self, folder: &str) -> Vec<String> {
        let parent = self.prefix.rsplit_once('/').map_or("", |(parent, _)| parent);
        vec![
            "mkdir /tmp/app".to_owned(),
            "cd /tmp/app".to_owned(),
            format!("jar -xf {ARCHIVE}"),
            "libraries=$(find . -name '*.jar')".to_owned(),
            "classes=$(find . -path './*-INF/classes')".to_owned(),
            format!(
                "modules=$(jdeps -q --ignore-missing-deps --multi-release base --print-module-deps \
                 --class-path \"$(echo . $libraries | tr ' ' ':')\" {ARCHIVE} $classes)"
            ),
            format!("mkdir -p {folder}{parent}"),
            format!(
                "jlink --add-modules \"$modules,{BY_NAME}\" --strip-debug --no-man-pages --no-header-files --compress=2 \
                 --output {folder}{}",
                self.prefix
            ),
            format!(
                "ldd $(find {folder}{} -name '*.so') \
                 | awk '$3 ~ \"^/\" && $3 !~ \"^{folder}/\" {{ sub(\"^/lib/\", \"/usr/lib/\", $3); print $3 }}' \
                 | grep -vE '/lib(c|dl|gcc_s|m|pthread|rt|stdc[+][+])[.]so' | sort -u \
                 | xargs -r cp -L --parents -t {folder}",
                self.prefix
            ),
        ]
    }
}

/// A mount of the archive from where the stage's COPY takes it.
fn mount(facts: &Facts<'_>, stage: &StageFacts, path: &str) -> Option<String> {
    for copy in stage.copies.iter().rev() {
        let destination = copy.destination.trim_end_matches('/');
        let from = match &copy.from {
            Some(Source::Stage(index)) => {
                let name = facts.graph.stages[*index].name.clone();
                format!(",from={}", name.unwrap_or_else(|| index.to_string()))
            }
            None => String::new(),
            Some(_) => continue,
        };
        for source in &copy.sources {
            let name = source.rsplit('/').next().unwrap_or(source);
            let is_file = path == destination && !copy.destination.ends_with('/');
            let found = if is_file || path == format!("{destination}/{name}") {
                Some(source.clone())
            } else {
                let rest = path.strip_prefix(&format!("{destination}/"));
                rest.map(|rest| format!("{}/{rest}", source.trim_end_matches('/')))
            };
            let Some(found) = found.filter(|found| !found.contains(['*', '?', '[', ','])) else { continue };
            let found = if copy.from.is_some() { format!("/{}", found.trim_start_matches('/')) } else { found };
            return Some(format!("--mount=type=bind{from},source={found},target={ARCHIVE} "));
        }
    }
    None
}

/// Bytes of a linked runtime beside the JDK's own: the share of the modules that most programs name.
pub(super) fn modelled_bytes(image: &ImageSummary, prefix: &str) -> u64 {
    let start = format!("{prefix}/");
    let files = image.files.range(start.clone()..).take_while(|(path, _)| path.starts_with(&start));
    let all: u64 = files.filter(|(_, file)| file.kind == FileKind::Regular).map(|(_, file)| file.size).sum();
    all / 5
}
