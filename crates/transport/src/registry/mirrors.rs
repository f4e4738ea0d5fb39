//! Where images of a registry can be had beside the registry itself. The names are handed in; containers-registries.conf(5)
//! says what such a table looks like.

use jettison_model::ImageRef;

/// Mirrors by what they mirror, in the order in which they are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirrors {
    mirrors: Vec<(String, String)>,
}

impl Mirrors {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a mirror: images whose names begin with `prefix` (`docker.io`, `quay.io/team`) are looked for at `location`, a
    /// host with or without the beginning of a path. Addresses lose their scheme.
    pub fn add(&mut self, prefix: &str, location: &str) {
        self.mirrors.push((bare(prefix), bare(location)));
    }

    /// The names of an image at its mirrors. Who mirrors the longest beginning of its name is asked first.
    pub fn of(&self, reference: &ImageRef) -> Vec<ImageRef> {
        let name = format!("{}/{}", reference.host(), reference.path());
        let mut found: Vec<(usize, ImageRef)> = Vec::new();
        for (prefix, location) in &self.mirrors {
            let rest = name.strip_prefix(prefix.as_str()).filter(|rest| rest.starts_with('/') || rest.is_empty());
            let (host, path) = location.split_once('/').unwrap_or((location, ""));
            let Some(rest) = rest.filter(|_| !host.is_empty()) else { continue };
            let repository = format!("{path}{rest}").trim_start_matches('/').to_owned();
            if !repository.is_empty() {
                found.push((
                    prefix.len(),
                    ImageRef { registry: Some(host.to_owned()), repository, ..reference.clone() },
                ));
            }
        }
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        found.into_iter().map(|(_, reference)| reference).collect()
    }
}

fn bare(address: &str) -> String {
    address.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_an_image_at_its_mirrors() {
        let mut mirrors = Mirrors::new();
        mirrors.add("docker.io", "https://mirror.example/");
        mirrors.add("quay.io/team", "cache.example:5000/quay/team");
        mirrors.add("docker.io/library", "official.example");
        let of = |text: &str| {
            let found = mirrors.of(&text.parse().unwrap());
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(of("python:3"), ["official.example/python:3", "mirror.example/library/python:3"]);
        assert_eq!(of("acme/app"), ["mirror.example/acme/app"]);
        assert_eq!(of("quay.io/team/app:1"), ["cache.example:5000/quay/team/app:1"]);
        assert_eq!(of("quay.io/teamwork/app"), Vec::<String>::new());
        assert_eq!(of("ghcr.io/a/b"), Vec::<String>::new());
    }
}
