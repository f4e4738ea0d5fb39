//! History entries as builders write them. BuildKit: `RUN |1 A=b /bin/sh -c make # buildkit`, `COPY src dst # buildkit`,
//! `ENV A=b`; the classic builder and buildah: `/bin/sh -c make`, `/bin/sh -c #(nop) COPY file:HASH in /dst `; kaniko: the instruction
//! as it is written.

use jettison_dockerfile::Keyword;
use jettison_model::HistoryEntry;

/// What an entry says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// The instruction; none if it names none that we know.
    pub(super) keyword: Option<Keyword>,
    /// What follows the instruction, white space made single blanks. Of a RUN with its variables and shell in front.
    pub(super) text: String,
    /// COPY and ADD of builders that say only where to: `/dst`.
    pub(super) destination: Option<String>,
    /// It made no layer.
    pub(super) empty: bool,
    /// buildah's word for the last instruction of a build without intermediate layers is the same as for any layer: which
    /// image it stands on.
    pub(super) says_from: bool,
    /// The builder said nothing beside the command.
    pub(super) without_comment: bool,
}

const NOP: &str = "#(nop)";
const KEYWORDS: [Keyword; 18] = [
    Keyword::Add,
    Keyword::Arg,
    Keyword::Cmd,
    Keyword::Copy,
    Keyword::Entrypoint,
    Keyword::Env,
    Keyword::Expose,
    Keyword::From,
    Keyword::Healthcheck,
    Keyword::Label,
    Keyword::Maintainer,
    Keyword::Onbuild,
    Keyword::Run,
    Keyword::Shell,
    Keyword::Stopsignal,
    Keyword::User,
    Keyword::Volume,
    Keyword::Workdir,
];

impl Entry {
    pub(super) fn read(entry: &HistoryEntry) -> Self {
        let (keyword, rest) = parts(&entry.created_by);
        let text = squeeze(rest);
        let destination = matches!(keyword, Some(Keyword::Copy | Keyword::Add)).then(|| hashed(&text)).flatten();
        Self {
            keyword,
            destination: destination.map(str::to_owned),
            text,
            empty: entry.empty_layer,
            says_from: entry.comment.starts_with("FROM "),
            without_comment: entry.comment.is_empty(),
        }
    }
}

/// The instruction and what follows it.
fn parts(created_by: &str) -> (Option<Keyword>, &str) {
    let text = created_by.trim();
    let text = text.strip_suffix("# buildkit").unwrap_or(text).trim_end();
    if let Some((shell, rest)) = text.split_once(NOP)
        && !shell.contains('\n')
    {
        return leading(rest.trim_start());
    }
    match leading(text) {
        (Some(keyword), rest) => (Some(keyword), rest),
        (None, _) if text.starts_with('|') || is_shell(text) => (Some(Keyword::Run), text),
        other => other,
    }
}

/// The keyword that a text begins with.
fn leading(text: &str) -> (Option<Keyword>, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let keyword = KEYWORDS.iter().find(|keyword| keyword.as_str().eq_ignore_ascii_case(word));
    match keyword {
        Some(keyword) if word.chars().all(|letter| letter.is_ascii_uppercase()) => (Some(*keyword), rest.trim_start()),
        _ => (None, text),
    }
}

/// `/bin/sh -c …`, `cmd /S /C …`.
fn is_shell(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let name = first.rsplit(['/', '\\']).next().unwrap_or(first).to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    ["ash", "bash", "cmd", "dash", "ksh", "powershell", "pwsh", "sh", "zsh"].contains(&name)
}

/// `file:HASH in /dst`, `multi:HASH in /dst`, with flags in front → `/dst`.
fn hashed(text: &str) -> Option<&str> {
    let (sources, destination) = text.split_once(" in ")?;
    let last = sources.rsplit(' ').next().unwrap_or(sources);
    let (kind, hash) = last.split_once(':')?;
    let is_hash = hash.len() >= 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    (["dir", "file", "multi"].contains(&kind) && is_hash).then(|| destination.trim())
}

/// Every stretch of white space as one blank.
pub(super) fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether what stands before a RUN's command is build arguments and a shell (`shell`, if it is known which), or less.
pub(super) fn run_prefix_fits(prefix: &str, shell: Option<&str>) -> bool {
    let prefix = prefix.trim_end();
    if prefix.is_empty() || is_arguments(prefix) {
        return true;
    }
    let rest = match shell {
        Some(shell) => prefix.strip_suffix(shell),
        None => shell_at_end(prefix),
    };
    rest.map(str::trim_end).is_some_and(|rest| rest.is_empty() || is_arguments(rest))
}

/// What stands before a shell and its options at the end of a text.
fn shell_at_end(text: &str) -> Option<&str> {
    let last = text.rsplit(' ').next().filter(|last| last.starts_with(['-', '/']))?;
    let mut end = text.len().checked_sub(last.len())?;
    for _ in 0..8 {
        let before = text.get(..end)?.trim_end();
        let start = before.rfind(' ').map_or(0, |at| at + 1);
        if is_shell(before.get(start..)?) {
            return before.get(..start);
        }
        end = start;
        if start == 0 {
            break;
        }
    }
    None
}

/// `|2 A=b C=d e`: as many variables as it says, whose values may hold blanks.
fn is_arguments(text: &str) -> bool {
    let Some((count, rest)) = text.strip_prefix('|').and_then(|text| text.split_once(' ')) else { return false };
    let assignments = rest.split(' ').filter(|word| {
        let name = word.split_once('=').map_or("", |(name, _)| name);
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    count.parse().is_ok_and(|count: usize| count > 0 && assignments.count() >= count)
}

/// The instruction that an entry names.
pub(super) fn keyword(created_by: &str) -> Option<Keyword> {
    parts(created_by).0
}

/// The script of a RUN, line breaks kept.
pub(super) fn script(created_by: &str) -> &str {
    command(parts(created_by).1)
}

/// A history entry as one would write the instruction: `RUN make`, `COPY dir:… in /app`, without the builder's own marks.
pub fn shown_instruction(created_by: &str) -> String {
    let (keyword, rest) = parts(created_by);
    let rest = squeeze(rest);
    match keyword {
        Some(Keyword::Run) => format!("RUN {}", command(&rest)),
        Some(keyword) => match hashed(&rest) {
            Some(destination) => format!("{} … {destination}", keyword.as_str()),
            None => format!("{} {rest}", keyword.as_str()),
        },
        None => rest,
    }
}

/// A RUN's command without variables and shell, as far as these can be told.
pub(super) fn command(text: &str) -> &str {
    for (at, _) in text.match_indices(" -").chain(text.match_indices(" /")).take(64) {
        let rest = text.get(at + 1..).unwrap_or_default();
        let end = rest.find(' ').map_or(text.len(), |length| at + 1 + length);
        let ends_options = text.get(..end).is_some_and(|prefix| {
            (prefix.ends_with('c') || prefix.ends_with('C') || prefix.ends_with("ommand"))
                && run_prefix_fits(prefix, None)
        });
        if ends_options {
            return text.get(end..).unwrap_or_default().trim_start();
        }
    }
    text
}
