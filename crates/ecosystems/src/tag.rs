//! The grammar of base-image tags: which tag is the slim variant of which. Each family's habits are data; an unknown word makes
//! the tag 'not understood', because a tag that does not exist costs a build.

use crate::{BaseFamily, load};

impl BaseFamily {
    /// The tag of the slim variant of the same version and release: `3.11` → `3.11-slim`, `3.11-bookworm` →
    /// `3.11-slim-bookworm`, `20-bookworm` → `20-bookworm-slim` (each family's own order), `latest` → `slim`; none if the tag
    /// is small already or not understood.
    pub fn slim_tag(&self, tag: &str) -> Option<String> {
        let suffix = self.slim_suffix.as_deref()?;
        if tag.is_empty() || tag == "latest" {
            return self.slim_latest.clone();
        }
        let words: Vec<&str> = tag.split('-').collect();
        if self.is_small(tag) || !words.iter().all(|word| self.understands(word)) {
            return None;
        }
        let Some((release, version)) = words.split_last().filter(|(last, _)| load().is_codename(last)) else {
            return Some(format!("{tag}{suffix}"));
        };
        if !self.slim_before_release {
            return Some(format!("{tag}{suffix}"));
        }
        let slim = format!("{}{suffix}-{release}", version.join("-"));
        Some(slim.trim_start_matches('-').to_owned())
    }

    /// Whether the tag already names a small variant.
    pub fn is_small(&self, tag: &str) -> bool {
        let small = |word: &str| self.small_words.iter().any(|start| word.starts_with(start.as_str()));
        self.always_small || tag.split('-').any(small)
    }

    /// A version (`3.11.4`, `3.13.0rc1`, `20240904`), a codename, or one of the family's words with or without a version.
    fn understands(&self, word: &str) -> bool {
        let rest = self.tag_words.iter().find_map(|start| word.strip_prefix(start.as_str()));
        is_version(word) || load().is_codename(word) || rest.is_some_and(|rest| rest.is_empty() || is_version(rest))
    }
}

fn is_version(word: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase() || byte == b'.';
    word.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) && word.bytes().all(inner)
}
