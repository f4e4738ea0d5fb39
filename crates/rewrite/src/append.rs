//! One more command at the end of a RUN: by `&&` in a list, as a line of its own in a here-document.

use jettison_dockerfile::shell::Script;
use jettison_dockerfile::{Dockerfile, Instruction, Keyword};
use jettison_model::Edit;

use crate::lines::Lines;

/// Commands behind which nothing runs.
const LAST: [&str; 3] = ["exec", "exit", "return"];

/// Adds `command` behind all others of a RUN whose script is `script`. None where it would not run or would not be read: the
/// script ends in a comment, in `;`, in the background or in `exec`, or the RUN feeds here-documents to a command.
pub fn append_command(
    dockerfile: &Dockerfile,
    instruction: &Instruction,
    script: &Script,
    command: &str,
) -> Option<Edit> {
    let last = script.items.last()?;
    let ends = script.simple_commands().last().and_then(|simple| simple.words.first()).map(|word| word.raw.as_str());
    if instruction.keyword != Keyword::Run || last.background || ends.is_some_and(|name| LAST.contains(&name)) {
        return None;
    }
    let source = dockerfile.source();
    let is_blank =
        |from: u32, to: u32| source.get(from as usize..to as usize).is_some_and(|text| text.trim_ascii().is_empty());
    if let [heredoc] = instruction.heredocs.as_slice() {
        let inside = heredoc.body.contains(last.span);
        let plain = dockerfile.line_end() == "\n" && is_blank(last.span.end, heredoc.body.end);
        return (inside && plain).then(|| Edit::insert(heredoc.body.end as usize, format!("{command}\n")));
    }
    let plain = instruction.heredocs.is_empty() && is_blank(last.span.end, instruction.body.span.end);
    let join = Lines::new(dockerfile).and_in(instruction);
    plain.then(|| Edit::insert(last.span.end as usize, format!("{join}{command}")))
}
