//! Image references: `[registry/]repository[:tag][@digest]`.
//! Grammar: <https://github.com/distribution/reference/blob/main/reference.go>; the normal form is Docker's.

use std::fmt;
use std::str::FromStr;

use crate::Digest;

/// A reference to an image, split but as it was written: nothing is filled in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageRef {
    /// `ghcr.io`, `localhost:5000`; none means Docker Hub.
    pub registry: Option<String>,
    /// `library/python`, `python`, `acme/app`: without registry, tag and digest.
    pub repository: String,
    /// Without the colon; none means `latest` unless there is a digest.
    pub tag: Option<String>,
    /// Content digest, if pinned.
    pub digest: Option<Digest>,
}

/// Why a text is no image reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Nothing, or nothing left before the tag.
    #[error("`{0}` names no repository")]
    NoRepository(String),
    /// Upper case or a character that a repository cannot have.
    #[error("`{0}`: a repository has lower-case letters, digits and single separators ( . _ - / ) only")]
    BadRepository(String),
    /// A tag that is empty, too long, or has a wrong character.
    #[error("`{0}`: a tag has up to 128 letters, digits, dots, underscores and dashes")]
    BadTag(String),
    /// The part after `@` is no digest.
    #[error(transparent)]
    BadDigest(#[from] crate::DigestError),
}

impl ImageRef {
    /// The same repository with another tag and no digest.
    pub fn with_tag(&self, tag: &str) -> Self {
        Self { tag: Some(tag.to_owned()), digest: None, ..self.clone() }
    }

    /// The registry's host: `docker.io` where none is written.
    pub fn host(&self) -> &str {
        match self.registry.as_deref() {
            None | Some("index.docker.io") => "docker.io",
            Some(host) => host,
        }
    }

    /// The repository as the registry knows it: official images get their `library/`.
    pub fn path(&self) -> String {
        if self.host() == "docker.io" && !self.repository.contains('/') {
            format!("library/{}", self.repository)
        } else {
            self.repository.clone()
        }
    }

    /// The repository's short name: `python` for all of `python`, `library/python`, `mirror.example/library/python`.
    pub fn familiar(&self) -> &str {
        match self.repository.rsplit_once("library/") {
            Some((before, name)) if before.is_empty() || before.ends_with('/') => name,
            _ => &self.repository,
        }
    }

    /// The tag, `latest` where neither tag nor digest is written.
    pub fn tag_or_latest(&self) -> &str {
        self.tag.as_deref().unwrap_or("latest")
    }
}

impl FromStr for ImageRef {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest.parse()?)),
            None => (text, None),
        };
        let (registry, rest) = match name.split_once('/') {
            Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (Some(host.to_owned()), rest),
            _ => (None, name),
        };
        let (repository, tag) = match rest.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (rest, None),
        };
        if repository.is_empty() {
            return Err(ReferenceError::NoRepository(text.to_owned()));
        }
        if !repository.split('/').all(is_path_component) {
            return Err(ReferenceError::BadRepository(text.to_owned()));
        }
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(ReferenceError::BadTag(text.to_owned()));
        }
        Ok(Self { registry, repository: repository.to_owned(), tag: tag.map(str::to_owned), digest })
    }
}

fn is_path_component(part: &str) -> bool {
    let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    ends(part.bytes().next()) && ends(part.bytes().last()) && part.bytes().all(inner)
}

fn is_tag(tag: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= 128
        && tag.bytes().next().is_some_and(word)
        && tag.bytes().all(|byte| word(byte) || byte == b'.' || byte == b'-')
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        self.digest.as_ref().map_or(Ok(()), |digest| write!(f, "@{digest}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_and_prints_references() {
        for text in [
            "python",
            "python:3.11-slim",
            "localhost:5000/a/b:1",
            "gcr.io/distroless/static-debian12:nonroot",
            "localhost/x",
        ] {
            assert_eq!(text.parse::<ImageRef>().unwrap().to_string(), text);
        }
        let mirror: ImageRef = "public.ecr.aws/docker/library/python:3".parse().unwrap();
        assert_eq!((mirror.familiar(), mirror.host()), ("python", "public.ecr.aws"));
        assert_eq!("python".parse::<ImageRef>().unwrap().path(), "library/python");
    }

    #[test]
    fn says_why_a_text_is_no_reference() {
        for bad in ["", ":1", "Python", "a//b", "a:", "a:-x", "a@sha256:00", "-a", "a/-b"] {
            assert!(bad.parse::<ImageRef>().is_err(), "{bad}");
        }
    }
}
