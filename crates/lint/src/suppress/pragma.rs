//! The text of one suppressing comment. Reference: hadolint's README (*Inline ignores*), BuildKit's *build checks*, the
//! documentation of tally, Checkov and Trivy; ours is `# jettison: allow=rule[,rule] [until=2026-12-31] [reason]`, with
//! `allow-stage` and `allow-file`.

use super::PragmaKind;
use crate::{Selector, id_of, named};

/// What a comment covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// The instruction below it, or the one that it stands in.
    Next,
    /// The stage of that instruction.
    Stage,
    /// The file.
    File,
}

/// A suppressing comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pragma {
    pub kind: PragmaKind,
    pub scope: Scope,
    pub selectors: Vec<Selector>,
    /// Names that mean no rule.
    pub unknown: Vec<String>,
    pub reason: Option<String>,
    /// `until=2026-12-31`
    pub until: Option<String>,
    /// `# check=error=true`
    pub fail_on_any: bool,
}

impl Pragma {
    fn new(kind: PragmaKind, scope: Scope, names: &str) -> Self {
        let (mut selectors, mut unknown) = (Vec::new(), Vec::new());
        for name in names.split([',', ' ', '\t']).map(str::trim).filter(|name| !name.is_empty()) {
            let found = named(name);
            if found.is_empty() {
                unknown.push(name.to_owned());
            }
            selectors.extend(found);
        }
        Self { kind, scope, selectors, unknown, reason: None, until: None, fail_on_any: false }
    }

    /// Whether it means a finding's rule.
    pub(super) fn names(&self, rule: &str) -> bool {
        id_of(rule) != "suppression-problem" && self.selectors.iter().any(|selector| selector.matches(rule))
    }
}

/// Reads a comment line; none if it suppresses nothing.
pub(super) fn read(line: &str, is_directive: bool) -> Option<Pragma> {
    let text = line.trim().trim_start_matches('#').trim();
    native(text)
        .or_else(|| hadolint(text))
        .or_else(|| buildkit(text, is_directive))
        .or_else(|| tally(text))
        .or_else(|| checkov(text))
        .or_else(|| trivy(text))
        .or_else(|| shellcheck(text))
}

fn native(text: &str) -> Option<Pragma> {
    let rest = text.strip_prefix("jettison")?.trim_start_matches(':').trim_start().strip_prefix("allow")?;
    let scopes = [("-file", Scope::File), ("-stage", Scope::Stage), ("", Scope::Next)];
    let (rest, scope) = scopes.iter().find_map(|(word, scope)| Some((rest.strip_prefix(word)?, *scope)))?;
    if !rest.starts_with(['=', ' ', '\t']) {
        return None;
    }
    let rest = rest.trim_start_matches([' ', '\t', '=']);
    let (names, behind) = split_names(rest);
    let mut pragma = Pragma::new(PragmaKind::Native, scope, names);
    let mut reason = Vec::new();
    for word in behind.split_whitespace() {
        match word.strip_prefix("until=") {
            Some(date) => pragma.until = Some(date.trim_end_matches([',', ';']).to_owned()),
            None => reason.push(word),
        }
    }
    let reason = reason.join(" ");
    let reason = reason.trim_start_matches("--").trim_start_matches([':', '#']).trim();
    pragma.reason = (!reason.is_empty()).then(|| reason.to_owned());
    Some(pragma)
}

/// Names up to the first blank that no comma stands beside.
fn split_names(text: &str) -> (&str, &str) {
    let mut end = 0;
    loop {
        let rest = &text[end..];
        let word = rest.find([' ', '\t']).unwrap_or(rest.len());
        let behind = rest[word..].trim_start();
        let goes_on = rest[..word].ends_with(',') || behind.starts_with(',');
        end = text.len() - if goes_on { behind.len() } else { rest.len() - word };
        if !goes_on || behind.is_empty() {
            return text.split_at(end);
        }
        if let Some(after) = behind.strip_prefix(',') {
            end = text.len() - after.trim_start().len();
        }
    }
}

/// `hadolint ignore=DL3008,SC2086 # why`, `hadolint global ignore=…`, `hadolint stage ignore=…`.
fn hadolint(text: &str) -> Option<Pragma> {
    let rest = text.strip_prefix("hadolint")?.trim_start();
    let scopes = [("global", Scope::File), ("stage", Scope::Stage), ("", Scope::Next)];
    let (rest, scope) =
        scopes.iter().find_map(|(word, scope)| Some((rest.strip_prefix(word)?.trim_start(), *scope)))?;
    let list = rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
    let (names, reason) = list.split_once('#').unwrap_or((list, ""));
    Some(with_reason(Pragma::new(PragmaKind::Hadolint, scope, names), reason))
}

/// `check=skip=A,B;error=true;experimental=C`: of the file as a directive, else of the instruction below.
fn buildkit(text: &str, is_directive: bool) -> Option<Pragma> {
    let (key, options) = text.split_once('=')?;
    if !key.trim().eq_ignore_ascii_case("check") {
        return None;
    }
    let option = |name: &str| {
        let mut options = options.split(';').filter_map(|option| option.split_once('='));
        options.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let scope = if is_directive { Scope::File } else { Scope::Next };
    let mut pragma = Pragma::new(PragmaKind::Buildkit, scope, option("skip").unwrap_or_default());
    pragma.fail_on_any = is_directive && option("error").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    Some(pragma)
}

/// `tally ignore=a,b;reason=text`, `tally global ignore=…`.
fn tally(text: &str) -> Option<Pragma> {
    let rest = text.strip_prefix("tally")?.trim_start();
    let (rest, scope) = match rest.strip_prefix("global") {
        Some(rest) => (rest.trim_start(), Scope::File),
        None => (rest, Scope::Next),
    };
    let list = rest.strip_prefix("ignore=")?;
    let (names, reason) = list.split_once(';').unwrap_or((list, ""));
    Some(with_reason(Pragma::new(PragmaKind::Tally, scope, names), reason.trim().trim_start_matches("reason=")))
}

/// `checkov:skip=CKV_DOCKER_3: reason`, anywhere, for the whole file.
fn checkov(text: &str) -> Option<Pragma> {
    let list = text.strip_prefix("checkov:skip=")?;
    let (names, reason) = list.split_once(':').unwrap_or((list, ""));
    Some(with_reason(Pragma::new(PragmaKind::Checkov, Scope::File, names), reason))
}

/// `trivy:ignore:DS-0002[exp:2026-12-31]`
fn trivy(text: &str) -> Option<Pragma> {
    let name = text.strip_prefix("trivy:ignore:")?.split_whitespace().next()?;
    let (name, option) = name.split_once('[').unwrap_or((name, ""));
    let mut pragma = Pragma::new(PragmaKind::Trivy, Scope::Next, name);
    pragma.until = option.strip_prefix("exp:").map(|date| date.trim_end_matches(']').to_owned());
    Some(pragma)
}

/// `shellcheck disable=SC2086,SC2046 # why`
fn shellcheck(text: &str) -> Option<Pragma> {
    let options = text.strip_prefix("shellcheck")?.trim_start();
    let (options, reason) = options.split_once('#').unwrap_or((options, ""));
    let list = options.split_whitespace().find_map(|option| option.strip_prefix("disable="))?;
    let codes = list.split(',').filter(|code| crate::shell::is_code(code));
    Some(with_reason(Pragma::new(PragmaKind::Shellcheck, Scope::Next, &codes.collect::<Vec<_>>().join(",")), reason))
}

fn with_reason(pragma: Pragma, reason: &str) -> Pragma {
    let reason = reason.trim();
    Pragma { reason: (!reason.is_empty()).then(|| reason.to_owned()), ..pragma }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn native_of(line: &str) -> (Vec<String>, Option<String>, Option<String>, Scope) {
        let pragma = read(line, false).unwrap();
        let names = pragma.selectors.iter().map(ToString::to_string).chain(pragma.unknown).collect();
        (names, pragma.reason, pragma.until, pragma.scope)
    }

    #[test]
    fn native_pragmas_hold_names_reason_and_date() {
        let one = || vec!["latest-tag".to_owned()];
        let why = || Some("we test it".to_owned());
        assert_eq!(native_of("# jettison: allow=latest-tag we test it"), (one(), why(), None, Scope::Next));
        assert_eq!(native_of("#jettison allow latest-tag -- we test it"), (one(), why(), None, Scope::Next));
        let dated = "# jettison: allow-file=latest-tag until=2026-12-31 we test it";
        assert_eq!(native_of(dated), (one(), why(), Some("2026-12-31".to_owned()), Scope::File));
        let two = native_of("# jettison: allow-stage = latest-tag, DL3006");
        assert_eq!((two.0, two.3), (vec!["latest-tag".to_owned(), "untagged-base".to_owned()], Scope::Stage));
    }

    #[test]
    fn other_tools_pragmas_are_read() {
        let of = |line: &str| read(line, true).map(|pragma| (pragma.kind, pragma.scope, pragma.selectors.len()));
        assert_eq!(of("# hadolint ignore=DL3006, DL3007 # why"), Some((PragmaKind::Hadolint, Scope::Next, 2)));
        assert_eq!(of("#hadolint global ignore=DL3006"), Some((PragmaKind::Hadolint, Scope::File, 1)));
        assert_eq!(of("# check=skip=StageNameCasing;error=true"), Some((PragmaKind::Buildkit, Scope::File, 1)));
        assert_eq!(of("# checkov:skip=CKV_DOCKER_3: no"), Some((PragmaKind::Checkov, Scope::File, 1)));
        assert_eq!(of("# trivy:ignore:AVD-DS-0002").map(|one| one.0), Some(PragmaKind::Trivy));
        assert_eq!(of("# shellcheck disable=SC2086,SC2046 # why"), Some((PragmaKind::Shellcheck, Scope::Next, 2)));
        assert_eq!(of("# shellcheck source=/dev/null"), None);
        assert_eq!(of("# a comment about hadolint"), None);
        assert!(read("# check=error=true", true).unwrap().fail_on_any);
    }
}
