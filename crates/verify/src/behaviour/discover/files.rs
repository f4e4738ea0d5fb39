//! Files that are served as they are, and pages that are routes by their place (Next.js, PHP document roots).

use jettison_context::{Entry, EntryKind};

use super::{Finds, Rank, is_skipped, paths};

const MAX_SERVED: usize = 8;
const MAX_BYTES: u64 = 1024 * 1024;

/// Folders whose content is served, and what their address starts with most likely.
const FOLDERS: [(&str, &str); 7] = [
    ("static", "/static"),
    ("assets", "/assets"),
    ("public", ""),
    ("www", ""),
    ("html", ""),
    ("dist", ""),
    ("wwwroot", ""),
];

const SERVED: [&str; 18] = [
    "html",
    "css",
    "js",
    "json",
    "txt",
    "svg",
    "png",
    "ico",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "xml",
    "woff2",
    "woff",
    "map",
    "webmanifest",
    "pdf",
];

/// Adds served files and pages.
pub fn find(kept: &[Entry], finds: &mut Finds) {
    let files = || kept.iter().filter(|entry| entry.kind == EntryKind::File);
    let mut served: Vec<(&str, &str)> = files().filter_map(served).collect();
    served.sort_by_key(|(folder, rest)| (rest.matches('/').count(), *rest, *folder));
    served.dedup();
    for (folder, rest) in served.into_iter().take(MAX_SERVED) {
        let likely = FOLDERS.iter().find(|(name, _)| *name == folder).map_or("", |(_, prefix)| *prefix);
        let source = format!("file {folder}/{rest}");
        finds.add(Rank::File, None, &paths::join(likely, rest), &source);
        for other in ["", "/static", "/assets"].into_iter().filter(|other| *other != likely) {
            finds.add(Rank::Guess, None, &paths::join(other, rest), &source);
        }
    }
    for entry in files() {
        if let Some(page) = page(&entry.path) {
            finds.add(Rank::Route, None, &page, &entry.path);
        }
    }
}

/// The serving folder's name and the path below it; the outermost one counts.
fn served(entry: &Entry) -> Option<(&str, &str)> {
    let parts: Vec<&str> = entry.path.split('/').collect();
    let at = parts.iter().position(|part| FOLDERS.iter().any(|(name, _)| name == part))?;
    let folder = *parts.get(at)?;
    let before = parts.get(..at)?;
    let rest_at: usize = before.iter().map(|part| part.len() + 1).sum::<usize>() + folder.len() + 1;
    let rest = entry.path.get(rest_at..)?;
    let extension = rest.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())?;
    let fits = SERVED.contains(&extension.as_str()) && entry.size > 0 && entry.size <= MAX_BYTES;
    (fits && !is_skipped(&parts)).then_some((folder, rest))
}

/// `pages/about.tsx`, `app/about/page.tsx`, `pages/api/x.ts`, `app/api/x/route.ts` of Next.js; `public/x.php`.
fn page(path: &str) -> Option<String> {
    let path = path.strip_prefix("src/").unwrap_or(path);
    if let Some(script) = path.strip_prefix("public/").filter(|script| script.ends_with(".php")) {
        return Some(format!("/{script}"));
    }
    let (stem, extension) = path.rsplit_once('.')?;
    if !["tsx", "jsx", "ts", "js"].contains(&extension) {
        return None;
    }
    if let Some(route) = stem.strip_prefix("pages/") {
        let internal = route.split('/').any(|part| part.starts_with('_'));
        let route = route.strip_suffix("index").filter(|rest| rest.is_empty() || rest.ends_with('/')).unwrap_or(route);
        return (!internal).then(|| format!("/{}", route.trim_end_matches('/')));
    }
    let route = stem.strip_prefix("app/")?;
    let route = route.strip_suffix("page").or_else(|| route.strip_suffix("route"))?;
    let visible = route.split('/').filter(|part| !part.is_empty() && !part.starts_with('('));
    (route.is_empty() || route.ends_with('/')).then(|| format!("/{}", visible.collect::<Vec<_>>().join("/")))
}
