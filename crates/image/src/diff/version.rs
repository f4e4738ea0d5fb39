//! Which of two versions is later, by the rules of the manager that wrote them. Debian policy 5.6.12, rpm's rpmvercmp, Alpine's
//! apk_version.c, PEP 440, semantic versioning. Where the rules say nothing, neither do we.

use std::cmp::Ordering;

use crate::PackageKind;

/// The order of two versions of one package; none where they differ in a way that no rule orders.
pub fn compare_versions(kind: PackageKind, a: &str, b: &str) -> Option<Ordering> {
    if a == b {
        return Some(Ordering::Equal);
    }
    match kind {
        PackageKind::Deb => Some(debian(a, b)),
        PackageKind::Rpm => Some(with_epoch(a, b, rpm)),
        PackageKind::Apk => Some(alpine(a, b)),
        _ => language(a, b),
    }
}

fn with_epoch(a: &str, b: &str, rest: fn(&str, &str) -> Ordering) -> Ordering {
    let split = |text: &'_ str| -> (u64, usize) {
        match text.split_once(':') {
            Some((epoch, _)) if epoch.bytes().all(|byte| byte.is_ascii_digit()) => {
                (epoch.parse().unwrap_or(u64::MAX), epoch.len() + 1)
            }
            _ => (0, 0),
        }
    };
    let ((epoch_a, at_a), (epoch_b, at_b)) = (split(a), split(b));
    epoch_a.cmp(&epoch_b).then_with(|| rest(a.get(at_a..).unwrap_or(""), b.get(at_b..).unwrap_or("")))
}

fn debian(a: &str, b: &str) -> Ordering {
    with_epoch(a, b, |a, b| {
        let split = |text: &'_ str| text.rfind('-').unwrap_or(text.len());
        let (at_a, at_b) = (split(a), split(b));
        parts(a.get(..at_a).unwrap_or(a), b.get(..at_b).unwrap_or(b))
            .then_with(|| parts(a.get(at_a + 1..).unwrap_or(""), b.get(at_b + 1..).unwrap_or("")))
    })
}

/// Debian's order of upstream versions and of revisions: runs of other signs and of digits by turns; `~` is before the end.
fn parts(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let (words_a, words_b) =
            (take(&mut a, |byte| !byte.is_ascii_digit()), take(&mut b, |byte| !byte.is_ascii_digit()));
        let order = words(words_a, words_b);
        if order != Ordering::Equal {
            return order;
        }
        let order = numbers(take(&mut a, |byte| byte.is_ascii_digit()), take(&mut b, |byte| byte.is_ascii_digit()));
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn words(a: &str, b: &str) -> Ordering {
    let weight = |byte: Option<&u8>| match byte {
        Some(b'~') => -1,
        None => 0,
        Some(byte) if byte.is_ascii_alphabetic() => i32::from(*byte),
        Some(byte) => i32::from(*byte) + 256,
    };
    let (a, b) = (a.as_bytes(), b.as_bytes());
    (0..a.len().max(b.len()))
        .map(|at| weight(a.get(at)).cmp(&weight(b.get(at))))
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

/// Numbers of any length.
fn numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// The longest beginning of which every byte fits; bytes of longer signs fit nothing that asks for ASCII.
fn take<'a>(text: &mut &'a str, fits: fn(u8) -> bool) -> &'a str {
    let mut end = text.bytes().take_while(|byte| fits(*byte)).count();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (taken, rest) = text.split_at(end);
    *text = rest;
    taken
}

/// rpm's order: segments of digits or letters, everything between them ignored; digits are later than letters, `~` is before the
/// end and `^` after it.
fn rpm(mut a: &str, mut b: &str) -> Ordering {
    let between = |byte: u8| !byte.is_ascii_alphanumeric() && byte != b'~' && byte != b'^';
    loop {
        take(&mut a, between);
        take(&mut b, between);
        match (a.bytes().next(), b.bytes().next()) {
            (Some(b'~'), Some(b'~')) | (Some(b'^'), Some(b'^')) => (a, b) = (&a[1..], &b[1..]),
            (Some(b'~'), _) => return Ordering::Less,
            (_, Some(b'~')) => return Ordering::Greater,
            (None, None) => return Ordering::Equal,
            (Some(b'^'), None) => return Ordering::Greater,
            (None, Some(b'^')) => return Ordering::Less,
            (Some(b'^'), _) => return Ordering::Less,
            (_, Some(b'^')) => return Ordering::Greater,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(first), Some(second)) => {
                match segment(&mut a, &mut b, first.is_ascii_digit(), second.is_ascii_digit()) {
                    Ordering::Equal => {}
                    order => return order,
                }
            }
        }
    }
}

fn segment(a: &mut &str, b: &mut &str, digits_a: bool, digits_b: bool) -> Ordering {
    match (digits_a, digits_b) {
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (true, true) => numbers(take(a, |byte| byte.is_ascii_digit()), take(b, |byte| byte.is_ascii_digit())),
        (false, false) => take(a, |byte| byte.is_ascii_alphabetic()).cmp(take(b, |byte| byte.is_ascii_alphabetic())),
    }
}

/// Alpine's: numbers, a letter, `_alpha` … `_p`, `-rN`.
fn alpine(a: &str, b: &str) -> Ordering {
    let split = |text: &str| -> (String, u64) {
        match text.rsplit_once("-r") {
            Some((version, release)) if release.parse::<u64>().is_ok() => {
                (version.to_owned(), release.parse().unwrap_or(0))
            }
            _ => (text.to_owned(), 0),
        }
    };
    // what comes before the release sorts before the end of a version: the same as Debian's `~`
    let before = |version: String| {
        ["_alpha", "_beta", "_pre", "_rc"]
            .iter()
            .fold(version, |text, word| text.replace(word, &format!("~{}", &word[1..])))
    };
    let ((version_a, release_a), (version_b, release_b)) = (split(a), split(b));
    parts(&before(version_a), &before(version_b)).then(release_a.cmp(&release_b))
}

/// Languages: numbers between dots, then a pre-release, which is before the release. Build metadata after `+` orders nothing.
fn language(a: &str, b: &str) -> Option<Ordering> {
    let clean = |text: &str| text.trim_start_matches('v').split('+').next().unwrap_or("").to_ascii_lowercase();
    let (a, b) = (clean(a), clean(b));
    let ((numbers_a, rest_a), (numbers_b, rest_b)) = (release(&a)?, release(&b)?);
    let longest = numbers_a.len().max(numbers_b.len());
    let order = (0..longest)
        .map(|at| numbers(numbers_a.get(at).unwrap_or(&""), numbers_b.get(at).unwrap_or(&"")))
        .find(|order| *order != Ordering::Equal);
    if let Some(order) = order {
        return Some(order);
    }
    match (stage(rest_a)?, stage(rest_b)?) {
        (first, second) if first != second => Some(first.cmp(&second)),
        _ if rest_a == rest_b => None,
        _ => Some(pre_release(rest_a, rest_b)),
    }
}

/// The numbers between dots and what follows them; none if there are none.
fn release(text: &str) -> Option<(Vec<&str>, &str)> {
    let end = text.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let numbers: Vec<&str> = numbers.split('.').filter(|part| !part.is_empty()).collect();
    (!numbers.is_empty()).then_some((numbers, rest))
}

/// -1 before the release, 0 the release, 1 after it; none for words that no rule knows.
fn stage(rest: &str) -> Option<i8> {
    let word: String = rest.chars().filter(char::is_ascii_alphabetic).collect();
    match word.as_str() {
        "" if rest.is_empty() => Some(0),
        "final" | "ga" | "release" => Some(0),
        "post" | "rev" | "r" | "sp" => Some(1),
        _ if rest.starts_with('-') => Some(-1),
        "a" | "b" | "c" | "rc" | "dev" | "alpha" | "beta" | "pre" | "preview" | "adev" | "bdev" | "rcdev" => Some(-1),
        _ => None,
    }
}

/// Semantic versioning's order of pre-releases, which PEP 440's fits for what is common.
fn pre_release(a: &str, b: &str) -> Ordering {
    // `.dev1` comes before `a1`, `alpha`, `b1`, `rc1`, which their letters order
    let dev = |text: &str| text.contains("dev");
    dev(b).cmp(&dev(a)).then_with(|| parts(a.trim_start_matches(['-', '.']), b.trim_start_matches(['-', '.'])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each list is in order.
    fn check(kind: PackageKind, ordered: &[&str]) {
        for (at, first) in ordered.iter().enumerate() {
            for second in &ordered[at + 1..] {
                assert_eq!(compare_versions(kind, first, second), Some(Ordering::Less), "{first} < {second}");
                assert_eq!(compare_versions(kind, second, first), Some(Ordering::Greater), "{second} > {first}");
            }
        }
    }

    #[test]
    fn debian_versions() {
        check(
            PackageKind::Deb,
            &["1.0~rc1-1", "1.0-1", "1.0-1+deb12u1", "1.0-1+deb12u10", "1.0-2", "1.0a-1", "1.10-1", "1:0.1"],
        );
    }

    #[test]
    fn rpm_versions() {
        check(PackageKind::Rpm, &["1.0~rc1-1", "1.0-1", "1.0-1.el9", "1.0.1-1", "1.10-1", "1:0.1-1"]);
        check(PackageKind::Rpm, &["2.0", "2.0^git1", "2.0.1"]);
    }

    #[test]
    fn alpine_versions() {
        check(PackageKind::Apk, &["1.2_alpha3-r0", "1.2_rc1-r0", "1.2-r0", "1.2-r9", "1.2-r10", "1.2.1-r0", "1.10-r0"]);
    }

    #[test]
    fn language_versions() {
        check(PackageKind::Npm, &["1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-rc.1", "1.0.0", "1.9.0", "1.10.0"]);
        check(PackageKind::Python, &["1.0.dev1", "1.0a1", "1.0rc1", "1.0", "1.0.post1", "1.1"]);
        check(PackageKind::Go, &["v1.2.3", "v1.10.0"]);
        assert_eq!(compare_versions(PackageKind::Jar, "31.0-jre", "31.0.zorp"), None);
        assert_eq!(compare_versions(PackageKind::Npm, "latest", "next"), None);
    }

    proptest! {
        #[test]
        fn swapping_turns_the_order_round(a in "[0-9a-z.~+:_^-]{0,12}", b in "[0-9a-z.~+:_^é-]{0,12}") {
            for kind in [PackageKind::Deb, PackageKind::Rpm, PackageKind::Apk, PackageKind::Python] {
                let there = compare_versions(kind, &a, &b);
                prop_assert_eq!(there.map(Ordering::reverse), compare_versions(kind, &b, &a));
            }
        }
    }
}
