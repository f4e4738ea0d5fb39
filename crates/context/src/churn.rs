//! How often paths change, from git's own words. Pure: whoever calls starts git (with [`GIT_LOG_ARGS`], in the context
//! folder) and hands over what it printed.

use std::collections::{BTreeMap, BTreeSet};

/// How many commits are looked at.
pub const CHURN_COMMITS: usize = 500;

/// What to call git with. `--no-optional-locks` because the user's tree is read only; `--relative` because paths are those of
/// the context, which may be a subfolder; `-z` because names may hold anything but NUL. git-log(1).
pub const GIT_LOG_ARGS: [&str; 9] = [
    "--no-optional-locks",
    "log",
    "--max-count=500",
    "--name-only",
    "--no-renames",
    "--relative",
    "-z",
    "--format=tformat:%x01",
    "--",
];

/// Commits that touched each file and each folder (`""` is the root), among those printed. Any text gives a map.
pub fn parse_git_log(log: &str) -> BTreeMap<String, u32> {
    let mut commits: BTreeMap<String, u32> = BTreeMap::new();
    for commit in log.split('\u{1}').skip(1) {
        for path in touched(commit) {
            let count = commits.entry(path.to_owned()).or_default();
            *count = count.saturating_add(1);
        }
    }
    commits
}

/// The files of one commit and the folders above them, each once.
fn touched(commit: &str) -> BTreeSet<&str> {
    let mut paths = BTreeSet::new();
    for file in commit.split('\0').map(|name| name.trim_start_matches('\n')).filter(|name| !name.is_empty()) {
        paths.insert(file);
        paths.extend(file.match_indices('/').filter_map(|(at, _)| file.get(..at)));
        paths.insert("");
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\u{1}\0\nsrc/app.py\0src/deep/a b.py\0\u{1}\0\u{1}\0\nsrc/app.py\0README.md\0";

    #[test]
    fn counts_commits_for_files_and_the_folders_above_them() {
        let churn = parse_git_log(LOG);
        assert_eq!(churn["src/app.py"], 2);
        assert_eq!(churn["src/deep/a b.py"], 1);
        assert_eq!(churn["src/deep"], 1);
        assert_eq!(churn["src"], 2, "two files of one commit touch their folder once");
        assert_eq!(churn[""], 2, "the empty commit touches nothing");
    }

    #[test]
    fn takes_any_text() {
        assert!(parse_git_log("").is_empty());
        assert!(parse_git_log("fatal: not a git repository\n").is_empty());
        assert_eq!(parse_git_log("\u{1}\0\n/\0")["/"], 1);
    }

    #[test]
    fn asks_git_for_as_many_commits_as_it_says() {
        assert!(GIT_LOG_ARGS.contains(&format!("--max-count={CHURN_COMMITS}").as_str()));
    }
}
