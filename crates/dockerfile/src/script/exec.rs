//! The script in an exec form: `["sh", "-c", "script"]`, decoded, with the place of every character. What else an exec form runs
//! is no script. Reference: RFC 8259 section 7; POSIX `sh` (options before the command string).

use std::ops::Range;

use super::{SH, ShellText, base_name};
use crate::shell::Options;
use crate::syntax::Joiner;
use crate::{Instruction, Text, Word};

/// The script of an exec form; none if it does not start a shell with one.
pub(super) fn script(instruction: &Instruction, words: &[Word]) -> Option<ShellText> {
    let shell = base_name(words.first()?.raw.as_ref());
    let takes_text = |word: &Word| word.raw.strip_prefix('-').is_some_and(is_c);
    let at = 1 + words.get(1..)?.iter().take_while(|word| word.raw.starts_with('-')).position(takes_text)? + 1;
    let word = words.get(at).filter(|_| SH.contains(&shell))?;
    let inside = strings(&instruction.body.text).nth(at)?;
    let text = decoded(&instruction.body, inside, &word.raw);
    let options = Options::of_arguments(words[1..at].iter().map(|word| word.raw.as_str()));
    Some(ShellText { text, shell: Some(shell.to_owned()), options })
}

/// `c`, `ec`, `euxc`: letters of which the last one takes the script.
fn is_c(letters: &str) -> bool {
    letters.ends_with('c') && letters.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Where the strings of a JSON array stand in its text, without their quotes.
fn strings(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(|byte| *byte == b'"')? + 1;
        let mut end = start;
        while *bytes.get(end)? != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        at = end + 1;
        Some(start..end)
    })
}

/// `value` as a text whose characters stand where `range` of `body` writes them.
fn decoded(body: &Text, range: Range<usize>, value: &str) -> Text {
    let mut joiner = Joiner::default();
    let (mut at, mut plain) = (range.start, range.start);
    for (index, char) in value.char_indices() {
        let written = written(body.text.get(at..range.end).unwrap_or_default(), char);
        if written.is_escape {
            joiner.push_text(&body.slice(plain..at));
            joiner.push_piece(&value[index..index + char.len_utf8()], body.source_span(at..at + written.length));
            plain = at + written.length;
        }
        at += written.length;
    }
    joiner.push_text(&body.slice(plain..at));
    joiner.finish(body.source_span(range.start..range.start).start as usize)
}

/// How one character stands in a JSON string.
struct Written {
    is_escape: bool,
    /// In bytes.
    length: usize,
}

fn written(text: &str, char: char) -> Written {
    let length = match text.as_bytes() {
        [b'\\', b'u', ..] if char as u32 > 0xFFFF => 12,
        [b'\\', b'u', ..] => 6,
        [b'\\', ..] => 2,
        _ => return Written { is_escape: false, length: char.len_utf8() },
    };
    Written { is_escape: true, length }
}

#[cfg(test)]
mod tests {
    use crate::parse;

    /// The script of the last instruction, with the source that each of `wanted` stands for.
    fn places(source: &str, wanted: &[&str]) -> (String, Vec<String>) {
        let dockerfile = parse(source.as_bytes());
        let script = dockerfile.instructions().last().unwrap().shell_text(&dockerfile).unwrap();
        let text = script.text.text.to_string();
        let place = |part: &&str| {
            let at = text.find(part).unwrap();
            dockerfile.text_of(script.text.source_span(at..at + part.len())).into_owned()
        };
        (text.clone(), wanted.iter().map(place).collect())
    }

    #[test]
    fn escapes_of_json_have_their_places() {
        let source = r#"FROM a
RUN ["/bin/bash", "-euc", "echo \"$A\" \u0024B \ud83d\ude00 $C"]
"#;
        let (text, found) = places(source, &["$A", "$B", "😀", "$C"]);
        assert_eq!(text, "echo \"$A\" $B 😀 $C");
        assert_eq!(found, ["$A", r"\u0024B", r"\ud83d\ude00", "$C"]);
    }

    #[test]
    fn a_script_goes_over_continued_lines() {
        let (text, found) = places("FROM a\nCMD [\"sh\", \\\n  \"-c\", \"echo $A \\\n $B\"]\n", &["$A", "$B"]);
        assert_eq!((text.as_str(), found), ("echo $A  $B", vec!["$A".to_owned(), "$B".to_owned()]));
    }

    #[test]
    fn programs_that_are_no_shell_have_no_script() {
        for source in [
            "FROM a\nRUN [\"echo\", \"-c\", \"$A\"]\n",
            "FROM a\nRUN [\"sh\", \"x.sh\", \"-c\", \"$A\"]\n",
            "FROM a\nRUN [\"sh\"]\n",
        ] {
            let dockerfile = parse(source.as_bytes());
            assert_eq!(dockerfile.instructions().last().unwrap().shell_text(&dockerfile), None, "{source}");
        }
    }
}
