//! Links of an HTML page to its own site: the pages and assets that a visitor's browser would ask for next. A scan for
//! `href=` and `src=`, not an HTML parser.

use super::discover::is_harmless;

/// Links that are looked at, most of which may lead elsewhere.
const MAX_LOOKED_AT: usize = 300;

/// Paths on the same site, in order of appearance, without repeats, at most `max`.
pub fn links(page: &str, max: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = page;
    for _ in 0..MAX_LOOKED_AT {
        let Some((at, name)) = next_attribute(rest) else { break };
        rest = rest.get(at + name.len()..).unwrap_or_default();
        let Some(path) = value(rest).and_then(own_path) else { continue };
        if path != "/" && is_harmless(&path) && !found.contains(&path) {
            found.push(path);
        }
        if found.len() >= max {
            break;
        }
    }
    found
}

fn next_attribute(text: &str) -> Option<(usize, &'static str)> {
    ["href=", "src="].into_iter().filter_map(|name| Some((text.find(name)?, name))).min()
}

fn value(text: &str) -> Option<&str> {
    let quote = text.chars().next()?;
    if quote == '"' || quote == '\'' {
        return text.get(1..)?.split(quote).next();
    }
    text.split([' ', '>', '\n', '\t']).next()
}

/// `/x`, `x` and `./x` as seen from the start page; nothing for other sites, fragments and schemes.
fn own_path(link: &str) -> Option<String> {
    let link = link.split('#').next()?.trim().replace("&amp;", "&");
    let foreign = link.is_empty() || link.starts_with("//") || link.contains(':') || link.contains("..");
    let plain = link.len() <= 200 && link.bytes().all(|byte| byte.is_ascii_graphic());
    if foreign || !plain {
        return None;
    }
    let path = link.strip_prefix("./").unwrap_or(&link);
    Some(if path.starts_with('/') { path.to_owned() } else { format!("/{path}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_what_belongs_to_the_site() {
        let page = r##"<a href="/posts/a.html">a</a><a href='b.html#x'>b</a><script src=./m.js></script><a href="/posts/a.html">
            <a href="https://x.example/">x</a><a href="//y.example/">y</a><a href="#top">t</a><a href="mailto:x@y">m</a>
            <a href="/logout">bye</a><a href="/">home</a><img src="/i?a=1&amp;b=2">"##;
        assert_eq!(links(page, 9), ["/posts/a.html", "/b.html", "/m.js", "/i?a=1&b=2"]);
        assert_eq!(links(page, 1), ["/posts/a.html"]);
    }

    #[test]
    fn cut_off_pages_are_no_trouble() {
        for page in ["href=", "src=\"", "href='é", "<a href=\"x"] {
            links(page, 3);
        }
    }
}
