//! What a RUN deletes: `rm` and `find … -delete` by the paths that they name, however these are written.

use super::Step;
use super::call::Call;

impl Step<'_> {
    /// Whether a command behind the call `from` deletes `path`, all that is in it, or a folder above it.
    pub fn deletes_after(&self, from: usize, path: &str) -> bool {
        self.calls.iter().skip(from + 1).any(|call| deletes(call, path))
    }
}

/// Whether a command deletes `path` (absolute, without a slash at its end), all that is in it, or a folder above it.
pub fn deletes(call: &Call<'_>, path: &str) -> bool {
    let searches = call.is("find") && call.args.iter().any(|arg| ["-delete", "rm"].contains(&arg.text()));
    if !call.is("rm") && !searches {
        return false;
    }
    call.args.iter().filter(|arg| !arg.text().starts_with('-')).any(|arg| {
        let written = arg.value.as_deref().unwrap_or(&arg.word.raw);
        alternatives(written).iter().any(|one| covers(one, path))
    })
}

/// Whether deleting what is written deletes `path` or all that is in it.
fn covers(written: &str, path: &str) -> bool {
    let home = [("$HOME", "/root"), ("${HOME}", "/root"), ("~", "/root")];
    let written = written.trim_matches(['"', '\'']);
    let written = match home.iter().find_map(|(sign, home)| Some((written.strip_prefix(sign)?, home))) {
        Some((rest, home)) => format!("{home}{rest}"),
        None => written.to_owned(),
    };
    let mut folder = written.as_str();
    loop {
        let shorter = folder.trim_end_matches('/');
        let (above, last) = shorter.rsplit_once('/').unwrap_or((shorter, ""));
        let is_all = !last.is_empty() && last.bytes().all(|byte| b"*._".contains(&byte)) && last.contains('*');
        folder = if is_all { above } else { shorter };
        if !is_all {
            break;
        }
    }
    !folder.is_empty() && path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `/var/{a,b}/c` → `/var/a/c`, `/var/b/c`; the first braces only.
fn alternatives(written: &str) -> Vec<String> {
    let braces = written.find('{').and_then(|open| Some((open, open + written[open..].find('}')?)));
    match braces {
        Some((open, close)) if written[open..close].contains(',') && !written[..open].ends_with('$') => {
            let (before, behind) = (&written[..open], &written[close + 1..]);
            written[open + 1..close].split(',').map(|part| format!("{before}{part}{behind}")).collect()
        }
        _ => vec![written.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::{alternatives, covers};

    #[test]
    fn deleting_a_folder_or_what_is_in_it_or_what_is_above_it_counts() {
        let lists = "/var/lib/apt/lists";
        for written in
            ["/var/lib/apt/lists", "/var/lib/apt/lists/", "/var/lib/apt/lists/*", "/var/lib/apt", "/var/lib/apt/*"]
        {
            assert!(covers(written, lists), "{written}");
        }
        for written in ["/var/lib/apt/lists/partial", "/var/lib/apt/li", "/var/cache/apt", "/tmp/*"] {
            assert!(!covers(written, lists), "{written}");
        }
        assert!(covers("~/.cache/*", "/root/.cache/pip"));
        assert_eq!(alternatives("/var/{a,b}/"), ["/var/a/", "/var/b/"]);
    }
}
