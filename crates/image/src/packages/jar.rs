//! Java archives: what Maven (`pom.properties`) and the manifest say of a jar, and the jars inside (Spring Boot's BOOT-INF/lib,
//! WEB-INF/lib of wars). Of an archive too long to be kept the end serves: the names of the jars in it.

use super::zip::{Member, Zip};
use super::{Package, PackageKind};

const EXTENSIONS: [&str; 8] = ["ear", "hpi", "jar", "jpi", "nar", "par", "rar", "war"];
/// Of a manifest or properties file.
const MAX_TEXT: u64 = 256 * 1024;
/// Of a jar inside, decompressed.
const MAX_INNER: u64 = 64 << 20;
/// Jars in jars in jars.
const MAX_DEPTH: usize = 3;
/// Packages of one file on disk.
const MAX_PACKAGES: usize = 1 << 14;

/// Whether `path` has the name of a Java archive.
pub(crate) fn is_archive(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
    })
}

/// The packages of the archive `path`, of which `bytes` are at hand and `before` more come in front of them: its own first, then
/// those inside it (`within` says so).
pub fn parse_jar(path: &str, bytes: &[u8], before: u64) -> Vec<Package> {
    let mut reader = Reader { packages: Vec::new(), room: MAX_INNER };
    let size = before.saturating_add(bytes.len() as u64);
    reader.archive(path, Zip::new(bytes, before), size, MAX_DEPTH);
    if let Some((own, inner)) = reader.packages.split_first_mut() {
        let inside: u64 = inner.iter().map(|package| package.installed_bytes).fold(0, u64::saturating_add);
        own.installed_bytes = own.installed_bytes.saturating_sub(inside);
        inner.iter_mut().for_each(|package| package.within = Some(path.to_owned()));
    }
    reader.packages
}

struct Reader {
    packages: Vec<Package>,
    /// Bytes of inner jars that may still be decompressed.
    room: u64,
}

impl Reader {
    fn archive(&mut self, path: &str, zip: Zip<'_>, size: u64, depth: usize) {
        let members = zip.members();
        let own = self.packages.len();
        let mut package = identify(path, zip, &members);
        package.installed_bytes = size;
        self.packages.push(package);
        self.shaded(zip, &members, own);
        for member in members.iter().filter(|member| is_archive(member.name)) {
            if self.packages.len() >= MAX_PACKAGES || depth == 0 {
                break;
            }
            self.inner(zip, member, depth - 1);
        }
    }

    /// Libraries that were unpacked into the archive: each has left its properties, all but the archive's own.
    fn shaded(&mut self, zip: Zip<'_>, members: &[Member<'_>], own: usize) {
        let poms: Vec<&Member<'_>> = members.iter().filter(|member| is_pom(member.name)).collect();
        for pom in poms.iter().take(MAX_PACKAGES) {
            let Some(found) =
                zip.content(pom, MAX_TEXT).and_then(|text| from_pom(&text)).or_else(|| by_folder(pom.name))
            else {
                continue;
            };
            if self.packages.get(own).is_none_or(|own| own.name != found.name) {
                self.packages.push(found);
            }
        }
    }

    fn inner(&mut self, zip: Zip<'_>, member: &Member<'_>, depth: usize) {
        let stored = zip.stored(member).filter(|_| Zip::is_stored(member));
        let unpacked = if stored.is_some() { None } else { zip.content(member, self.room) };
        let bytes = stored.or(unpacked.as_deref()).unwrap_or_default();
        if unpacked.is_some() {
            self.room = self.room.saturating_sub(bytes.len() as u64);
        }
        let before = self.packages.len();
        self.archive(member.name, Zip::new(bytes, 0), member.compressed_bytes, depth);
        // What is inside the inner jar weighs as part of it.
        self.packages.iter_mut().skip(before + 1).for_each(|package| package.installed_bytes = 0);
    }
}

fn is_pom(name: &str) -> bool {
    name.starts_with("META-INF/maven/") && name.ends_with("/pom.properties")
}

/// The archive's own name and version: Maven's, if there is one project or one of the archive's name; else the manifest's; else
/// the file name's.
fn identify(path: &str, zip: Zip<'_>, members: &[Member<'_>]) -> Package {
    let (name, version) = from_file_name(path);
    let poms: Vec<&Member<'_>> = members.iter().filter(|member| is_pom(member.name)).collect();
    let is_own = |pom: &&&Member<'_>| pom.name.split('/').rev().nth(1) == Some(name);
    let own = match poms.as_slice() {
        [only] => Some(only),
        _ => poms.iter().find(is_own),
    };
    let pom = own.and_then(|pom| zip.content(pom, MAX_TEXT)).and_then(|text| from_pom(&text));
    let manifest = || {
        let member = members.iter().find(|member| member.name.eq_ignore_ascii_case("META-INF/MANIFEST.MF"))?;
        from_manifest(&zip.content(member, MAX_TEXT)?, name, version)
    };
    pom.or_else(manifest).unwrap_or_else(|| java(name.to_owned(), version.to_owned()))
}

fn java(name: String, version: String) -> Package {
    Package { kind: PackageKind::Jar, name, version, ..Package::default() }
}

fn from_pom(text: &[u8]) -> Option<Package> {
    let text = String::from_utf8_lossy(text);
    let value = |key: &str| {
        let pairs = text.lines().filter_map(|line| line.split_once(['=', ':']));
        pairs.filter(|(name, _)| name.trim() == key).map(|(_, value)| value.trim().to_owned()).next()
    };
    let artifact = value("artifactId").filter(|artifact| !artifact.is_empty())?;
    let name = value("groupId")
        .filter(|group| !group.is_empty())
        .map_or(artifact.clone(), |group| format!("{group}:{artifact}"));
    Some(java(name, value("version").unwrap_or_default()))
}

/// `META-INF/maven/GROUP/ARTIFACT/pom.properties` without its text.
fn by_folder(name: &str) -> Option<Package> {
    let mut parts = name.split('/').skip(2);
    Some(java(format!("{}:{}", parts.next()?, parts.next()?), String::new()))
}

/// `spring-core-5.3.1.jar` → `spring-core`, `5.3.1`.
fn from_file_name(path: &str) -> (&str, &str) {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let is_version = |at: &usize| stem.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
    match stem.match_indices('-').map(|(at, _)| at).find(is_version) {
        Some(at) => (stem.get(..at).unwrap_or(stem), stem.get(at + 1..).unwrap_or_default()),
        None => (stem, ""),
    }
}

/// Names in the order of how well they are kept; where there is none, the file's name with the manifest's version.
fn from_manifest(text: &[u8], file_name: &str, file_version: &str) -> Option<Package> {
    // Long lines go on after a line break and one space.
    let text = String::from_utf8_lossy(text).replace("\r\n", "\n").replace("\n ", "");
    let main = text.split("\n\n").next().unwrap_or_default();
    let value = |key: &str| {
        let pairs = main.lines().filter_map(|line| line.split_once(':'));
        let value = pairs.filter(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value.trim()).next();
        value.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let bundle =
        value("Bundle-SymbolicName").and_then(|name| name.split(';').next().map(|name| name.trim().to_owned()));
    let name = value("Implementation-Title").filter(|title| !title.contains(' ')).or(bundle);
    let version =
        ["Implementation-Version", "Bundle-Version", "Specification-Version"].iter().find_map(|key| value(key));
    let version = Some(file_version.to_owned()).filter(|version| !version.is_empty()).or(version)?;
    let file_name = || Some(file_name.to_owned()).filter(|name| !name.is_empty());
    Some(java(file_name().or(name)?, version))
}
