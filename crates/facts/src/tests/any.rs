//! Whatever the file says, gathering gives facts: no panic, and every index in them is one of the file's.

use proptest::prelude::*;

use super::facts;
use crate::memory::{MemoryImage, MemoryWorld};
use crate::{entry_programs, mentions, requirements};

/// Pieces that make lines which nearly are instructions.
const PIECES: [&str; 34] = [
    "FROM ",
    "debian:12",
    " AS a",
    "a",
    "scratch",
    "$X",
    "${X:-y}",
    "COPY ",
    "--from=a ",
    "ADD ",
    ". ",
    "./x ",
    "/y/",
    "RUN ",
    "apt-get install -y ",
    "pip install -r ",
    "npm ci ",
    "set -eux; ",
    "&& ",
    "| ",
    "\\\n",
    "'",
    "\"",
    "CMD ",
    "[\"a\", \"b\"]",
    "ENTRYPOINT ",
    "HEALTHCHECK CMD ",
    "EXPOSE ",
    "1-99999",
    "WORKDIR ",
    "..",
    "\n",
    "<<EOF",
    "é",
];

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![4 => proptest::sample::select(PIECES.to_vec()), 1 => Just("\r\n"), 1 => Just("\0")],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn facts_of_any_file_point_into_it(text in text()) {
        let world = MemoryWorld::new().with_file("x", "a").with_base("debian:12", MemoryImage::new().build());
        let facts = facts(&text, &world);
        let count = facts.dockerfile.instructions().len();
        for stage in &facts.stages {
            prop_assert!(stage.copies.iter().all(|copy| copy.instruction < count));
            for run in &stage.runs {
                prop_assert!(run.instruction < count);
                for segment in run.segments.iter().flatten() {
                    prop_assert!(segment.span.range().end <= text.len() && segment.span.start <= segment.span.end);
                }
            }
        }
        mentions::mentioned(&facts, &["a", "é", ""]);
    }

    #[test]
    fn any_command_is_followed_to_an_end(script in text(), manifest in ".{0,200}") {
        let world = MemoryWorld::new().with_file("run.sh", script.clone()).with_file("package.json", manifest);
        let facts = facts("FROM a\nWORKDIR /app\nCOPY . .\n", &world);
        let image = MemoryImage::new().with_workdir("/app").with_script("/app/run.sh", "/bin/sh");
        entry_programs(&facts, &image.clone().with_argv(&["./run.sh"], &["npm", "start"]).build());
        entry_programs(&facts, &image.with_argv(&[], &["/bin/sh", "-c", &script]).build());
        requirements(&world, "run.sh");
    }
}
