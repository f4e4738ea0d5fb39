//! Whatever is in a script, judging it ends, soon, and every finding lies in it. Scripts come from files of strangers.

use jettison_shell::{Dialect, MAX_BYTES, judge};
use proptest::prelude::*;

const DIALECTS: [Dialect; 3] = [Dialect::Sh, Dialect::Bash, Dialect::Ksh];

fn holds(script: &str) {
    for dialect in DIALECTS {
        for said in judge(script, dialect) {
            assert!(script.get(said.range.clone()).is_some(), "{said:?} in {script:?}");
            assert!(!said.message.is_empty());
        }
    }
}

/// Text that is made of what shells have rules for.
fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "$",
        "$(",
        ")",
        "${",
        "}",
        "`",
        "\"",
        "'",
        "\\",
        ";",
        "&&",
        "||",
        "|",
        "&",
        ">",
        "<",
        "<<EOF\n",
        "EOF\n",
        "\n",
        " ",
        "*",
        "?",
        "[",
        "]",
        "[[",
        "]]",
        "((",
        "))",
        "!",
        "#",
        "=",
        "==",
        "if ",
        "then ",
        "else ",
        "fi ",
        "for ",
        "in ",
        "do ",
        "done ",
        "while ",
        "case ",
        "esac ",
        ";;",
        "function ",
        "f() ",
        "{ ",
        "echo ",
        "cd ",
        "rm -rf ",
        "find ",
        "-exec ",
        "xargs ",
        "export ",
        "local ",
        "read ",
        "a=",
        "$a",
        "${a}",
        "${a:-",
        "$@",
        "$?",
        "2>&1",
        "é",
        "\u{feff}",
        "\r",
        "\0",
        "1",
        "x",
        "sudo ",
        "trap ",
        "test ",
    ]);
    prop::collection::vec(words, 0..80).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn pieces_of_shell_are_judged(script in pieces()) {
        holds(&script);
    }

    #[test]
    fn any_text_is_judged(script in "\\PC{0,200}") {
        holds(&script);
    }
}

#[test]
fn deep_and_long_scripts_are_judged() {
    for open in [
        "$(",
        "`",
        "(",
        "{ ",
        "${a:-",
        "\"$(",
        "if ",
        "while ",
        "case a in a) ",
        "[[ ( ",
        "$((",
        "! ",
        "a|",
        "f() { ",
        "<(",
        "a=(",
        "[ ",
    ] {
        for count in [10, 30, 100, 1000, 5000] {
            let script = open.repeat(count);
            if script.len() <= MAX_BYTES {
                holds(&script);
            }
        }
    }
    for line in [
        "echo $a\n",
        "a=$b; ",
        "cat a | ",
        "x && ",
        "f() { g; }\n",
        "[ $a = b ] || ",
        "export A=$(b)\n",
        "\\\n",
        "a=1 ",
    ] {
        for count in [60, 1500] {
            holds(&line.repeat(count));
        }
    }
}

#[test]
fn scripts_that_are_too_long_are_left_alone() {
    assert!(judge(&"cd /a\n".repeat(MAX_BYTES), Dialect::Sh).is_empty());
}
