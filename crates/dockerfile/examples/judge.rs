//! Says what BuildKit would say: reads paths of Dockerfiles from standard input, one a line, and prints for each the step that
//! refuses it (or `accepted`), the line, the cause and the path, separated by tabs.
//! `find . -name Dockerfile | cargo run -p jettison-dockerfile --example judge`

use std::io::BufRead;

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::stages::StageGraph;
use jettison_dockerfile::{DiagnosticKind, Phase, dispatch, parse};
use jettison_model::LineIndex;

fn main() -> std::io::Result<()> {
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        let source = std::fs::read(&path)?;
        println!("{}\t{path}", judge(&source));
    }
    Ok(())
}

fn judge(source: &[u8]) -> String {
    let dockerfile = parse(source);
    let graph = StageGraph::new(&dockerfile, &Env::new(), "amd64");
    let mut found = dockerfile.diagnostics().to_vec();
    found.extend(dispatch::refusals(&dockerfile, &graph));
    found.retain(|one| one.kind == DiagnosticKind::Error);
    found.sort_by_key(|one| (one.phase, one.span));
    let Some(first) = found.first() else { return "accepted\t0\t".to_owned() };
    let step = match first.phase {
        Phase::Parse => "parse",
        Phase::Instructions => "instructions",
        Phase::Dispatch => "dispatch",
    };
    format!("{step}\t{}\t{}", LineIndex::new(source).line(first.span.start), first.message.replace(['\n', '\t'], " "))
}
