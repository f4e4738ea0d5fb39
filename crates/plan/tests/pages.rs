//! The page of the transforms has a section for each, in their order, and no other.

use jettison_plan::transforms;

#[test]
fn every_transform_has_its_section_in_their_order() {
    let page = include_str!("../../../docs/transforms.md");
    let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## `")?.strip_suffix('`')).collect();
    let mut ids: Vec<&str> = transforms::all().iter().map(|transform| transform.id).collect();
    ids.dedup();
    assert_eq!(sections, ids);
}
