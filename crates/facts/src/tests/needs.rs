//! What files need.

use super::words;
use crate::memory::MemoryImage;
use crate::needs::{Needs, closure, interpreters};

const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";

fn image() -> MemoryImage {
    MemoryImage::new()
        .with_link("/lib", "usr/lib")
        .with_link("/lib64", "usr/lib64")
        .with_link("/bin", "usr/bin")
        .with_elf("/usr/lib64/ld-linux-x86-64.so.2", None, &[])
        .with_elf("/usr/lib/x86_64-linux-gnu/libc.so.6", None, &[])
        .with_elf("/usr/lib/x86_64-linux-gnu/libpq.so.5.15", None, &["libc.so.6", "libssl.so.3"])
        .with_link("/usr/lib/x86_64-linux-gnu/libpq.so.5", "libpq.so.5.15")
        .with_elf("/usr/lib/x86_64-linux-gnu/libssl.so.3", None, &["libc.so.6"])
        .with_elf("/usr/bin/dash", Some(LOADER), &["libc.so.6"])
        .with_link("/usr/bin/sh", "dash")
        .with_elf("/usr/bin/env", Some(LOADER), &["libc.so.6"])
        .with_elf("/usr/local/bin/python3.11", Some(LOADER), &["libc.so.6"])
        .with_link("/usr/local/bin/python3", "python3.11")
        .with_package("libc6", &["/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib64/ld-linux-x86-64.so.2"], &[])
        .with_package(
            "libpq5",
            &["/usr/lib/x86_64-linux-gnu/libpq.so.5", "/usr/lib/x86_64-linux-gnu/libpq.so.5.15"],
            &["libssl3"],
        )
        .with_package("libssl3", &["/usr/lib/x86_64-linux-gnu/libssl.so.3"], &[])
        .with_package("dash", &["/usr/bin/dash", "/usr/bin/sh"], &[])
        .with_package("coreutils", &["/usr/bin/env"], &[])
}

fn needs(image: MemoryImage, roots: &[&str]) -> Needs {
    closure(&image.build(), &words(roots))
}

#[test]
fn libraries_are_found_through_libraries() {
    let image = image().with_elf("/app/db.so", None, &["libpq.so.5"]);
    let needs = needs(image, &["/app"]);
    let packages: Vec<(&str, &str)> = needs.packages.iter().map(|(name, by)| (name.as_str(), by.as_str())).collect();
    let library = "/usr/lib/x86_64-linux-gnu/libpq.so.5.15";
    assert_eq!(packages, [("libc6", library), ("libpq5", "/app/db.so"), ("libssl3", library)]);
    assert!(needs.outside.contains("/usr/lib/x86_64-linux-gnu/libpq.so.5"));
    assert!(needs.outside.contains(library));
    assert!(needs.unresolved.is_empty() && needs.unowned.is_empty());
}

#[test]
fn scripts_need_their_interpreters() {
    let image = image().with_script("/app/run.sh", "/bin/sh -e").with_script("/app/cli", "/usr/bin/env -S python3 -u");
    let needs = needs(image, &["/app"]);
    for program in
        ["/usr/bin/sh", "/usr/bin/dash", "/usr/bin/env", "/usr/local/bin/python3", "/usr/local/bin/python3.11"]
    {
        assert!(needs.programs.contains(program), "{program}: {:?}", needs.programs);
    }
    assert!(needs.packages.contains_key("dash") && needs.packages.contains_key("coreutils"));
    assert_eq!(needs.unowned.iter().collect::<Vec<_>>(), ["/usr/local/bin/python3", "/usr/local/bin/python3.11"]);
}

#[test]
fn the_loader_is_a_need_of_programs() {
    let needs = needs(image().with_elf("/app/server", Some(LOADER), &[]), &["/app/server"]);
    assert!(needs.programs.contains("/usr/lib64/ld-linux-x86-64.so.2"));
    assert_eq!(needs.packages.keys().collect::<Vec<_>>(), ["libc6"]);
}

#[test]
fn links_out_of_the_roots_are_needs() {
    let image = image().with_link("/venv/bin/python", "/usr/local/bin/python3");
    assert!(needs(image, &["/venv"]).outside.contains("/usr/local/bin/python3.11"));
}

#[test]
fn what_lies_inside_is_no_need() {
    let image = image().with_elf("/usr/lib/x86_64-linux-gnu/app/a.so", None, &["libssl.so.3"]);
    let needs = needs(image, &["/usr/lib"]);
    assert!(needs.outside.is_empty() && needs.packages.is_empty(), "{needs:?}");
}

#[test]
fn what_is_not_there_is_told_with_an_example() {
    let image = image().with_elf("/app/a.so", None, &["libcuda.so.1"]).with_script("/app/x", "/usr/bin/perl");
    let needs = needs(image, &["/app", "/none"]);
    let unresolved: Vec<(&str, &str)> =
        needs.unresolved.iter().map(|(name, by)| (name.as_str(), by.as_str())).collect();
    assert_eq!(unresolved, [("/usr/bin/perl", "/app/x"), ("libcuda.so.1", "/app/a.so")]);
}

#[test]
fn a_link_of_the_alternatives_stands_for_its_file() {
    let image = image()
        .with_elf("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3", None, &[])
        .with_link("/etc/alternatives/blas", "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3")
        .with_link("/usr/lib/x86_64-linux-gnu/libblas.so.3", "/etc/alternatives/blas")
        .with_package("libblas3", &["/usr/lib/x86_64-linux-gnu/blas/libblas.so.3"], &[])
        .with_elf("/app/x.so", None, &["libblas.so.3"]);
    let needs = needs(image, &["/app"]);
    assert_eq!(needs.outside.iter().collect::<Vec<_>>(), ["/usr/lib/x86_64-linux-gnu/blas/libblas.so.3"]);
}

#[test]
fn a_link_that_nobody_owns_is_needed_as_such() {
    let image = image()
        .with_elf("/usr/bin/python3.12", None, &[])
        .with_package("python3.12-minimal", &["/usr/bin/python3.12"], &[])
        .with_link("/usr/local/bin/python", "/usr/bin/python3.12")
        .with_script("/app/cli", "/usr/bin/env python");
    let needs = needs(image, &["/app"]);
    assert!(needs.unowned.contains("/usr/local/bin/python") && needs.outside.contains("/usr/bin/python3.12"));
}

#[test]
fn loops_of_links_and_needs_end() {
    let image = image()
        .with_link("/app/a", "/app/b")
        .with_link("/app/b", "/app/a")
        .with_elf("/app/x.so", None, &["libx.so"])
        .with_elf("/usr/lib/libx.so", None, &["liby.so"])
        .with_elf("/usr/lib/liby.so", None, &["libx.so"]);
    assert_eq!(needs(image, &["/app"]).unowned.len(), 2);
}

#[test]
fn interpreter_lines_name_one_or_two_programs() {
    assert_eq!(interpreters("/bin/sh"), ["/bin/sh"]);
    assert_eq!(interpreters("/usr/bin/env -S A=1 node --x"), ["/usr/bin/env", "node"]);
    assert!(interpreters("").is_empty());
}
