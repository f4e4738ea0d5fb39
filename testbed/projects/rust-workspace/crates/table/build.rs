//! Makes a table in Rust of the list in `elements.txt`.
use std::{env, fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=elements.txt");
    let names = fs::read_to_string("elements.txt").expect("elements.txt");
    let rows: String = names.lines().map(|name| format!("{name:?},\n")).collect();
    let out = Path::new(&env::var("OUT_DIR").expect("OUT_DIR")).join("elements.rs");
    fs::write(out, format!("pub const ELEMENTS: &[&str] = &[\n{rows}];\n")).expect("a table");
}
