//! What programs and archives say of themselves: Go's build information, cargo auditable's section, jars in all their forms.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use proptest::prelude::*;

use super::*;

fn shown(packages: &[Package]) -> Vec<String> {
    packages.iter().map(|package| format!("{} {}", package.name, package.version)).collect()
}

fn found(path: &str, bytes: &[u8], chunk: usize, program: &[u8]) -> Vec<Package> {
    let mut inspector = Inspector::new(path, bytes.get(..4).unwrap_or(bytes), bytes.len() as u64);
    bytes.chunks(chunk).for_each(|chunk| inspector.feed(chunk));
    let head = if inspector.wants() > 0 { bytes } else { program };
    inspector.finish(path, head).map(|found| found.packages).unwrap_or_default()
}

/// The block as the linker writes it: mark, pointer size, flags, texts after their lengths.
fn build_info(modules: &str) -> Vec<u8> {
    let mut block = b"\xff Go buildinf:\x08\x02".to_vec();
    block.resize(32, 0);
    let ends =
        [b"0w\xaf\x0c\x92t\x08\x02A\xe1\xc1\x07\xe6\xd6\x18\xe6", b"\xf92C1\x86\x18 r\x00\x82B\x10A\x16\xd8\xf2"];
    let info = [&ends[0][..], modules.as_bytes(), &ends[1][..]].concat();
    for text in [&b"go1.22.3"[..], &info] {
        let mut length = text.len();
        while length >= 0x80 {
            block.push((length as u8 & 0x7f) | 0x80);
            length >>= 7;
        }
        block.push(length as u8);
        block.extend_from_slice(text);
    }
    block
}

const MODULES: &str = "path\texample.com/app/cmd\nmod\texample.com/app\t(devel)\t\ndep\tgolang.org/x/net\tv0.20.0\th1:x=\ndep\told.org/y\tv1.0.0\n=>\tnew.org/y\tv1.1.0\th1:z=\nbuild\t-compiler=gc\n";
const EXPECTED: [&str; 4] =
    ["example.com/app (devel)", "golang.org/x/net v0.20.0", "new.org/y v1.1.0", "stdlib 1.22.3"];

/// An ELF file as far as its first bytes go, with the block at `at`.
fn go_program(at: usize) -> Vec<u8> {
    let mut program = b"\x7fELF".to_vec();
    program.resize(at, 0xff);
    program.extend(build_info(MODULES));
    program.resize(program.len() + 100, 0);
    program
}

#[test]
fn go_modules_are_found_wherever_chunks_end() {
    for (at, chunk) in [(64, 7), (4096, 4096), (4096, 16), (80, 1000), (1 << 16, 33)] {
        assert_eq!(shown(&found("/app", &go_program(at), chunk, &[])), EXPECTED, "{at} {chunk}");
    }
    let packages = found("/app", &go_program(64), 4096, &[]);
    assert_eq!((packages[0].within.as_deref(), packages[1].within.as_deref()), (None, Some("/app")));
}

#[test]
fn a_mark_without_a_block_does_not_hide_the_true_one() {
    let mut program = b"\x7fELF".to_vec();
    program.resize(64, 0);
    program.extend(b"\xff Go buildinf: is what one looks for");
    program.resize(1024, 0);
    program.extend(build_info(MODULES));
    assert_eq!(shown(&found("/bin/tool", &program, 100, &[])), EXPECTED);
    assert_eq!(found("/bin/tool", &program[..1024], 100, &[]), []);
}

/// A 64-bit ELF file with a section `.dep-v0`, its table of sections at the end, `gap` bytes before that.
fn auditable(json: &str, gap: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(json.as_bytes()).unwrap();
    let data = packed.finish().unwrap();
    let names = b"\0.dep-v0\0.shstrtab\0";
    let (data_at, names_at) = (64, (64 + data.len() + gap).next_multiple_of(16));
    let table_at = (names_at + names.len()).next_multiple_of(16);
    let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0".to_vec();
    for word in [0, 0, table_at as u64] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0u32.to_le_bytes());
    for half in [64u16, 56, 0, 64, 3, 2] {
        file.extend(half.to_le_bytes());
    }
    file.extend(&data);
    file.resize(names_at, 0);
    file.extend(names);
    file.resize(table_at, 0);
    for (name, kind, at, length) in [(0u32, 0u32, 0, 0), (1, 1, data_at, data.len()), (9, 3, names_at, names.len())] {
        file.extend([name.to_le_bytes(), kind.to_le_bytes()].concat());
        for word in [0, 0, at as u64, length as u64, 0, 0, 0] {
            file.extend(word.to_le_bytes());
        }
    }
    file
}

const CRATES: &str = r#"{"packages":[{"name":"cc","version":"1.0","source":"crates.io","kind":"build"},
    {"name":"serde","version":"1.0.200","source":"crates.io"},
    {"name":"paste","version":"0.1.0","source":"local","dependencies":[0,1],"root":true}]}"#;

#[test]
fn crates_are_those_of_the_program_itself_first() {
    let program = auditable(CRATES, 0);
    assert_eq!(shown(&parse_cargo_auditable(&program)), ["paste 0.1.0", "serde 1.0.200"]);
    assert_eq!(parse_cargo_auditable(&auditable("no json", 0)), []);
    assert_eq!(parse_cargo_auditable(b"\x7fELF"), []);
}

#[test]
fn crates_of_a_long_program_are_found_from_its_head_and_end() {
    let program = auditable(CRATES, 300_000);
    for chunk in [4096, 100_003] {
        assert_eq!(shown(&found("/paste", &program, chunk, &program[..1024])), ["paste 0.1.0", "serde 1.0.200"]);
    }
}

/// A zip archive; members that end in `.jar` are stored, others deflated.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let stored = name.ends_with(".jar");
        let packed = if stored { content.to_vec() } else { deflated(content) };
        let method = if stored { 0u16 } else { 8 };
        let at = file.len() as u32;
        let mut common = [20u16.to_le_bytes(), 0u16.to_le_bytes(), method.to_le_bytes()].concat();
        common.extend([0u8; 8]);
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend([(name.len() as u16).to_le_bytes(), [0; 2]].concat());
        file.extend([b"PK\x03\x04", &common[..], name.as_bytes(), &packed].concat());
        directory.extend([b"PK\x01\x02\x14\x00", &common[..], &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let at = file.len() as u32;
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([(members.len() as u16).to_le_bytes(); 2].concat());
    file.extend([(directory.len() as u32).to_le_bytes(), at.to_le_bytes()].concat());
    file.extend([0; 2]);
    file
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

const POM: &[u8] = b"#Generated\nversion=2.10.1\ngroupId=com.google.code.gson\nartifactId=gson\n";
const GSON: &str = "META-INF/maven/com.google.code.gson/gson/pom.properties";

#[test]
fn jars_are_named_by_maven_else_the_manifest_else_their_file() {
    let pom = zip(&[(GSON, POM)]);
    assert_eq!(shown(&parse_jar("/app/x.jar", &pom, 0)), ["com.google.code.gson:gson 2.10.1"]);
    let manifest = b"Manifest-Version: 1.0\r\nImplementation-Title: Some Thing\r\nBundle-SymbolicName: org.long\r\n er;singleton:=true\r\nBundle-Version: 3.1\r\n\r\nName: x\r\n";
    let manifest = zip(&[("META-INF/MANIFEST.MF", manifest)]);
    assert_eq!(shown(&parse_jar("/app/thing.jar", &manifest, 0)), ["thing 3.1"]);
    assert_eq!(shown(&parse_jar("/app/a-b-2.0-rc1.war", &zip(&[("x", b"")]), 0)), ["a-b 2.0-rc1"]);
    assert_eq!(parse_jar("/app/broken-1.jar", b"PK\x03\x04 no more", 0).len(), 1);
}

#[test]
fn jars_in_a_jar_take_their_share_of_it() {
    let inner = zip(&[(GSON, POM)]);
    let deep = zip(&[("lib/deep-1.0.jar", &inner)]);
    let outer = zip(&[("BOOT-INF/lib/gson.jar", &inner), ("BOOT-INF/lib/deep.jar", &deep), ("app.class", b"x")]);
    let packages = found("/srv/app-1.0.jar", &outer, 1000, &[]);
    assert_eq!(packages.len(), 4);
    assert_eq!(shown(&packages)[..2], ["app 1.0", "com.google.code.gson:gson 2.10.1"]);
    assert_eq!(packages[1].within.as_deref(), Some("/srv/app-1.0.jar"));
    let sum: u64 = packages.iter().map(|package| package.installed_bytes).sum();
    assert_eq!(sum, outer.len() as u64);
}

#[test]
fn libraries_unpacked_into_a_jar_are_in_it() {
    let own = "META-INF/maven/org.example/quotes/pom.properties";
    let text = b"groupId=org.example\nartifactId=quotes\nversion=1.0\n";
    let shaded = zip(&[(own, text), (GSON, POM)]);
    assert_eq!(
        shown(&parse_jar("/app/quotes.jar", &shaded, 0)),
        ["org.example:quotes 1.0", "com.google.code.gson:gson 2.10.1"]
    );
}

#[test]
fn of_a_long_jar_the_end_says_what_is_in_it() {
    let filler = vec![b'x'; 5000];
    let jar = zip(&[("lib/a.jar", &filler), ("lib/spring-core-6.1.jar", &filler), (GSON, POM)]);
    let cut = jar.len() - 600;
    assert_eq!(
        shown(&parse_jar("/app.jar", &jar[cut..], cut as u64)),
        ["com.google.code.gson:gson 2.10.1", "a ", "spring-core 6.1"]
    );
    let cut = jar.len() - 400;
    assert!(shown(&parse_jar("/app.jar", &jar[cut..], cut as u64)).contains(&"com.google.code.gson:gson ".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn wrong_bytes_never_stop_a_reader(which in 0..3usize, at in any::<prop::sample::Index>(), bytes in proptest::collection::vec(any::<u8>(), 1..9)) {
        let inner = zip(&[(GSON, POM)]);
        let mut file = [go_program(64), auditable(CRATES, 10), zip(&[("lib/a.jar", &inner), (GSON, POM)])][which].clone();
        let at = at.index(file.len() - bytes.len());
        file[at..at + bytes.len()].copy_from_slice(&bytes);
        found("/x.jar", &file, 1000, &file);
        parse_jar("/x.jar", &file, 0);
        parse_cargo_auditable(&file);
    }
}
