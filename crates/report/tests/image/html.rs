//! The page: nothing in an image can speak in it, nothing is loaded, the picture's data is bounded. What a browser makes of it
//! is tested in `testbed/browser`.

use jettison_report::html;
use jettison_report::image::{AnalyzeReport, MapNode, SizeMaps};

use crate::samples::{HOSTILE, analysis, budgets, difference};

fn leaf(name: &str, bytes: u64, layer: usize, wasted: bool) -> MapNode {
    let wasted_bytes = if wasted { bytes } else { 0 };
    let layer = Some(layer);
    MapNode {
        name: name.to_owned(),
        bytes,
        layer,
        wasted_bytes,
        files: 1,
        compressed_bytes: Some(bytes / 3),
        ..MapNode::default()
    }
}

fn folder(name: &str, children: Vec<MapNode>) -> MapNode {
    let sum = |of: fn(&MapNode) -> u64| children.iter().map(of).sum();
    MapNode {
        name: name.to_owned(),
        bytes: sum(|node| node.bytes),
        compressed_bytes: Some(sum(|node| node.bytes) / 3),
        layer: children.first().and_then(|node| node.layer),
        wasted_bytes: sum(|node| node.wasted_bytes),
        files: sum(|node| node.files),
        is_fold: false,
        children,
    }
}

fn maps() -> SizeMaps {
    let name = HOSTILE.trim_start_matches("/srv/").replace('/', "");
    let fold = MapNode { files: 120, is_fold: true, ..leaf("", 4_000_000, 4, false) };
    let gcc = folder("gcc", vec![leaf("cc1", 33_000_000, 4, false), leaf("cc1plus", 35_000_000, 4, false), fold]);
    let usr = folder(
        "usr",
        vec![folder("lib", vec![gcc, leaf("libpython.so", 21_000_000, 1, false)]), leaf("x", 9_000, 0, false)],
    );
    let app = folder("app", vec![leaf("model.bin", 57_000_000, 6, false), leaf(&name, 2_000_000, 6, false)]);
    let directories = folder("", vec![usr.clone(), app.clone()]);
    let layers = folder(
        "",
        vec![
            folder("4 RUN apt-get install", vec![usr, leaf("gone", 61_000_000, 4, true)]),
            folder("6 COPY", vec![app]),
        ],
    );
    SizeMaps {
        packages: folder("", vec![folder("deb", vec![leaf("gcc-12", 68_000_000, 4, false)])]),
        directories,
        layers,
    }
}

fn page() -> String {
    html::analyze(&AnalyzeReport { budgets: budgets(), ..analysis() }, &maps())
}

#[test]
fn nothing_of_an_image_becomes_markup() {
    for text in [page(), html::diff(&difference())] {
        assert!(!text.contains("<img"), "{text}");
        assert!(!text.contains(['\u{202e}', '\u{1b}']), "{text}");
        assert_eq!(text.matches("<script").count(), text.matches("</script>").count());
        assert!(text.matches("<script").count() <= 2);
    }
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    for text in [page(), html::diff(&difference())] {
        assert!(text.contains("default-src 'none'"), "{text}");
        let outside = ["http:", "https:", "src=", "url(", "@import", "style=", "onclick"];
        for word in outside {
            let found = text.replace("default-src", "").replace("img src=x", "");
            assert!(!found.contains(&format!(" {word}")), "{word}");
        }
    }
}

#[test]
fn the_data_is_what_was_given() {
    let text = page();
    let data = text.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["maps"]["directories"][1], maps().directories.bytes);
    assert_eq!(data["layers"][4], "RUN apt-get update && apt-get install -y build-essential");
    assert!(text.contains("too small to be seen are folded"));
}
