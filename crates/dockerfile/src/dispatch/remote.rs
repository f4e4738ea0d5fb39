//! Sources of ADD and COPY that are no files: URLs and git repositories. Reference: BuildKit `dfgitutil.ParseGitRef`,
//! `gitutil.ParseURL`, `sshutil.ParseSCPStyleURL`; Go's `net/url`.

use super::values::boolean;

/// What a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remote {
    /// A path.
    Path,
    /// `http://…` or `https://…`.
    Url,
    /// A git repository.
    Git(Git),
}

/// What a git source's query says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Git {
    pub keep_git_dir: Option<bool>,
    pub checksum: Option<String>,
    reference: Option<String>,
    folder: Option<String>,
    tag: Option<String>,
    branch: Option<String>,
}

/// What `source` is; an error for a git repository with a wrong query.
pub(super) fn read(source: &str) -> Result<Remote, String> {
    let url = if source.starts_with("http://") || source.starts_with("https://") { Remote::Url } else { Remote::Path };
    if source.starts_with("./") || source.starts_with("../") {
        return Ok(Remote::Path);
    }
    if source.starts_with("github.com/") {
        let Some(parts) = Parts::of(source) else { return Ok(Remote::Path) };
        return git(&parts.pairs()).map(|_| Remote::Path);
    }
    let Some(scheme) = scheme(source) else {
        let Some(pairs) = scp_style(source) else { return Ok(Remote::Path) };
        return git(&pairs).map(Remote::Git);
    };
    let is_web = matches!(scheme.as_str(), "http" | "https");
    if !is_web && !matches!(scheme.as_str(), "ssh" | "git") {
        return Ok(Remote::Path);
    }
    match Parts::of(source).filter(|parts| !is_web || parts.path_ends_in_git()) {
        Some(parts) => git(&parts.pairs()).map(Remote::Git),
        None => Ok(url),
    }
}

/// The word before `://`, in lower case.
fn scheme(source: &str) -> Option<String> {
    let (scheme, _) = source.split_once("://")?;
    let is_word = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then(|| scheme.to_ascii_lowercase())
}

/// A URL before its fragment, split at the query.
struct Parts<'a> {
    path: &'a str,
    query: &'a str,
}

impl<'a> Parts<'a> {
    /// None for what Go does not take as a URL.
    fn of(source: &'a str) -> Option<Self> {
        let (rest, fragment) = source.split_once('#').unwrap_or((source, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let is_url = !source.bytes().any(|byte| byte.is_ascii_control())
            && unescaped(path).is_some()
            && unescaped(fragment).is_some();
        is_url.then_some(Self { path, query })
    }

    fn path_ends_in_git(&self) -> bool {
        let path = self.path.split_once("://").map_or(self.path, |(_, rest)| rest);
        path.contains('/') && unescaped(path).is_some_and(|path| path.ends_with(b".git"))
    }

    /// Malformed pairs are left out, as Go's `URL.Query` does.
    fn pairs(&self) -> Vec<(String, String)> {
        pairs(self.query).flatten().collect()
    }
}

/// The query's pairs of `user@host:path?query`; none if the text is nothing like it.
fn scp_style(source: &str) -> Option<Vec<(String, String)>> {
    let (user, rest) = source.split_once('@')?;
    let (host, rest) = rest.split_once(':')?;
    let is_name = |text: &str, other: &[u8]| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || other.contains(&byte))
    };
    if !is_name(user, b"-_") || !is_name(host, b"-.") || rest.contains('\n') {
        return None;
    }
    let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
    rest.split_once('?').map_or(Some(Vec::new()), |(_, query)| pairs(query).collect())
}

/// Keys and values of a query; none for each malformed one.
fn pairs(query: &str) -> impl Iterator<Item = Option<(String, String)>> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let text = |text: &str| String::from_utf8(unescaped(&text.replace('+', " "))?).ok();
        if pair.contains(';') { None } else { Some((text(key)?, text(value)?)) }
    })
}

/// `%XX` decoded; none if one is malformed.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
            (digit(bytes.next())? * 16 + digit(bytes.next())?) as u8
        } else {
            byte
        });
    }
    Some(decoded)
}

fn git(pairs: &[(String, String)]) -> Result<Git, String> {
    let mut git = Git::default();
    for (index, (key, value)) in pairs.iter().enumerate() {
        if pairs[..index].iter().any(|(earlier, _)| earlier == key) {
            return Err(format!("query {key:?} has multiple values"));
        }
        if value.is_empty() && !matches!(key.as_str(), "submodules" | "keep-git-dir") {
            return Err(format!("query {key:?} has no value"));
        }
        let flag = || if value.is_empty() { Some(true) } else { boolean(value) };
        let invalid = || format!("invalid {key} value: {value:?}");
        match key.as_str() {
            "ref" => git.reference = Some(value.clone()),
            "subdir" => git.folder = Some(value.clone()),
            "tag" => git.tag = Some(prefixed(value, "refs/tags/")),
            "branch" => git.branch = Some(prefixed(value, "refs/heads/")),
            "checksum" | "commit" => git.checksum = Some(value.clone()),
            "keep-git-dir" => git.keep_git_dir = Some(flag().ok_or_else(invalid)?),
            "submodules" => drop(flag().ok_or_else(invalid)?),
            _ => return Err(format!("unexpected query {key:?}")),
        }
    }
    git.conflict().map_or(Ok(git.clone()), Err)
}

fn prefixed(name: &str, prefix: &str) -> String {
    if name.starts_with(prefix) { name.to_owned() } else { format!("{prefix}{name}") }
}

impl Git {
    fn conflict(&self) -> Option<String> {
        if self.tag.is_some() && self.branch.is_some() {
            return Some("branch conflicts with tag".to_owned());
        }
        let (reference, other) = (self.reference.as_ref()?, self.tag.as_ref().or(self.branch.as_ref())?);
        (reference != other).then(|| format!("ref conflicts: {reference:?} vs {other:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Remote, read};

    #[test]
    fn tells_repositories_from_urls_and_paths() {
        let is_git = |source: &str| matches!(read(source), Ok(Remote::Git(_)));
        for source in [
            "https://x.y/a.git",
            "http://x/a.git#main:sub",
            "git@x.y:a/b",
            "ssh://git@x/a",
            "git://x/a",
            "https://x/a.git?tag=v1&keep-git-dir=1",
            "HTTPS://x/a.git",
        ] {
            assert!(is_git(source), "{source}");
        }
        for source in ["https://x.y/a.tar", "http://x", "https://x.git"] {
            assert_eq!(read(source), Ok(Remote::Url), "{source}");
        }
        for source in ["a", "./git@x:a", "github.com/a/b", "ftp://x/a.git", "a@b", "HTTPS://x/a", "@x:y"] {
            assert_eq!(read(source), Ok(Remote::Path), "{source}");
        }
        for source in [
            "https://x/a.git?foo=1",
            "git@x:a?ref=",
            "https://x/a.git?tag=a&branch=b",
            "github.com/a/b?x=1",
            "https://x/a.git?submodules=2",
            "https://x/a.git?ref=a&ref=b",
            "https://x/a.git?ref=a&tag=a",
        ] {
            assert!(read(source).is_err(), "{source}");
        }
    }
}
