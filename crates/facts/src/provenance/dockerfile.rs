//! A history as a Dockerfile: what can be said of an image whose Dockerfile nobody has. Sources of COPY and ADD are not in a history,
//! and values are written there as Go prints them; what cannot be written as an instruction becomes a comment.

use jettison_dockerfile::{DiagnosticKind, Keyword, parse};
use jettison_model::HistoryEntry;

use super::entry::{Entry, script};

/// From `scratch`, the oldest entry first, an instruction an entry.
pub fn as_dockerfile(history: &[HistoryEntry]) -> String {
    let mut text = String::from("FROM scratch\n");
    for entry in history.iter().filter(|entry| !entry.created_by.trim().is_empty()) {
        let line = instruction(entry).filter(|line| is_accepted(line));
        let line =
            line.unwrap_or_else(|| format!("# {}", entry.created_by.split_whitespace().collect::<Vec<_>>().join(" ")));
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// Whether a builder takes it.
fn is_accepted(line: &str) -> bool {
    let dockerfile = parse(format!("FROM scratch\n{line}\n").into_bytes());
    let one = dockerfile.instructions().len() == 2;
    one && !dockerfile.diagnostics().iter().any(|diagnostic| diagnostic.kind == DiagnosticKind::Error)
}

fn instruction(history: &HistoryEntry) -> Option<String> {
    let entry = Entry::read(history);
    let keyword = entry.keyword?;
    let text = entry.text.as_str();
    let rest = match keyword {
        Keyword::From => return None,
        Keyword::Run => return Some(run(script(&history.created_by))),
        // an archive, so that it is one that ADD is for
        Keyword::Add if entry.destination.is_some() => format!("rootfs.tar {}", entry.destination?),
        Keyword::Copy if entry.destination.is_some() => format!("file {}", entry.destination?),
        Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => command(text),
        Keyword::Env | Keyword::Label => pairs(text),
        Keyword::Expose => text.strip_prefix("map[").map_or(text.to_owned(), ports),
        Keyword::Volume => text.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(text).to_owned(),
        Keyword::Healthcheck => healthcheck(text),
        _ => text.to_owned(),
    };
    Some(format!("{} {rest}", keyword.as_str()))
}

/// On one line, or in a heredoc.
fn run(script: &str) -> String {
    let script = script.trim();
    if !script.contains('\n') {
        return format!("RUN {script}");
    }
    format!("RUN <<'HISTORY'\n{script}\nHISTORY")
}

/// `["a" "b"]`, as Go prints a list, or `[a b]`, as the classic builder prints a shell.
fn command(text: &str) -> String {
    let Some(list) = text.strip_prefix('[').and_then(|list| list.strip_suffix(']')) else { return text.to_owned() };
    let words: Vec<String> = if list.contains('"') {
        let joined = list.replace("\", \"", "\" \"").replace("\",\"", "\" \"");
        joined.trim().trim_matches('"').split("\" \"").map(str::to_owned).collect()
    } else {
        list.split_whitespace().map(str::to_owned).collect()
    };
    match &words[..] {
        [shell, flag, script] if shell == "/bin/sh" && flag == "-c" => script.replace("\\\"", "\""),
        words => format!("[{}]", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")),
    }
}

/// One pair whose value has blanks is quoted; several pairs are as they are.
fn pairs(text: &str) -> String {
    let Some((name, value)) = text.split_once('=') else { return text.to_owned() };
    let several = value.split(' ').skip(1).any(|word| word.contains('='));
    if several || !value.contains(' ') || value.starts_with(['"', '\'']) {
        return text.to_owned();
    }
    format!("{name}=\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `80/tcp:{} 443/tcp:{}]`
fn ports(list: &str) -> String {
    list.trim_end_matches(']').split_whitespace().map(|port| port.trim_end_matches(":{}")).collect::<Vec<_>>().join(" ")
}

/// `&{["CMD-SHELL" "curl localhost"] "30s" "3s" "0s" '\x00'}`: the command alone.
fn healthcheck(text: &str) -> String {
    let list = text.strip_prefix("&{[").and_then(|rest| rest.split_once(']')).map(|(list, _)| list);
    match list.map(|list| list.trim_matches('"').split("\" \"").collect::<Vec<_>>()).as_deref() {
        Some(["NONE"]) => "NONE".to_owned(),
        Some(["CMD-SHELL", script]) => format!("CMD {}", script.replace("\\\"", "\"")),
        Some(["CMD", words @ ..]) => {
            format!("CMD [{}]", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "))
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(lines: &[&str]) -> String {
        let entry = |line: &&str| HistoryEntry { created_by: (*line).to_owned(), ..HistoryEntry::default() };
        as_dockerfile(&lines.iter().map(entry).collect::<Vec<_>>())
    }

    #[test]
    fn what_builders_write_becomes_instructions() {
        let hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let text = written(&[
            &format!("/bin/sh -c #(nop) ADD file:{hash} in / "),
            "/bin/sh -c #(nop)  CMD [\"bash\"]",
            "ENV GREETING=hello world",
            "RUN |1 A=b /bin/sh -c apt-get update && apt-get install -y curl # buildkit",
            "/bin/sh -c make",
            "COPY . /app # buildkit",
            "EXPOSE map[80/tcp:{} 443/tcp:{}]",
            "VOLUME [/data]",
            "HEALTHCHECK &{[\"CMD-SHELL\" \"curl localhost\"] \"30s\" \"3s\" \"0s\" \"0s\" '\\x00'}",
            "CMD [\"/bin/sh\" \"-c\" \"node server.js\"]",
            "ENTRYPOINT [\"/bin/a\" \"-b\"]",
            "bazel build ...",
        ]);
        let expected = "FROM scratch\nADD rootfs.tar /\nCMD [\"bash\"]\nENV GREETING=\"hello world\"\nRUN apt-get update && apt-get install -y curl\nRUN make\nCOPY . /app\nEXPOSE 80/tcp 443/tcp\nVOLUME /data\nHEALTHCHECK CMD curl localhost\nCMD node server.js\nENTRYPOINT [\"/bin/a\", \"-b\"]\n# bazel build ...\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_text_is_always_one_that_a_builder_takes() {
        let text = written(&[
            "RUN <<EOF (cmd...)",
            "COPY onlyone # buildkit",
            "ENV",
            "\n",
            "RUN /bin/sh -c a\nb <<X\n",
            "ONBUILD FROM x",
        ]);
        let dockerfile = parse(text.clone().into_bytes());
        assert!(!dockerfile.diagnostics().iter().any(|one| one.kind == DiagnosticKind::Error), "{text}");
    }
}
