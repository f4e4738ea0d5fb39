//! From a route as a framework writes it to a path that can be asked for.

/// Words in a path that make a GET do harm, or end the app.
const HARMFUL: [&str; 22] = [
    "logout",
    "signout",
    "shutdown",
    "quit",
    "exit",
    "kill",
    "stop",
    "restart",
    "reboot",
    "crash",
    "panic",
    "abort",
    "die",
    "terminate",
    "delete",
    "remove",
    "reset",
    "drop",
    "quitquitquit",
    "sleep",
    "unsubscribe",
    "purge",
];

/// Whether asking for it is unlikely to change or end anything.
pub fn is_harmless(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    !lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| HARMFUL.contains(&word))
}

/// The path to ask for, with parameters filled by `1`, and whether there were any. None: no path, or better not asked.
/// Knows `<int:id>`, `{id}`, `:id`, `[id]`, `${x}`, `*`; a query and a fragment are cut off.
pub fn request_path(route: &str) -> Option<(String, bool)> {
    // In a regular expression a question mark starts no query.
    let ends: &[char] = if route.contains('(') { &['#'] } else { &['?', '#'] };
    let route = route.split(ends).next().unwrap_or_default();
    let plain = !route.is_empty() && route.len() <= 200 && route.bytes().all(|byte| byte.is_ascii_graphic());
    if !plain || !route.starts_with('/') || route.starts_with("//") || route.contains("..") || route.contains("://") {
        return None;
    }
    let (path, has_parameters) = fill(route)?;
    let is_path = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~%+@!$',=".contains(&byte));
    (is_path && is_harmless(&path)).then_some((path, has_parameters))
}

fn fill(route: &str) -> Option<(String, bool)> {
    let mut path = String::new();
    let mut filled = false;
    let mut rest = route.chars().peekable();
    while let Some(c) = rest.next() {
        let close = match c {
            '<' => '>',
            '{' => '}',
            '[' => ']',
            '(' => ')',
            '$' if rest.peek() == Some(&'{') => continue,
            ':' if path.ends_with('/') => {
                while rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_').is_some() {}
                rest.next_if(|c| *c == '?');
                fill_in(&mut path, &mut filled);
                continue;
            }
            '*' => {
                while rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '*' || *c == '_').is_some() {}
                fill_in(&mut path, &mut filled);
                continue;
            }
            '^' | '?' => continue,
            '$' if rest.peek().is_none() => continue,
            c => {
                path.push(c);
                continue;
            }
        };
        rest.by_ref().find(|c| *c == close)?;
        fill_in(&mut path, &mut filled);
    }
    Some((path, filled))
}

fn fill_in(path: &mut String, filled: &mut bool) {
    path.push('1');
    *filled = true;
}

/// `/api` and `/x` to `/api/x`.
pub fn join(prefix: &str, path: &str) -> String {
    format!("/{}/{}", prefix.trim_matches('/'), path.trim_start_matches('/')).replace("//", "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_every_framework_become_1() {
        for (route, path) in [
            ("/notes/<int:note_id>", "/notes/1"),
            ("/notes/{id:int}/x", "/notes/1/x"),
            ("/todos/:id", "/todos/1"),
            ("/todos/:id?", "/todos/1"),
            ("/files/*", "/files/1"),
            ("/files/*path", "/files/1"),
            ("/blog/[slug]", "/blog/1"),
            ("/api/${version}/x", "/api/1/x"),
            (r"/year/(?P<y>4)/$", "/year/1/"),
        ] {
            assert_eq!(request_path(route), Some((path.to_owned(), true)), "{route}");
        }
    }

    #[test]
    fn plain_paths_stay_as_they_are() {
        assert_eq!(request_path("/a-b/c.json?x=1#y"), Some(("/a-b/c.json".to_owned(), false)));
    }

    #[test]
    fn what_is_no_path_or_does_harm_is_left_out() {
        for route in ["", "x", "//cdn", "/a b", "/../etc", "/admin/shutdown", "/é", "/<unclosed", "/x/delete-all"] {
            assert_eq!(request_path(route), None, "{route}");
        }
        assert!(is_harmless("/stopwatch"));
    }

    #[test]
    fn prefixes_join_with_one_slash() {
        assert_eq!(join("/api/", "/x"), "/api/x");
        assert_eq!(join("api", "/"), "/api/");
        assert_eq!(join("", "x"), "/x");
    }
}
