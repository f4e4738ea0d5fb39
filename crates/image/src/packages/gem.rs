//! Ruby gems: `specifications/*.gemspec` as RubyGems writes them. Ruby source, of which the lines that RubyGems itself
//! generates are read; nothing is evaluated. <https://guides.rubygems.org/specification-reference/>

use super::{Package, PackageKind};

/// Whether `path` is the specification of an installed gem.
pub(crate) fn is_specification(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    path.ends_with(".gemspec") && (folder.ends_with("/specifications") || folder.ends_with("/specifications/default"))
}

/// The gem of a specification; none if it has no name.
pub fn parse_gemspec(text: &str) -> Option<Package> {
    let mut package = Package { kind: PackageKind::Gem, ..Package::default() };
    for line in text.lines() {
        let Some((_, statement)) = line.trim_start().split_once('.') else { continue };
        if let Some(value) = assigned(statement, "name") {
            package.name = value.to_owned();
        } else if let Some(value) = assigned(statement, "version") {
            package.version = value.to_owned();
        } else if let Some(value) = assigned(statement, "platform").filter(|platform| *platform != "ruby") {
            package.architecture = value.to_owned();
        } else if statement.starts_with("add_runtime_dependency") || statement.starts_with("add_dependency") {
            package.depends.extend(literal(statement).map(|name| vec![name.to_owned()]));
        }
    }
    package.depends.sort_unstable();
    package.depends.dedup();
    (!package.name.is_empty()).then_some(package)
}

/// The text that `name = "…"` sets.
fn assigned<'a>(statement: &'a str, name: &str) -> Option<&'a str> {
    literal(statement.strip_prefix(name)?.trim_start().strip_prefix('=')?)
}

/// The first text literal: `"x"`, `'x'`, `%q<x>`.
fn literal(code: &str) -> Option<&str> {
    let start = code.find(['"', '\'', '%'])?;
    let rest = code.get(start..)?;
    if let Some(rest) = rest.strip_prefix("%q<") {
        return rest.split('>').next();
    }
    let quote = rest.chars().next()?;
    rest.get(1..)?.split(quote).next()
}
