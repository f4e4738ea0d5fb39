//! What the image says of itself.

mod labels;

super::register! {
    duplicate_label,
    healthcheck_missing,
    invalid_label_key,
    label_policy,
    maintainer_instruction,
    required_label_missing,
    runtime_metadata_missing,
}
