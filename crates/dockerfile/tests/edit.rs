//! The edit engine.

use jettison_dockerfile::edit::{self, EditError, apply, apply_checked, apply_fixes};
use jettison_model::{Edit, Fix, FixSafety, Span};

fn text(result: Result<Vec<u8>, EditError>) -> String {
    String::from_utf8(result.unwrap()).unwrap()
}

fn fix(edits: Vec<Edit>) -> Fix {
    Fix { edits, safety: FixSafety::Safe, note: String::new() }
}

#[test]
fn applies_edits_in_any_order() {
    let edits = [Edit::delete(Span::new(4, 5)), Edit::insert(0, ">"), Edit::replace(Span::new(1, 3), "XYZ")];
    assert_eq!(text(apply(b"abcdef", &edits)), ">aXYZdf");
}

#[test]
fn inserts_at_one_place_keep_their_order() {
    let edits =
        [Edit::insert(1, "1"), Edit::replace(Span::new(1, 2), "B"), Edit::insert(1, "2"), Edit::insert(3, "end")];
    assert_eq!(text(apply(b"abc", &edits)), "a12Bcend");
}

#[test]
fn refuses_overlaps_and_places_outside() {
    let overlap = [Edit::delete(Span::new(0, 2)), Edit::delete(Span::new(1, 3))];
    assert_eq!(apply(b"abc", &overlap), Err(EditError::Overlap));
    assert_eq!(apply(b"abc", &[Edit::delete(Span::new(0, 3)), Edit::insert(1, "x")]), Err(EditError::Overlap));
    assert_eq!(apply(b"abc", &[Edit::insert(4, "x")]), Err(EditError::OutOfRange));
    assert_eq!(apply(b"abc", &[Edit::delete(Span { start: 2, end: 1 })]), Err(EditError::OutOfRange));
    assert_eq!(apply("aé".as_bytes(), &[Edit::insert(2, "x")]), Err(EditError::OutOfRange));
    assert_eq!(apply("😀".as_bytes(), &[Edit::insert(3, "x")]), Err(EditError::OutOfRange));
    assert!(apply(b"a\x80\x80", &[Edit::insert(1, "x"), Edit::insert(2, "y")]).is_ok(), "bad bytes are no character");
}

#[test]
fn keeps_what_it_does_not_touch() {
    let source = b"\xEF\xBB\xBFFROM a\r\n# \xFF\r\nRUN b";
    let at = source.len() - 1;
    let edited = apply_checked(source, &[Edit::replace(Span::new(at, at + 1), "c")]).unwrap();
    assert_eq!(edited, b"\xEF\xBB\xBFFROM a\r\n# \xFF\r\nRUN c");
}

#[test]
fn refuses_edits_that_break_the_file() {
    let source = b"FROM a\nRUN b\n";
    let broken = apply_checked(source, &[Edit::replace(Span::new(7, 10), "RNU")]);
    assert_eq!(broken, Err(EditError::Breaks("unknown instruction: RNU".to_owned())));
    let known = b"FROM a\nBAD x\nRUN b\n";
    assert!(apply_checked(known, &[Edit::replace(Span::new(17, 18), "c")]).is_ok(), "old errors may stay");
    let second = apply_checked(known, &[Edit::insert(13, "BAD y\n")]);
    assert!(matches!(second, Err(EditError::Breaks(_))), "one more of the same kind is new");
}

#[test]
fn applies_fixes_that_neither_overlap_nor_break() {
    let source = b"FROM a\nRUN b\nRUN c\n";
    let fixes = [
        fix(vec![Edit::replace(Span::new(11, 12), "B")]),
        fix(vec![Edit::replace(Span::new(10, 12), "x")]),
        fix(vec![Edit::replace(Span::new(13, 16), "NUR")]),
        fix(vec![Edit::replace(Span::new(17, 18), "C"), Edit::insert(19, "RUN d\n")]),
    ];
    let (result, applied) = apply_fixes(source, &fixes);
    assert_eq!(
        (String::from_utf8(result).unwrap().as_str(), &applied[..]),
        ("FROM a\nRUN B\nRUN C\nRUN d\n", &[0, 3][..])
    );
}

const STYLED: &str = "# escape=`\r\nFROM a\r\n  # why\r\n  RUN b `\r\n\t&& c\r\n  COPY --link --chown=x d e";

fn edited(text: &str, edit: jettison_model::Edit) -> String {
    String::from_utf8(apply_checked(text.as_bytes(), &[edit]).expect("it still parses")).expect("UTF-8")
}

#[test]
fn instructions_come_in_the_files_own_style() {
    let dockerfile = jettison_dockerfile::parse(STYLED.as_bytes());
    let style = edit::Style::at(&dockerfile, 1);
    assert_eq!((style.line_end, style.escape, &*style.indent, &*style.continuation), ("\r\n", '`', "  ", "\t"));
    let before = edited(STYLED, edit::insert_before(&dockerfile, 1, &["RUN x", "&& y"]));
    assert!(before.contains("FROM a\r\n  RUN x `\r\n\t&& y\r\n  # why\r\n  RUN b"), "{before}");
    let after = edited(STYLED, edit::insert_after(&dockerfile, 2, &["USER z"]));
    assert!(after.ends_with("--chown=x d e\r\n  USER z"), "{after}");
    let replaced =
        edited(STYLED, edit::replace_instruction(&dockerfile, 1, &["RUN c", "&& b"]).expect("an instruction"));
    assert!(replaced.contains("  # why\r\n  RUN c `\r\n\t&& b\r\n  COPY"), "{replaced}");
}

#[test]
fn instructions_and_flags_go_without_a_trace() {
    let dockerfile = jettison_dockerfile::parse(STYLED.as_bytes());
    let without_run = edited(STYLED, edit::delete_instruction(&dockerfile, 1, true));
    assert!(without_run.contains("FROM a\r\n  COPY"), "{without_run}");
    let without_copy = edited(STYLED, edit::delete_instruction(&dockerfile, 2, false));
    assert!(without_copy.ends_with("&& c"), "{without_copy}");
    let unlinked = edited(STYLED, edit::remove_flag(&dockerfile, 2, "link").expect("a flag"));
    assert!(unlinked.ends_with("COPY --chown=x d e"), "{unlinked}");
    let flagged = edited(STYLED, edit::add_flag(&dockerfile, 2, "--chmod=1").expect("an instruction"));
    assert!(flagged.ends_with("COPY --link --chown=x --chmod=1 d e"), "{flagged}");
    assert_eq!(edit::remove_flag(&dockerfile, 2, "from"), None);
    assert_eq!(edit::add_flag(&dockerfile, 9, "--x"), None);
}

#[test]
fn an_edit_that_the_dispatcher_refuses_is_refused() {
    let text = "FROM a AS b\nFROM c\nCOPY --from=b x y\n";
    let dockerfile = jettison_dockerfile::parse(text.as_bytes());
    let broken =
        apply_checked(text.as_bytes(), &[edit::add_flag(&dockerfile, 2, "--chmod=9").expect("an instruction")]);
    assert!(matches!(broken, Err(EditError::Breaks(cause)) if cause.contains("invalid chmod")));
}
