//! What is built again without need.

super::register! {
    cache_disabled_on_mount,
    cache_mount_conflict,
    dependency_layer_missing,
    docker_clean_defeats_mount,
    repeated_stage_work,
    sources_before_dependencies,
    uncached_remote_content,
    volatile_value_early,
}
