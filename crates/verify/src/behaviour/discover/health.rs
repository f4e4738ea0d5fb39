//! Addresses that a HEALTHCHECK asks, in whatever program: curl, wget, python, node, a script of the context.

use jettison_image::ImageConfig;

use super::{Finds, Rank, Source};

const HOSTS: [&str; 7] = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]", "$HOSTNAME", "$(hostname)"];

/// Whether a file of this (lower-case) name may be a health check's script.
pub fn is_script(name: &str) -> bool {
    name.contains("health") && !name.ends_with(".md")
}

/// Adds what the image's health check asks, and what a script that it calls does.
pub fn find(config: &ImageConfig, sources: &[Source], finds: &mut Finds) {
    let Some(check) = &config.healthcheck else { return };
    if check.test.first().is_some_and(|kind| kind == "NONE") {
        return;
    }
    let test = check.test.join(" ");
    let called = sources.iter().filter(|source| {
        is_script(&source.name()) && test.contains(source.path.rsplit('/').next().unwrap_or_default())
    });
    let scripts = called.map(|source| (source.text.as_str(), source.path.as_str()));
    for (text, place) in std::iter::once((test.as_str(), "HEALTHCHECK")).chain(scripts) {
        for (port, path) in addresses(&expand(text, config)) {
            finds.add(Rank::Health, port, &path, place);
        }
    }
}

/// Ports and paths of this machine's addresses in a text. `http.get({port: 1, path: '/x'})` counts as one as well.
fn addresses(text: &str) -> Vec<(Option<u16>, String)> {
    let mut found: Vec<(Option<u16>, String)> = Vec::new();
    for (at, host) in HOSTS.iter().flat_map(|host| text.match_indices(host)) {
        let secure = text.get(..at).is_some_and(|before| before.ends_with("https://"));
        let scheme = text.get(..at).is_some_and(|before| before.ends_with("://"));
        let rest = text.get(at + host.len()..).unwrap_or_default();
        let end = rest.find(|c: char| c.is_whitespace() || "\"'`|;)>,".contains(c)).unwrap_or(rest.len());
        let rest = rest.get(..end).unwrap_or_default();
        let (port, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let port = port.strip_prefix(':').and_then(|port| port.parse::<u16>().ok());
        if !secure && (scheme || port.is_some()) {
            found.push((Some(port.unwrap_or(80)), if path.is_empty() { "/".to_owned() } else { path.to_owned() }));
        }
    }
    found.extend(options(text));
    found
}

/// node's and others' `port: 3000, path: '/health'`.
fn options(text: &str) -> Option<(Option<u16>, String)> {
    let after = |name: &str| {
        let at = text.find(name)?;
        Some(text.get(at + name.len()..)?.trim_start_matches([' ', ':', '=', '"', '\'']))
    };
    let path = after("path:").or_else(|| after("path\":"))?;
    let path = path.get(..path.find(['"', '\'', '`', ',', '}'])?)?;
    let port = after("port:").or_else(|| after("port\":")).unwrap_or_default();
    let digits: String = port.chars().take_while(char::is_ascii_digit).collect();
    path.starts_with('/').then(|| (digits.parse().ok(), path.to_owned()))
}

/// `$NAME`, `${NAME}` and `${NAME:-default}` with the image's own environment.
fn expand(text: &str, config: &ImageConfig) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (value, taken) = variable(from, config).unwrap_or_else(|| ("$".to_owned(), 1));
        out.push_str(&value);
        rest = from.get(taken..).unwrap_or_default();
    }
    out + rest
}

/// The value of the variable at the start of `text`, and how many bytes it was written in.
fn variable(text: &str, config: &ImageConfig) -> Option<(String, usize)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(inner) = text.strip_prefix("${") {
        let inner = inner.get(..inner.find('}')?)?;
        let (name, default) = inner.split_once(":-").or_else(|| inner.split_once('-')).unwrap_or((inner, ""));
        let value = config.var(name).filter(|value| !value.is_empty()).unwrap_or(default);
        return Some((value.to_owned(), inner.len() + 3));
    }
    let name = text.strip_prefix('$')?;
    let name = name.get(..name.find(|c| !is_name(c)).unwrap_or(name.len()))?;
    Some((config.var(name)?.to_owned(), name.len() + 1))
}
