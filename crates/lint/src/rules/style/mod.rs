//! How it is written.

super::register! {
    anonymous_stage_reference,
    consecutive_runs,
    definition_comment_mismatch,
    directory_change_in_run,
    expose_protocol_case,
    from_as_case,
    heredoc_opportunity,
    instruction_case,
    legacy_key_value,
    redundant_instruction,
    stage_name_case,
    suppression_problem,
    unformatted_file,
    unsorted_packages,
}
