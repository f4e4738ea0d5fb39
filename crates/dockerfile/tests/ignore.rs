//! Ignore files: tables, and a slow reference that the compiled matcher is compared with.

use jettison_dockerfile::ignore::{IgnoreFile, Level, Matcher, pattern_matches};
use proptest::prelude::*;

fn matcher(text: &str) -> Matcher {
    Matcher::new(&IgnoreFile::parse(text.as_bytes()))
}

fn check(text: &str, ignored: &[&str], kept: &[&str]) {
    let matcher = matcher(text);
    for path in ignored {
        assert!(matcher.is_ignored(path), "{path} is kept by {text:?}");
    }
    for path in kept {
        assert!(!matcher.is_ignored(path), "{path} is ignored by {text:?}");
    }
}

#[test]
fn reads_lines_as_the_builder_does() {
    let text = "\u{feff}# no\n #yes\r\n\n  ! a/../b/ \r\n/c/./d//\n!\n[\n./!e\n..\\\\f\n";
    let file = IgnoreFile::parse(text.as_bytes());
    let read: Vec<_> = file.patterns.iter().map(|one| (one.text.as_str(), one.negated)).collect();
    assert_eq!(read, [("#yes", false), ("b", true), ("c/d", false), ("e", true), ("..\\\\f", false)]);
    assert_eq!(file.errors.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 7]);
    let span = file.patterns[1].span.range();
    assert_eq!(&text[span], "  ! a/../b/ ");
}

#[test]
fn names_are_anchored_and_cover_what_is_below() {
    check("a\n/b/\nc/d", &["a", "a/x/y", "b", "b/x", "c/d", "c/d/e"], &["x/a", "ab", "c", "c/dd", "d"]);
    check(".", &[], &["a", "a/b"]);
    check("", &[], &["a"]);
}

#[test]
fn stars_stay_in_a_folder_and_double_stars_do_not() {
    check("*.md", &["a.md", ".md", "a.md/x"], &["d/a.md", "a.mdx"]);
    check("**/*.md", &["a.md", "d/a.md", "d/e/a.md"], &["a.txt"]);
    check("**/a", &["a", "x/a", "x/y/a/z"], &["xa", "x/ya"]);
    check("a/**/b", &["a/b", "a/x/b", "a/x/y/b/c"], &["a", "ab", "a/xb"]);
    check("a/**", &["a/b", "a/b/c"], &["a", "b"]);
    check("**", &["a", "a/b"], &[]);
    check("a?c", &["abc", "aéc"], &["ac", "a/c"]);
    check("*/*/x", &["a/b/x"], &["a/x", "a/b/c/x"]);
    check("**a", &["a", "ba", "x/ba"], &["ab"]);
}

#[test]
fn bars_and_braces_beside_a_wildcard_mean_what_moby_lets_through() {
    check("a|b", &["a|b"], &["a", "b"]);
    check("*.a|*.b", &["x.a", "x.abc", "d/x.b"], &["d/x.a", "x.bc"]);
    check("x{2}?", &["xxy"], &["x{2}y", "xy"]);
    check("[ab]{1,2}", &["a", "ab"], &["aba"]);
    check("x{2,}?", &["xxy", "xxxxy"], &["xy"]);
    check("*.{js,ts}", &["x.{js,ts}"], &["x.js"]);
}

#[test]
fn tells_lines_that_are_refused_from_patterns_that_cannot_be_used() {
    let file = IgnoreFile::parse(b"ok\n[a\n!\na*[b\nx{2000}?\n");
    let lines = |list: &[(u32, String)]| list.iter().map(|(line, _)| *line).collect::<Vec<_>>();
    assert_eq!((lines(&file.errors), lines(&file.broken)), (vec![2, 3], vec![4, 5]));
    assert_eq!(file.patterns.len(), 3);
}

#[test]
fn classes_are_those_of_go() {
    check("[a-c]x", &["ax", "cx"], &["dx", "x"]);
    check("[^a]x", &["bx"], &["ax"]);
    check("[!a]x", &["ax", "!x"], &["bx"]);
    check("[\\]]x", &["]x"], &["\\x"]);
    check("a\\*", &["a*"], &["ab"]);
    check("\\d", &["7"], &["d"]);
    check("x[[:digit:]]", &["x7"], &["xd"]);
    check("\\x41*", &["Ab"], &["x41"]);
    check("[\\x61-c]\\101\\x{42}", &["bAB"], &["dAB"]);
}

#[test]
fn last_match_wins() {
    check("*\n!a\n!b/c", &["x", "b", "b/x"], &["a", "a/x", "b/c", "b/c/d"]);
    check("a\n!a/b\na/b/c", &["a", "a/x", "a/b/c"], &["a/b", "a/b/d"]);
    check("!a\na", &["a", "a/b"], &[]);
    check("**\n!**/*.go\nx/**", &["a.md", "x/a.go"], &["a.go", "d/a.go"]);
}

#[test]
fn a_pattern_that_was_not_asked_hands_nothing_down() {
    check("a/b\n!a", &["a/b", "a/b/c"], &["a", "a/c"]);
}

#[test]
fn folders_are_skipped_only_where_nothing_comes_back() {
    let skips = |text: &str, path: &str| matcher(text).skips_all_below(path);
    assert!(skips("a", "a"));
    assert!(skips("a\nb\n!b/c", "a"));
    assert!(!skips("a\n!a/b/c", "a"));
    assert!(!skips("a\n!a/b/c", "a/b"));
    assert!(skips("a\n!a/b/c", "a/x"));
    assert!(skips("a\n!ab", "a"));
    assert!(!skips("a\n!**/x", "a"));
    assert!(!skips("a\n!a/*.md", "a"));
    assert!(skips("a\n!b/*.md", "a"));
    assert!(skips("*\n!a", "b"));
}

#[test]
fn one_pattern_matches_whole_paths() {
    assert!(pattern_matches("*.py", "a.py") && !pattern_matches("*.py", "d/a.py"));
    assert!(pattern_matches("./src/*", "src/a") && !pattern_matches("src", "src/a"));
    assert!(!pattern_matches("[", "[") && !pattern_matches("", "a"));
}

#[test]
fn many_stars_cost_no_more_than_they_are_long() {
    let pattern = "*a".repeat(60) + "b";
    let path = "a".repeat(4_000);
    assert!(!pattern_matches(&pattern, &path));
    assert!(!pattern_matches(&"**/a/".repeat(40), &"a/".repeat(500)));
}

/// moby's rules, written down as plainly as can be: every pattern is asked for every folder on the way.
struct Slow<'a> {
    patterns: &'a [(String, bool)],
}

impl Slow<'_> {
    fn is_ignored(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').collect();
        let mut handed_down = vec![false; self.patterns.len()];
        let mut ignored = false;
        for depth in 1..=parts.len() {
            let path = parts[..depth].join("/");
            ignored = false;
            for (index, (pattern, negated)) in self.patterns.iter().enumerate() {
                if !handed_down[index] && *negated == ignored {
                    handed_down[index] = slow_match(pattern, &path);
                }
                if handed_down[index] {
                    ignored = !negated;
                }
            }
        }
        ignored
    }
}

fn slow_match(pattern: &str, path: &str) -> bool {
    if let Some(end) = pattern.strip_prefix("**").filter(|end| !end.contains(['*', '?', '['])) {
        return path.ends_with(end) || end.strip_prefix('/') == Some(path);
    }
    let pattern: Vec<char> = pattern.chars().collect();
    slow(&pattern, &path.chars().collect::<Vec<_>>())
}

fn slow(pattern: &[char], path: &[char]) -> bool {
    match pattern {
        [] => path.is_empty(),
        ['*', '*', rest @ ..] => {
            let rest = rest.strip_prefix(&['/']).unwrap_or(rest);
            let folders = (1..=path.len()).filter(|end| path[end - 1] == '/');
            rest.is_empty() || slow(rest, path) || folders.into_iter().any(|end| slow(rest, &path[end..]))
        }
        ['*', rest @ ..] => {
            slow(rest, path) || (path.first().is_some_and(|one| *one != '/') && slow(pattern, &path[1..]))
        }
        ['?', rest @ ..] => path.first().is_some_and(|one| *one != '/') && slow(rest, &path[1..]),
        ['[', one, ']', rest @ ..] => path.first() == Some(one) && slow(rest, &path[1..]),
        [one, rest @ ..] => path.first() == Some(one) && slow(rest, &path[1..]),
    }
}

fn part() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "ab", "*", "**", "?", "a*", "*b", "[a]", "**a", "a**", "a.b", "?b*"])
}

fn file() -> impl Strategy<Value = Vec<(Vec<&'static str>, bool)>> {
    prop::collection::vec((prop::collection::vec(part(), 1..4), any::<bool>()), 1..6)
}

fn path() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "ab", "a.b", "bb", "aab"]);
    prop::collection::vec(name, 1..5).prop_map(|parts| parts.join("/"))
}

proptest! {
    #[test]
    fn agrees_with_the_slow_reference(file in file(), paths in prop::collection::vec(path(), 1..20)) {
        let patterns: Vec<(String, bool)> = file.iter().map(|(parts, negated)| (parts.join("/"), *negated)).collect();
        let text: String = patterns.iter().map(|(text, negated)| format!("{}{text}\n", if *negated { "!" } else { "" })).collect();
        let matcher = matcher(&text);
        let slow = Slow { patterns: &patterns };
        for path in &paths {
            prop_assert_eq!(matcher.is_ignored(path), slow.is_ignored(path), "{} with {:?}", path, &text);
        }
    }

    #[test]
    fn level_by_level_is_the_same(file in file(), path in path()) {
        let text: String = file.iter().map(|(parts, negated)| format!("{}{}\n", if *negated { "!" } else { "" }, parts.join("/"))).collect();
        let matcher = matcher(&text);
        let mut level: Option<Level> = None;
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            let next = matcher.level(level.as_ref(), &path[..end]);
            prop_assert_eq!(next.is_ignored(), matcher.is_ignored(&path[..end]));
            if next.is_ignored() && matcher.skips_all_below(&path[..end]) {
                prop_assert!(matcher.is_ignored(&path), "{} came back below {}", path, &path[..end]);
            }
            level = Some(next);
        }
    }

    #[test]
    fn never_panics(text in any::<Vec<u8>>(), path in ".{0,40}") {
        let file = IgnoreFile::parse(&text);
        let matcher = Matcher::new(&file);
        matcher.is_ignored(&path);
        matcher.skips_all_below(&path);
        pattern_matches(&String::from_utf8_lossy(&text), &path);
    }

    #[test]
    fn odd_patterns_never_panic(pattern in r"[\[\]\\^!*?a-c/.:-]{0,12}", path in "[a-c/.]{0,12}") {
        pattern_matches(&pattern, &path);
    }
}
