//! Rotates letters by thirteen.
use std::io::Read;

const HELP: &str = "rot 0.3.0\nusage: rot [--help | TEXT…]\nWithout TEXT it reads standard input.";

fn rot(text: &str) -> String {
    text.chars().map(|c| match c {
        'a'..='z' => (b'a' + (c as u8 - b'a' + 13) % 26) as char,
        'A'..='Z' => (b'A' + (c as u8 - b'A' + 13) % 26) as char,
        other => other,
    }).collect()
}

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help") {
        println!("{HELP}");
    } else if words.is_empty() {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        print!("{}", rot(&text));
    } else {
        println!("{}", rot(&words.join(" ")));
    }
    Ok(())
}
