//! Python distributions as installers leave them: `*.dist-info` (METADATA, RECORD, REQUESTED) and the older `*.egg-info`.
//! <https://packaging.python.org/specifications/recording-installed-packages/>, core metadata, PEP 508 for requirements.

use super::{Found, Package, PackageKind};

/// What a file says by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Name, version, requirements.
    Metadata,
    /// Paths below site-packages, as CSV.
    Record,
    /// Paths below the egg-info folder, one a line.
    InstalledFiles,
}

/// Which part of a distribution's metadata `path` is.
pub(crate) fn part(path: &str) -> Option<Part> {
    let (folder, name) = path.rsplit_once('/')?;
    match name {
        "METADATA" if folder.ends_with(".dist-info") => Some(Part::Metadata),
        "RECORD" if folder.ends_with(".dist-info") => Some(Part::Record),
        "PKG-INFO" if folder.ends_with(".egg-info") || folder.ends_with("/EGG-INFO") => Some(Part::Metadata),
        "installed-files.txt" if folder.ends_with(".egg-info") => Some(Part::InstalledFiles),
        _ if name.ends_with(".egg-info") => Some(Part::Metadata),
        _ => None,
    }
}

/// Reads one of the parts.
pub(crate) fn read(part: Part, text: &str) -> Found {
    match part {
        Part::Metadata => Found { packages: parse_python_metadata(text).into_iter().collect(), ..Found::default() },
        Part::Record => Found { files: text.lines().filter_map(record_path).collect(), ..Found::default() },
        Part::InstalledFiles => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            Found { files: lines.map(str::to_owned).collect(), ..Found::default() }
        }
    }
}

/// The package of a METADATA or PKG-INFO file: header lines up to the first blank one. None without a name.
pub fn parse_python_metadata(text: &str) -> Option<Package> {
    let mut package = Package { kind: PackageKind::Python, ..Package::default() };
    for line in text.lines().take_while(|line| !line.trim().is_empty()) {
        let Some((key, value)) = line.split_once(':') else { continue };
        match key.to_ascii_lowercase().as_str() {
            "name" => package.name = value.trim().to_owned(),
            "version" => package.version = value.trim().to_owned(),
            "requires-dist" => package.depends.extend(requirement(value).map(|name| vec![name])),
            _ => {}
        }
    }
    package.provides.push(normalized(&package.name));
    (!package.name.is_empty()).then_some(package)
}

/// `Werkzeug[watchdog]>=2 ; python_version < "3.9"` → `werkzeug`; none for what only an extra asks for.
fn requirement(value: &str) -> Option<String> {
    let (requirement, marker) = value.split_once(';').unwrap_or((value, ""));
    let is_name = |symbol: char| symbol.is_ascii_alphanumeric() || "-_.".contains(symbol);
    let name = requirement.trim_start();
    let name = name.split(|symbol| !is_name(symbol)).next().filter(|name| !name.is_empty())?;
    (!marker.split(|symbol: char| !is_name(symbol)).any(|word| word == "extra")).then(|| normalized(name))
}

/// As names are compared: lower case, runs of `-`, `_` and `.` as one `-`. PEP 503.
pub(crate) fn normalized(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for symbol in name.chars() {
        match symbol {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            _ => normal.push(symbol.to_ascii_lowercase()),
        }
    }
    normal
}

/// The path of one RECORD line; it may be quoted, with quotes in it doubled.
fn record_path(line: &str) -> Option<String> {
    let path = match line.strip_prefix('"') {
        None => line.split(',').next()?.to_owned(),
        Some(rest) => {
            let mut path = String::new();
            let mut symbols = rest.chars().peekable();
            while let Some(symbol) = symbols.next() {
                if symbol == '"' && symbols.next_if_eq(&'"').is_none() {
                    break;
                }
                path.push(symbol);
            }
            path
        }
    };
    (!path.is_empty()).then_some(path)
}
