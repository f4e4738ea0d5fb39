//! The runner: every rule that is switched on, over one file; then the comments that suppress.

use jettison_dockerfile::{DiagnosticKind, Dockerfile};
use jettison_facts::World;
use jettison_model::Finding;

use crate::rules::ALL;
use crate::settings::Settings;
use crate::sheet::{Scripts, Sheet, Sink};
use crate::shell;
use crate::suppress::{self, Suppressed};

/// What is said of one file.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// In source order. `rule` is `id` or `id/part`.
    pub findings: Vec<Finding>,
    /// What comments in the file silenced.
    pub suppressed: Vec<Suppressed>,
    /// The file asks for failure on every finding (`# check=error=true`).
    pub fail_on_any: bool,
    /// A builder would refuse the file.
    pub rejected: bool,
}

/// All findings of one file, without touching it. `world` may be [`Nowhere`](jettison_facts::Nowhere): rules about what is not
/// known are silent.
pub fn check(dockerfile: &Dockerfile, world: &dyn World, settings: &Settings) -> Outcome {
    outcome(dockerfile, world, settings, |_| true)
}

/// As [`check`], for who only wants the fixes: scripts, which have none, are judged only where a comment allows something in them,
/// so that it does not pass for one without use.
pub(crate) fn check_for_fixes(dockerfile: &Dockerfile, world: &dyn World, settings: &Settings) -> Outcome {
    outcome(dockerfile, world, settings, suppress::Pragmas::are_about_scripts)
}

fn outcome(
    dockerfile: &Dockerfile,
    world: &dyn World,
    settings: &Settings,
    judges_scripts: impl Fn(&suppress::Pragmas) -> bool,
) -> Outcome {
    let (found, pragmas) = {
        let scripts = Scripts::parse(dockerfile);
        let sheet = Sheet::new(dockerfile, &scripts, world, settings);
        let mut sink = Sink::new(&sheet);
        for rule in ALL.iter().flat_map(|list| list.iter()) {
            if sink.begin(&rule.info) {
                (rule.check)(&sheet, &mut sink);
            }
        }
        let pragmas = suppress::Pragmas::read(&sheet);
        if judges_scripts(&pragmas) {
            shell::check(&sheet, &mut sink);
        }
        (sink.finish(), pragmas)
    };
    let (mut findings, suppressed) = pragmas.apply(found);
    findings.extend(pragmas.problems(dockerfile, settings));
    findings.sort_by(|one, other| (one.span, one.rule).cmp(&(other.span, other.rule)));
    Outcome { findings, suppressed, fail_on_any: pragmas.fail_on_any, rejected: is_rejected(dockerfile) }
}

fn is_rejected(dockerfile: &Dockerfile) -> bool {
    dockerfile.diagnostics().iter().any(|one| one.kind == DiagnosticKind::Error)
}
