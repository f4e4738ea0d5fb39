//! Ignore files: the first line is a path, the rest the file. What may be skipped never comes back.
#![no_main]

use jettison_dockerfile::ignore::{IgnoreFile, Matcher, pattern_matches};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (path, rest) = text.split_once('\n').unwrap_or((&text, "*"));
    let path = path.trim_matches('/');
    let matcher = Matcher::new(&IgnoreFile::parse(rest.as_bytes()));
    let ignored = matcher.is_ignored(path);
    let (folder, parents) = path.rsplit_once('/').map_or(("", None), |(folder, _)| (folder, Some(folder)));
    let level = parents.map(|_| {
        let above = folder.match_indices('/').map(|(at, _)| &folder[..at]);
        let top = above.fold(None, |level, path| Some(matcher.level(level.as_ref(), path)));
        matcher.level(top.as_ref(), folder)
    });
    assert_eq!(matcher.is_ignored_in(&level.unwrap_or_default(), path), ignored);
    for (at, _) in path.match_indices('/') {
        let folder = &path[..at];
        if matcher.is_ignored(folder) && matcher.skips_all_below(folder) {
            assert!(ignored, "{path} came back below {folder}");
        }
    }
    for line in rest.lines().take(4) {
        pattern_matches(line, path);
    }
});
