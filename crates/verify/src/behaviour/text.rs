//! Two texts, compared line by line and word by word: where they differ, and which of those places may differ.

use std::collections::BTreeSet;

/// A place: 0-based line, and 0-based word in it; no word means the whole line.
pub type Place = (usize, Option<usize>);

/// Where two texts differ; none if they do not even have the same number of lines.
pub fn differences(a: &str, b: &str) -> Option<BTreeSet<Place>> {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split('\n').collect(), b.split('\n').collect());
    if a.len() != b.len() {
        return None;
    }
    let pairs = a.iter().zip(&b).enumerate().filter(|(_, (a, b))| a != b);
    Some(pairs.flat_map(|(line, (a, b))| in_line(line, a, b)).collect())
}

fn in_line(line: usize, a: &str, b: &str) -> Vec<Place> {
    let (a, b) = (words(a), words(b));
    if a.len() != b.len() {
        return vec![(line, None)];
    }
    let differing = a.iter().zip(&b).enumerate().filter(|(_, (a, b))| a != b);
    differing.map(|(word, _)| (line, Some(word))).collect()
}

/// Differences of two runs of the same thing as a mask. A clock that ticked in its seconds will tick in its hours and days too, so
/// the words of a date or time mask their neighbours.
pub fn mask_of(differing: BTreeSet<Place>, text: &str) -> BTreeSet<Place> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut mask = differing.clone();
    for (line, word) in differing {
        let (Some(word), Some(text)) = (word, lines.get(line)) else { continue };
        let words = words(text);
        if !words.get(word).is_some_and(|word| is_clock(word)) {
            continue;
        }
        let after = (word..words.len()).take_while(|at| words.get(*at).is_some_and(|word| is_clock_or_gap(word)));
        let before = (0..word).rev().take_while(|at| words.get(*at).is_some_and(|word| is_clock_or_gap(word)));
        mask.extend(after.chain(before).map(|at| (line, Some(at))));
    }
    mask
}

/// Whether a difference may be there.
pub fn is_masked(mask: &BTreeSet<Place>, (line, word): Place) -> bool {
    mask.contains(&(line, None)) || mask.contains(&(line, word))
}

/// Words and what stands between them, in turn. A time, a version, a path without quotes is one word.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in line.char_indices() {
        let separates = c.is_whitespace() || "\"'`<>()[]{},;=&|".contains(c);
        if last.is_some_and(|last| last != separates) {
            words.push(line.get(start..at).unwrap_or_default());
            start = at;
        }
        last = Some(separates);
    }
    words.push(line.get(start..).unwrap_or_default());
    words
}

fn is_clock_or_gap(word: &str) -> bool {
    let gap = !word.is_empty() && word.chars().all(|c| c == ' ' || c == ',');
    gap || is_clock(word)
}

/// `12:00:05.123`, `2024-11-21T12:00:05Z`, `21`, `Nov`, `GMT`, `+0000`, `PM`.
fn is_clock(word: &str) -> bool {
    const NAMES: [&str; 25] = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
        "oct", "nov", "dec", "gmt", "utc", "am", "pm", "cet", "cest",
    ];
    let lower = word.to_ascii_lowercase();
    let digits = lower.bytes().any(|byte| byte.is_ascii_digit());
    if digits {
        return lower.len() <= 40 && lower.bytes().all(|byte| byte.is_ascii_digit() || b":.-/+tz".contains(&byte));
    }
    NAMES.iter().any(|name| lower == *name || (lower.len() > 3 && name.len() == 3 && lower.starts_with(name)))
}

/// A line without what changes from run to run: numbers and hexadecimal ids.
pub fn skeleton(line: &str) -> String {
    let words = line.split_whitespace().map(|word| {
        let id = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if id { "#".to_owned() } else { word.chars().filter(|c| !c.is_ascii_digit()).collect() }
    });
    words.collect::<Vec<String>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(a: &str, b: &str, c: &str) -> usize {
        let mask = mask_of(differences(a, b).unwrap(), a);
        differences(a, c).unwrap().into_iter().filter(|place| !is_masked(&mask, *place)).count()
    }

    #[test]
    fn a_word_that_differs_by_itself_does_not_hide_its_line() {
        assert_eq!(left("<p>id 17 of <b>all</b>", "<p>id 18 of <b>all</b>", "<p>id 99 of <b>all</b>"), 0);
        assert_eq!(left("<p>id 17 of <b>all</b>", "<p>id 18 of <b>all</b>", "<p>id 99 of <b>none</b>"), 1);
    }

    #[test]
    fn a_clock_may_move_on_by_more_than_it_did() {
        let (a, b) = ("at Thu, 21 Nov 2024 12:00:05 GMT, fine", "at Thu, 21 Nov 2024 12:00:06 GMT, fine");
        assert_eq!(left(a, b, "at Fri, 22 Dec 2025 00:10:59 GMT, fine"), 0);
        assert_eq!(left(a, b, "at Fri, 22 Dec 2025 00:10:59 GMT, bad"), 1);
    }

    #[test]
    fn another_number_of_lines_cannot_be_placed() {
        assert_eq!(differences("a\nb", "a"), None);
    }

    #[test]
    fn words_join_to_the_line_again() {
        for line in ["", " a b", "a=1&b='é'", "<<x>>"] {
            assert_eq!(words(line).concat(), line);
        }
    }
}
