//! How many RUNs the shell facade understands: reads paths of Dockerfiles from standard input, one a line; counts exec forms,
//! scripts, scripts of other shells and opaque ones, and prints the reason and place of each opaque one.
//! `find . -name Dockerfile | cargo run -p jettison-dockerfile --example scripts`

use std::collections::BTreeMap;
use std::io::BufRead;

use jettison_dockerfile::shell::Parsed;
use jettison_dockerfile::{Keyword, parse};

fn main() -> std::io::Result<()> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        let dockerfile = parse(std::fs::read(&path)?);
        for run in dockerfile.instructions().iter().filter(|one| one.keyword == Keyword::Run) {
            let what = match run.script(&dockerfile) {
                Some(Parsed::Script(_)) => "understood",
                Some(Parsed::Foreign(_)) => "of another shell",
                Some(Parsed::Opaque(reason)) => {
                    println!("{path}:{}: {reason}", run.line);
                    "opaque"
                }
                None => "exec form, or another interpreter",
            };
            *counts.entry(what).or_default() += 1;
        }
    }
    println!("RUNs: {counts:?}");
    Ok(())
}
