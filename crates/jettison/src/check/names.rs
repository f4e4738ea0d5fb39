//! How paths are written in reports, and which names are those of Dockerfiles.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::input::is_dockerfile;

/// Files whose name begins like a Dockerfile's and whose ending says that they are something else: sources of programs, texts
/// about Dockerfiles, and what only becomes one.
const OTHERWISE: [&str; 34] = [
    "adoc", "c", "cpp", "cs", "css", "diff", "ejs", "erb", "go", "h", "html", "in", "j2", "java", "jinja", "jinja2",
    "js", "json", "lock", "md", "mustache", "orig", "patch", "php", "py", "rb", "rej", "rs", "rst", "snap", "swp",
    "tmpl", "ts", "tpl",
];

/// A path as reports have it: without `./` in front, bytes that are not UTF-8 as `\xHH`.
pub fn named(path: &Path) -> String {
    let mut name = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| name.push_str(&format!("\\x{byte:02X}")));
    }
    match name.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => name,
    }
}

/// What a file that was found in a folder is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A Dockerfile.
    Dockerfile,
    /// A Compose or Bake file that its tool takes by itself.
    Builds,
    /// Something else.
    Neither,
}

/// By its name alone.
pub(super) fn kind(path: &Path) -> Named {
    if crate::input::is_of_builds(path) {
        return Named::Builds;
    }
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let otherwise = extension.is_some_and(|extension| OTHERWISE.contains(&extension.as_str()));
    if is_dockerfile(path) && !otherwise { Named::Dockerfile } else { Named::Neither }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    #[test]
    fn names_say_which_files_are_dockerfiles() {
        let of = |name: &str| kind(Path::new(name));
        for name in [
            "Dockerfile",
            "a/Dockerfile.prod",
            "web.dockerfile",
            "Containerfile",
            "Containerfile.dev",
            "Dockerfile.amd64",
        ] {
            assert_eq!(of(name), Named::Dockerfile, "{name}");
        }
        for name in [
            "Dockerfile.md",
            "dockerfile.rs",
            "Dockerfile.dockerignore",
            "Dockerfile.j2",
            "MyDockerfile",
            "Dockerfile~",
        ] {
            assert_eq!(of(name), Named::Neither, "{name}");
        }
        assert_eq!(of("docker-compose.yml"), Named::Builds);
    }

    #[test]
    fn bytes_that_are_no_text_are_shown() {
        assert_eq!(named(Path::new(OsStr::from_bytes(b"./a\xff/b"))), "a\\xFF/b");
        assert_eq!(named(Path::new("../a")), "../a");
    }
}
