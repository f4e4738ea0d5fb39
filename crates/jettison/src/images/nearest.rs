//! What somebody may have meant who typed a name that is not there.

/// So alike names have to be, from 0 to 1.
const ALIKE: f64 = 0.6;
/// So many are offered.
const MOST: usize = 3;

/// The names most like `typed`, the likest first.
pub fn nearest<'a>(typed: &str, names: &'a [String]) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> =
        names.iter().map(|name| (likeness(typed, name), name.as_str())).filter(|(score, _)| *score >= ALIKE).collect();
    scored.sort_by(|(a, first), (b, second)| b.total_cmp(a).then_with(|| first.cmp(second)));
    scored.truncate(MOST);
    scored.into_iter().map(|(_, name)| name).collect()
}

/// The whole name counts, and so does the repository alone, of which people forget tags and registries.
fn likeness(typed: &str, name: &str) -> f64 {
    let whole = strsim::normalized_damerau_levenshtein(typed, name);
    let (repository, tag) = split(name);
    let (wanted, wanted_tag) = split(typed);
    let last = |text: &'_ str| text.rsplit('/').next().unwrap_or(text).to_owned();
    let part = strsim::normalized_damerau_levenshtein(&last(wanted), &last(repository));
    let same_tag = if tag == wanted_tag { 0.04 } else { 0.0 };
    whole.max(part * 0.9) + same_tag
}

fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (name, "latest"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(typed: &str) -> Vec<&'static str> {
        static NAMES: [&str; 6] = [
            "python:3.12",
            "python:3.11-slim",
            "localhost:5000/shop/api:1.4",
            "shop/web:latest",
            "alpine:3.20",
            "node:22",
        ];
        let names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
        nearest(typed, &names).into_iter().map(|name| *NAMES.iter().find(|known| **known == name).unwrap()).collect()
    }

    #[test]
    fn offers_what_was_meant() {
        assert_eq!(offered("pyhton:3.12")[0], "python:3.12");
        assert_eq!(offered("python")[..2], ["python:3.11-slim", "python:3.12"]);
        assert_eq!(offered("shop/api:1.4")[0], "localhost:5000/shop/api:1.4");
        assert_eq!(offered("api")[0], "localhost:5000/shop/api:1.4");
        assert_eq!(offered("entirely-different"), Vec::<&str>::new());
    }
}
