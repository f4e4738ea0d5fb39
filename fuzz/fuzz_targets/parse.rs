//! Any bytes: the tree prints as the source, items leave no gap, places lie inside, stages use earlier ones only.
#![no_main]

use jettison_dockerfile::expand::Env;
use jettison_dockerfile::{dispatch, parse};
use jettison_dockerfile::stages::StageGraph;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    let dockerfile = parse(source);
    assert_eq!(dockerfile.print(), source);
    let mut at = 0;
    for item in dockerfile.items() {
        assert_eq!(item.span().start, at);
        at = item.span().end;
    }
    for (index, instruction) in dockerfile.instructions().iter().enumerate() {
        assert!(dockerfile.lines_of(index, true).contains(instruction.span));
        for word in &instruction.words {
            assert!(instruction.span.contains(word.span));
        }
        instruction.pairs();
        instruction.view();
        instruction.unknown_flags().count();
        if let Some(run) = instruction.as_run() {
            for option in run.mounts.iter().flat_map(|mount| &mount.options) {
                assert!(instruction.span.contains(option.span));
            }
        }
    }
    let graph = StageGraph::new(&dockerfile, &Env::new(), "arm/v7");
    dispatch::refusals(&dockerfile, &graph);
    graph.effective(&dockerfile, dockerfile.instructions().len(), &Env::new());
    assert!(graph.stages.iter().all(|stage| stage.uses.iter().all(|used| *used < stage.index)));
});
