//! ENTRYPOINT, CMD, HEALTHCHECK.

use super::{facts, words};
use crate::Entry;
use crate::memory::MemoryWorld;

fn entry(text: &str) -> Entry {
    let world = MemoryWorld::unknown();
    facts(&format!("FROM a\n{text}\n"), &world).final_stage().unwrap().entry.clone()
}

#[test]
fn exec_forms_have_their_words() {
    let entry = entry("ENTRYPOINT [\"tini\", \"--\"]\nCMD [\"python\", \"app.py\", \"$PORT\"]");
    assert_eq!(entry.entrypoint.unwrap().argv, Some(words(&["tini", "--"])));
    let cmd = entry.cmd.unwrap();
    assert_eq!((cmd.argv, cmd.shell), (Some(words(&["python", "app.py", "$PORT"])), false));
}

#[test]
fn simple_shell_forms_have_words_too() {
    for (text, argv) in [
        ("CMD gunicorn --bind 0.0.0.0:8000 wsgi:app", Some(words(&["gunicorn", "--bind", "0.0.0.0:8000", "wsgi:app"]))),
        ("CMD exec nginx -g 'daemon off;'", Some(words(&["nginx", "-g", "daemon off;"]))),
        ("CMD java $JAVA_OPTS -jar app.jar", None),
        ("CMD cd /x", None),
        ("CMD a && b", None),
        ("CMD a | b", None),
        ("CMD a > log", None),
        ("CMD PORT=1 a", None),
        ("CMD a &", None),
        ("CMD", None),
    ] {
        let cmd = entry(text).cmd;
        assert_eq!(cmd.and_then(|cmd| cmd.argv), argv, "{text}");
    }
}

#[test]
fn an_entrypoint_forgets_the_cmd_of_stages_below() {
    let world = MemoryWorld::unknown();
    let below = facts("FROM a AS b\nCMD [\"x\"]\nFROM b\nENTRYPOINT [\"y\"]\n", &world);
    assert_eq!(below.final_stage().unwrap().entry.cmd, None);
    let same = entry("CMD [\"x\"]\nENTRYPOINT [\"y\"]");
    assert!(same.cmd.is_some() && same.entrypoint.is_some());
    let inherited = facts("FROM a AS b\nCMD [\"x\"]\nFROM b\n", &world);
    assert_eq!(inherited.final_stage().unwrap().entry.cmd.as_ref().unwrap().instruction, 1);
}

#[test]
fn healthchecks_have_a_command_or_none() {
    let shell = entry("HEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1").healthcheck.unwrap();
    assert_eq!((shell.argv, shell.shell, shell.text.as_str()), (None, true, "curl -f http://localhost/ || exit 1"));
    let exec = entry("HEALTHCHECK CMD [\"/probe\"]").healthcheck.unwrap();
    assert_eq!((exec.argv, exec.shell), (Some(words(&["/probe"])), false));
    assert_eq!(entry("HEALTHCHECK CMD [\"/probe\"]\nHEALTHCHECK NONE").healthcheck, None);
}
