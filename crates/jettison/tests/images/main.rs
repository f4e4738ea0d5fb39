//! What a user gets who looks into images: `analyze`, `diff`, `why`, `history`, `inspect` on archives made here. No engine.

mod analyze;
mod broken;
mod budgets;
mod check;
mod diff;
mod explore;
mod looking;
#[path = "../program/mod.rs"]
mod program;
mod registry;
#[path = "../cli/schema.rs"]
mod schema;

use jettison_testkit::{ImageBuilder, LayerBuilder};
use program::{Place, Ran, run};
use serde_json::Value;

/// The Dockerfile of [`shop`].
const DOCKERFILE: &str = "FROM debian:12\nRUN apt-get install -y libfoo\nWORKDIR /app\nCOPY . .\nRUN rm -rf /usr/share/doc\n\
                          CMD [\"./shop\"]\n";

/// The last line of its history.
const REMOVAL: &str = "RUN /bin/sh -c rm -rf /usr/share/doc # buildkit";

fn bytes(count: usize, seed: u8) -> Vec<u8> {
    // nothing that packs well, so that compressed sizes mean something
    let mut state = u32::from(seed) + 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..count).map(|_| next()).collect()
}

/// A Debian with a package, documentation that is removed later, and an app.
fn shop() -> ImageBuilder {
    let status = "Package: libfoo\nStatus: install ok installed\nVersion: 1.2-3\nArchitecture: amd64\nDescription: x\n";
    let base = LayerBuilder::new()
        .file("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
        .file("usr/share/doc/a/copyright", bytes(30_000, 1))
        .file("usr/share/doc/b/copyright", bytes(20_000, 2));
    let package = LayerBuilder::new()
        .file("usr/lib/libfoo.so.1", bytes(90_000, 3))
        .file("var/lib/dpkg/status", status)
        .file("var/lib/dpkg/info/libfoo.list", "/usr/lib/libfoo.so.1\n");
    let app = LayerBuilder::new().file("app/shop", bytes(40_000, 4)).file("app/.env", "PASSWORD=x\n");
    ImageBuilder::new()
        .layer(&base, "ADD rootfs.tar / # buildkit")
        .layer(&package, "RUN /bin/sh -c apt-get install -y libfoo # buildkit")
        .layer(&LayerBuilder::new().dir("app/"), "WORKDIR /app")
        .layer(&app, "COPY . . # buildkit")
        .layer(&LayerBuilder::new().whiteout("usr/share/doc"), REMOVAL)
        .empty_layer("CMD [\"./shop\"]")
        .set("WorkingDir", "/app")
        .cmd(&["./shop"])
}

/// The image in an archive of today, its Dockerfile beside it.
fn place() -> Place {
    Place::new().with("shop.tar", shop().docker_archive())
}

/// Runs it, and what it says must be JSON that follows its schema.
fn json(place: &Place, arguments: &str, schema: &str) -> Value {
    let ran = run(&mut place.jettison(arguments));
    assert_eq!(ran.code, Some(0), "{arguments}: {}", ran.stderr);
    schema::checked(&ran.stdout, schema)
}

/// Compares with the text on record.
macro_rules! assert_text {
    ($ran:expr) => {
        insta::with_settings!({
            omit_expression => true,
            filters => vec![(r"sha256:[0-9a-f]{12,}", "[DIGEST]")],
        }, { insta::assert_snapshot!(crate::shown(&$ran)) })
    };
}
pub(crate) use assert_text;

fn shown(ran: &Ran) -> String {
    let code = ran.code.map_or("a signal".to_owned(), |code| code.to_string());
    format!("[exit {code}]\n{}{}", ran.stdout, ran.stderr)
}
