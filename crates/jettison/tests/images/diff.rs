//! `jettison diff`: what differs, what is asked of it, what cannot be built.

use jettison_testkit::LayerBuilder;

use crate::program::{Place, run};
use crate::{assert_text, json, shop};

/// The image, and one with another package, a moved file and another user.
fn pair() -> Place {
    let status = "Package: libfoo\nStatus: install ok installed\nVersion: 1.3-1\nArchitecture: amd64\nDescription: x\n";
    let upper = LayerBuilder::new()
        .file("var/lib/dpkg/status", status)
        .file("srv/shop", crate::bytes(40_000, 4))
        .whiteout("app/shop")
        .program("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
    let after = shop().layer(&upper, "RUN apt-get upgrade").set("User", "shop").env("MODE", "prod");
    Place::new().with("a.tar", shop().docker_archive()).with("b.tar", after.docker_archive())
}

#[test]
fn what_differs() {
    let ran = run(pair().jettison("diff a.tar b.tar --quiet").env("COLUMNS", "90"));
    assert_text!(ran);
}

#[test]
fn the_document_tells_moves_and_metadata_apart() {
    let document = json(&pair(), "diff a.tar b.tar --format json", "diff.schema.json");
    let files = document["files"].as_array().unwrap();
    let of = |status: &str| {
        let found = files.iter().filter(|file| file["status"] == status);
        found.map(|file| file["path"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(of("renamed"), ["/srv/shop"]);
    assert_eq!(of("metadata"), ["/etc/os-release"]);
    assert_eq!(of("changed"), ["/var/lib/dpkg/status"]);
    assert_eq!(document["packages"][0]["status"], "upgraded");
    assert_eq!(document["config"][0]["field"], "Env.MODE");
    assert_eq!(document["same"], false);
}

#[test]
fn an_image_is_the_same_as_itself() {
    let document = json(&pair(), "diff a.tar a.tar --format json --fail-on any", "diff.schema.json");
    assert_eq!((document["same"].as_bool(), document["files"].as_array().map(Vec::len)), (Some(true), Some(0)));
}

#[test]
fn what_is_asked_decides_the_exit_code() {
    let place = pair();
    let code = |arguments: &str| run(&mut place.jettison(&format!("diff a.tar b.tar --quiet {arguments}"))).code;
    assert_eq!(code(""), Some(0));
    assert_eq!(code("--fail-on larger"), Some(1));
    assert_eq!(code("--fail-on 1MB"), Some(0));
    assert_eq!(code("--fail-on 1MB,config"), Some(1));
    assert_eq!(code("--fail-on packages"), Some(1));
    assert_eq!(code("--fail-on bigger"), Some(2));
    let turned = run(&mut place.jettison("diff b.tar a.tar --quiet --fail-on larger"));
    assert_eq!(turned.code, Some(0), "{}", turned.stdout);
}

#[test]
fn only_the_files_or_only_the_packages() {
    let place = pair();
    let files = run(&mut place.jettison("diff a.tar b.tar --quiet --files")).stdout;
    assert!(files.contains("/srv/shop") && !files.contains("libfoo"), "{files}");
    let packages = run(&mut place.jettison("diff a.tar b.tar --quiet --packages")).stdout;
    assert!(packages.contains("libfoo") && !packages.contains("/srv/shop"), "{packages}");
}

#[test]
fn a_dockerfile_without_an_engine_cannot_be_asked() {
    let place = pair().with("app/Dockerfile", "FROM scratch\n");
    for b in ["app", "app/Dockerfile", "./app"] {
        let ran = run(&mut place.jettison(&format!("diff a.tar {b} --quiet")));
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(ran.stderr.starts_with("error: no engine found"), "{}", ran.stderr);
        assert!(ran.stderr.contains("build the image elsewhere"), "{}", ran.stderr);
    }
}

#[test]
fn pages_and_markdown() {
    let place = pair();
    let page = run(&mut place.jettison("diff a.tar b.tar --format html")).stdout;
    assert!(page.contains("script-src 'none'") && page.contains("/srv/shop"), "{page}");
    let markdown = run(&mut place.jettison("diff a.tar b.tar --format markdown")).stdout;
    assert!(markdown.starts_with("### <code>a.tar</code> → <code>b.tar</code>"), "{markdown}");
}
