//! Which of ShellCheck's codes say something in a Dockerfile. hadolint leaves two of them out; its users ignore more.

use jettison_dockerfile::Keyword;
use jettison_model::Severity;

use super::script::Placed;
use crate::sheet::{Sheet, Shell};

/// About files that cannot be followed, interpreter lines (ours stands first) and line ends that the builder reads over.
const NEVER: [u16; 12] = [1008, 1017, 1071, 1090, 1091, 1113, 1114, 1115, 1128, 2096, 2148, 2187];

/// What BusyBox' ash has beyond POSIX: `$'…'`, `[[ ]]`, `==`, `=~`, `&>`, echo -e, pipefail, `local`, options of `read`, `source`,
/// parts and replacements in expansions. <https://git.busybox.net/busybox/tree/shell/ash.c> (ASH_BASH_COMPAT)
const ASH: [u16; 14] = [3003, 3010, 3014, 3015, 3020, 3036, 3037, 3040, 3043, 3045, 3046, 3051, 3057, 3060];
/// What dash has beyond POSIX: `local`.
const DASH: u16 = 3043;

/// Whether a finding is worth saying where it stands.
pub(super) fn makes_sense(code: u16, severity: Severity, placed: &Placed<'_, '_>, sheet: &Sheet<'_>) -> bool {
    if NEVER.contains(&code) {
        return false;
    }
    if sheet.is_foreign() {
        return true;
    }
    // what a container starts often wants its variables split: `java $JAVA_OPTS`
    let starts = placed.step.keyword() != Keyword::Run;
    let known = match placed.shell {
        Shell::Ash => ASH.contains(&code),
        Shell::Dash => code == DASH,
        Shell::Bash | Shell::Other | Shell::Foreign => false,
    };
    !known && (!starts || severity > Severity::Info)
}
