//! Where an image is, as people write it: `docker-archive:PATH`, `oci-archive:PATH`, `oci:DIR[:TAG]`, `docker:REF`,
//! `podman:REF`, `registry:REF`, `-` for a tar on stdin, a plain path (told by its content) or a plain reference.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jettison_image::tar::looks_like_tar;
use jettison_model::{ImageRef, ReferenceError};

/// Where an image is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// What `docker save` writes, old or new, possibly compressed.
    DockerArchive(PathBuf),
    /// An OCI layout in one tar.
    OciArchive(PathBuf),
    /// An OCI layout.
    OciDir {
        /// The folder with `index.json`.
        path: PathBuf,
        /// The image's name in the index.
        tag: Option<String>,
    },
    /// A docker or OCI archive on stdin.
    Stdin,
    /// An image of the Docker engine.
    Docker(ImageRef),
    /// An image of the Podman engine.
    Podman(ImageRef),
    /// An image of a registry.
    Registry(ImageRef),
    /// A reference without a word on where: engine first, then registry.
    Named(ImageRef),
}

/// Why a text names no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Nothing after the colon.
    #[error("`{0}` names nothing (write {0}PATH or {0}REFERENCE)")]
    Empty(String),
    /// A file that is no image, by its first bytes.
    #[error("`{0}` is no image: neither a tar nor a folder with an `index.json`")]
    NoImage(String),
    /// A path that is not there.
    #[error("`{0}`: there is no such file or folder")]
    NoFile(String),
    /// What looks like a reference is none.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
}

impl Source {
    /// Reads what people write. Looks at the file system where it has to: for the tag behind a folder's name, and for a plain
    /// path.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let reference = |text: &str| text.parse::<ImageRef>().map_err(SourceError::from);
        let Some((scheme, rest)) = scheme(text) else { return plain(text) };
        if rest.is_empty() {
            return Err(SourceError::Empty(format!("{scheme}:")));
        }
        match scheme {
            "docker-archive" => Ok(Self::DockerArchive(rest.into())),
            "oci-archive" => Ok(Self::OciArchive(rest.into())),
            "oci" => Ok(layout(rest)),
            "docker" | "docker-daemon" => Ok(Self::Docker(reference(rest)?)),
            "podman" | "containers-storage" => Ok(Self::Podman(reference(rest)?)),
            _ => Ok(Self::Registry(reference(rest)?)),
        }
    }

    /// Whether it can be opened without an engine or a network.
    pub fn is_local(&self) -> bool {
        matches!(self, Self::DockerArchive(_) | Self::OciArchive(_) | Self::OciDir { .. } | Self::Stdin)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DockerArchive(path) => write!(f, "docker-archive:{}", path.display()),
            Self::OciArchive(path) => write!(f, "oci-archive:{}", path.display()),
            Self::OciDir { path, tag: None } => write!(f, "oci:{}", path.display()),
            Self::OciDir { path, tag: Some(tag) } => write!(f, "oci:{}:{tag}", path.display()),
            Self::Stdin => f.write_str("stdin"),
            Self::Docker(reference) => write!(f, "docker:{reference}"),
            Self::Podman(reference) => write!(f, "podman:{reference}"),
            Self::Registry(reference) => write!(f, "registry:{reference}"),
            Self::Named(reference) => reference.fmt(f),
        }
    }
}

/// The word before the colon, if it is one of ours; others are part of a path or reference.
fn scheme(text: &str) -> Option<(&str, &str)> {
    const SCHEMES: [&str; 8] =
        ["docker-archive", "oci-archive", "oci", "docker", "docker-daemon", "podman", "containers-storage", "registry"];
    let (scheme, rest) = text.split_once(':')?;
    // `docker:27` could be Docker Hub's image `docker` as well: as promised, the scheme wins (that one is `registry:docker:27`).
    SCHEMES.contains(&scheme).then_some((scheme, rest))
}

/// `DIR` or `DIR:TAG`; a folder whose name has a colon is taken as it is.
fn layout(text: &str) -> Source {
    if let Some((path, tag)) = text.rsplit_once(':')
        && !tag.contains('/')
        && !path.is_empty()
        && !Path::new(text).is_dir()
    {
        return Source::OciDir { path: path.into(), tag: Some(tag.to_owned()) };
    }
    Source::OciDir { path: text.into(), tag: None }
}

/// A path or a reference: what is there as a file is a path, and so is what can only be one.
fn plain(text: &str) -> Result<Source, SourceError> {
    if text == "-" {
        return Ok(Source::Stdin);
    }
    let path = Path::new(text);
    if path.is_dir() {
        let is_layout = path.join("index.json").is_file() || path.join("oci-layout").is_file();
        return match (is_layout, text.parse::<ImageRef>()) {
            (true, _) => Ok(Source::OciDir { path: path.into(), tag: None }),
            // A folder beside us may have the name of an image.
            (false, Ok(reference)) if !is_path(text) => Ok(Source::Named(reference)),
            _ => Err(SourceError::NoImage(text.to_owned())),
        };
    }
    if path.is_file() {
        return archive(path, text);
    }
    if let Source::OciDir { path, tag: Some(tag) } = layout(text)
        && path.join("index.json").is_file()
    {
        return Ok(Source::OciDir { path, tag: Some(tag) });
    }
    if is_path(text) || text.ends_with(".tar") || text.ends_with(".tar.gz") || text.ends_with(".tgz") {
        return Err(SourceError::NoFile(text.to_owned()));
    }
    Ok(Source::Named(text.parse()?))
}

fn is_path(text: &str) -> bool {
    text.starts_with(['/', '.', '~']) || text.ends_with('/')
}

/// What kind of archive it is shows when it is read; here only whether it is one.
fn archive(path: &Path, text: &str) -> Result<Source, SourceError> {
    let mut head = Vec::with_capacity(512);
    let file = File::open(path).and_then(|file| file.take(512).read_to_end(&mut head));
    let is_compressed = jettison_image::Compression::sniff(&head) != jettison_image::Compression::None;
    if file.is_ok() && !is_compressed && !looks_like_tar(&head) {
        return Err(SourceError::NoImage(text.to_owned()));
    }
    Ok(Source::DockerArchive(path.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        Source::parse(text).map_or_else(|error| format!("error: {error}"), |source| format!("{source:?}"))
    }

    #[test]
    fn a_word_before_the_colon_says_where() {
        assert_eq!(parsed("docker-archive:a.tar"), r#"DockerArchive("a.tar")"#);
        assert_eq!(parsed("oci-archive:/x/a.tar"), r#"OciArchive("/x/a.tar")"#);
        assert_eq!(parsed("oci:some/dir"), r#"OciDir { path: "some/dir", tag: None }"#);
        assert_eq!(parsed("oci:some/dir:1.0"), r#"OciDir { path: "some/dir", tag: Some("1.0") }"#);
        assert_eq!(parsed("oci:some:dir/x"), r#"OciDir { path: "some:dir/x", tag: None }"#);
        assert!(parsed("docker:app:1").starts_with("Docker(") && parsed("podman:app").starts_with("Podman("));
        assert!(parsed("registry:ghcr.io/a/b:1").starts_with("Registry("));
        assert_eq!(parsed("-"), "Stdin");
        assert_eq!(parsed("oci:"), "error: `oci:` names nothing (write oci:PATH or oci:REFERENCE)");
    }

    #[test]
    fn what_has_no_such_word_is_a_name() {
        for name in ["app", "app:1.0", "localhost:5000/app:1", "ghcr.io/a/b@sha256:"] {
            let text = if name.ends_with(':') { format!("{name}{}", "0".repeat(64)) } else { name.to_owned() };
            assert!(parsed(&text).starts_with("Named("), "{text}: {}", parsed(&text));
        }
        assert!(parsed("App").starts_with("error"));
    }

    #[test]
    fn what_lies_there_is_a_path_told_by_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        std::fs::create_dir_all(at("layout")).unwrap();
        std::fs::write(at("layout/index.json"), "{}").unwrap();
        std::fs::write(at("text"), "no image").unwrap();
        std::fs::write(at("packed"), [0x1f, 0x8b, 8, 0]).unwrap();
        std::fs::write(at("tar"), [0; 1024]).unwrap();
        assert!(parsed(&at("layout")).starts_with("OciDir") && parsed(&at("layout")).ends_with("tag: None }"));
        assert!(parsed(&format!("{}:1.0", at("layout"))).ends_with(r#"tag: Some("1.0") }"#));
        assert!(parsed(&at("packed")).starts_with("DockerArchive") && parsed(&at("tar")).starts_with("DockerArchive"));
        assert!(parsed(&at("text")).ends_with("neither a tar nor a folder with an `index.json`"));
        assert!(parsed(&at("")).ends_with("neither a tar nor a folder with an `index.json`"));
        assert!(parsed(&at("missing")).ends_with("there is no such file or folder"));
        assert!(parsed("missing.tar").ends_with("there is no such file or folder"));
    }
}
