//! ELF files made by testkit: whole, cut and broken.

use jettison_testkit::ElfBuilder;
use proptest::prelude::*;

use super::*;

fn program() -> ElfBuilder {
    ElfBuilder::x86_64()
        .interpreter("/lib64/ld-linux-x86-64.so.2")
        .needs("libm.so.6")
        .needs("libc.so.6")
        .soname("libx.so.1")
        .rpath("/opt/a")
        .runpath("$ORIGIN/../lib:/opt/b")
}

#[test]
fn reads_what_a_program_needs() {
    let elf = read_elf(&program().build()).unwrap();
    assert_eq!(elf.interpreter.as_deref(), Some("/lib64/ld-linux-x86-64.so.2"));
    assert_eq!(elf.needed, ["libm.so.6", "libc.so.6"]);
    assert_eq!(elf.soname.as_deref(), Some("libx.so.1"));
    assert_eq!(elf.runpath, ["/opt/a", "$ORIGIN/../lib", "/opt/b"]);
    assert_eq!(elf.machine, 62);
}

#[test]
fn reads_a_dynamic_section_apart_from_the_head() {
    let file = program().gap(100_000).build();
    let (offset, _) = dynamic_place(&file[..4096]).unwrap();
    let part = Part { offset, bytes: &file[offset as usize..] };
    assert_eq!(read_parts(&file[..4096], &part), read_elf(&file));
    assert_eq!(read_elf(&file[..4096]).unwrap().needed, Vec::<String>::new());
}

#[test]
fn refuses_what_is_no_elf() {
    assert_eq!(read_elf(b"#!/bin/sh\n"), None);
    assert_eq!(read_elf(b"\x7fELF"), None);
    assert_eq!(read_elf(b""), None);
}

proptest! {
    #[test]
    fn survives_any_damage(at in 0usize..600, byte: u8, length in 0usize..700) {
        let mut file = program().build();
        if let Some(place) = file.get_mut(at) {
            *place = byte;
        }
        file.truncate(length);
        let _ = read_elf(&file);
        let _ = dynamic_place(&file);
    }
}
