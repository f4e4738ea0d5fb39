//! Two images: what differs.

use jettison_testkit::{ImageBuilder, LayerBuilder};

use super::{assert_screen, play, shop};
use crate::tui::tree::Mark;

/// The shop with another version of its package, its program moved, its secret gone.
fn next() -> ImageBuilder {
    let status = "Package: libfoo\nStatus: install ok installed\nVersion: 1.3-1\nArchitecture: amd64\nDescription: x\n";
    let base = LayerBuilder::new().file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
    let package = LayerBuilder::new()
        .file("usr/lib/libfoo.so.1", vec![b'm'; 950_000])
        .symlink("usr/lib/libfoo.so", "libfoo.so.1")
        .file("var/lib/dpkg/status", status)
        .file("var/lib/dpkg/info/libfoo.list", "/usr/lib/libfoo.so.1\n");
    let app = LayerBuilder::new()
        .file("app/readme.txt", "the shop\n\ton two lines\n")
        .program("srv/shop", vec![0x7e; 500_000]);
    ImageBuilder::new()
        .layer(&base, "ADD rootfs.tar / # buildkit")
        .layer(&package, "RUN /bin/sh -c apt-get install -y libfoo # buildkit")
        .layer(&app, "COPY . / # buildkit")
        .cmd(&["/srv/shop"])
}

#[test]
fn two_images_open_as_their_difference() {
    let mut played = play(&[&shop(), &next()], (80, 24));
    assert_screen!(played);
    played.press(&["Tab", "e"]).go("/usr/lib/libfoo.so.1");
    let browse = played.state.browse().unwrap();
    let sign = |path: &str| browse.tree.sign(browse.tree.find(path).unwrap());
    assert_eq!(sign("/usr/lib/libfoo.so.1"), Mark::Changed);
    assert_eq!(sign("/app/.env"), Mark::Removed);
    assert_eq!((sign("/srv/shop"), sign("/app/shop")), (Mark::Added, Mark::Removed));
    assert_eq!(browse.tree.note(browse.tree.find("/srv/shop").unwrap()), Some("moved from /app/shop"));
    assert_eq!(sign("/etc/os-release"), Mark::Same);
    assert!(!played.rows().contains(&"/etc/os-release".to_owned()), "what is the same is not shown at first");
    played.press(&["a"]);
    assert!(played.rows().contains(&"/etc".to_owned()));
}

#[test]
fn packages_and_config_that_differ() {
    let mut played = play(&[&shop(), &next()], (120, 24));
    played.press(&["2", "Down"]);
    assert!(played.screen().contains("libfoo 1.2-3 → 1.3-1"), "{}", played.screen());
    played.press(&["3"]);
    assert!(played.screen().contains("~ Cmd") || played.screen().contains("~Cmd"), "{}", played.screen());
    assert!(played.screen().contains("before     [\"/app/shop\"]"), "{}", played.screen());
}

#[test]
fn files_of_both_images_can_be_read() {
    let mut played = play(&[&shop(), &next()], (80, 24));
    played.press(&["Tab"]).go("/app/.env").press(&["v"]);
    assert!(played.screen().contains("PASSWORD=x"), "{}", played.screen());
    played.press(&["Esc"]).go("/usr/lib/libfoo.so.1").press(&["v"]);
    assert!(played.screen().contains("mmmm"), "{}", played.screen());
}

#[test]
fn layers_of_both_images_have_their_files() {
    let mut played = play(&[&shop(), &next()], (80, 24));
    // what only the first has stands where it was
    let marks: Vec<Mark> = played.state.list().rows(1, 20).map(|entry| entry.mark).collect();
    assert!(marks.contains(&Mark::Removed) && marks.contains(&Mark::Added), "{marks:?}");
    let removed = marks.iter().position(|mark| *mark == Mark::Removed).unwrap();
    (0..=removed).for_each(|_| {
        played.press(&["Down"]);
    });
    assert!(played.rows().len() > 1);
}
