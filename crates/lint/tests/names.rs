//! Other tools' ids mean rules here: all of hadolint's and BuildKit's do.

use jettison_lint::{hadolint_level, named, similar};

const HADOLINT: &str = "DL1000 DL1001 DL3000 DL3001 DL3002 DL3003 DL3004 DL3006 DL3007 DL3008 DL3009 DL3010 DL3011 DL3012 DL3013 \
    DL3014 DL3015 DL3016 DL3018 DL3019 DL3020 DL3021 DL3022 DL3023 DL3024 DL3025 DL3026 DL3027 DL3028 DL3029 DL3030 DL3032 DL3033 \
    DL3034 DL3035 DL3036 DL3037 DL3038 DL3040 DL3041 DL3042 DL3043 DL3044 DL3045 DL3046 DL3047 DL3048 DL3049 DL3050 DL3051 DL3052 \
    DL3053 DL3054 DL3055 DL3056 DL3057 DL3058 DL3059 DL3060 DL3061 DL3062 DL3063 DL3064 DL3065 DL3066 DL3067 DL4000 DL4001 DL4003 \
    DL4004 DL4005 DL4006";

const BUILDKIT: &str = "ConsistentInstructionCasing CopyIgnoredFile DuplicateStageName ExposeInvalidFormat ExposeProtoCasing \
    FromAsCasing FromPlatformFlagConstDisallowed InvalidDefaultArgInFrom InvalidDefinitionDescription \
    JSONArgsRecommended LegacyKeyValueFormat MaintainerDeprecated MultipleInstructionsDisallowed NoEmptyContinuation \
    RedundantTargetPlatform ReservedStageName SecretsUsedInArgOrEnv StageNameCasing UndefinedArgInFrom UndefinedVar \
    WorkdirRelativePath";

#[test]
fn every_id_of_hadolint_and_buildkit_means_a_rule() {
    for name in HADOLINT.split_whitespace().chain(BUILDKIT.split_whitespace()) {
        assert!(!named(name).is_empty(), "{name}");
        assert_eq!(named(&name.to_lowercase()), named(name));
    }
}

#[test]
fn prefixes_and_spellings_of_other_tools_are_understood() {
    for (written, same) in [
        ("hadolint/DL3008", "DL3008"),
        ("buildkit/StageNameCasing", "StageNameCasing"),
        ("AVD-DS-0017", "DS-0017"),
        ("DS017", "DS-0017"),
        ("tally/require-stages", "instruction-before-from"),
        ("CKV_DOCKER_11", "duplicate-stage-name"),
    ] {
        assert_eq!(named(written), named(same), "{written}");
        assert!(!named(written).is_empty(), "{written}");
    }
    assert_eq!(named("DL3014").iter().map(ToString::to_string).collect::<Vec<_>>(), ["unanswered-prompt/apt"]);
    assert!(named("DL9999").is_empty());
}

#[test]
fn near_names_are_offered() {
    assert_eq!(similar("latest-tga"), Some("latest-tag"));
    assert_eq!(similar("nothing-like-it"), None);
}

#[test]
fn hadolint_has_a_level_for_each_code_that_is_on() {
    assert!(hadolint_level("DL3008").is_some());
    assert!(hadolint_level("DL3057").is_none());
}
