//! What is left out of the written paths, and how a report becomes a behaviour. Running is tested with an engine.

use super::*;

fn changed(list: &[(char, &str)]) -> Vec<String> {
    written(list.iter().map(|(kind, path)| (*kind, (*path).to_owned())).collect())
}

#[test]
fn folders_that_only_hold_a_change_are_not_written() {
    let found =
        changed(&[('C', "/var"), ('C', "/var/log"), ('A', "/var/log/app.log"), ('C', "/srv"), ('D', "/tmp/gone")]);
    assert_eq!(found, ["/srv", "/var/log/app.log"]);
}

#[test]
fn a_new_folder_counts_with_what_is_in_it() {
    assert_eq!(changed(&[('A', "/app/data"), ('A', "/app/data/x.db"), ('C', "/app")]), ["/app/data", "/app/data/x.db"]);
}

#[test]
fn what_the_engine_puts_there_is_not_the_apps() {
    let found = changed(&[
        ('C', "/etc"),
        ('A', "/etc/hosts"),
        ('A', "/dev/x"),
        ('A', "/proc"),
        ('A', "/process"),
        ('A', "/.dockerenv"),
    ]);
    assert_eq!(found, ["/process"]);
}

#[test]
fn a_report_becomes_a_behaviour() {
    let mut behaviour = Behaviour::default();
    let report = "{\"listening\":{\"ports\":[80],\"loopback\":[9],\"addresses\":[\"10.0.0.2\"],\"never_ready\":false}}\n\
                  {\"done\":{\"programs\":[\"/bin/app\"]}}\n";
    events(report).into_iter().for_each(|event| note(&mut behaviour, event));
    assert!(behaviour.probed && behaviour.ports == [80] && behaviour.loopback_ports == [9]);
    assert_eq!((behaviour.identity, behaviour.programs), (vec!["10.0.0.2".to_owned()], vec!["/bin/app".to_owned()]));
}
