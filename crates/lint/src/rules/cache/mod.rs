//! What is built again without need.

super::register! {
    cache_disabled_on_mount,
    cache_mount_conflict,
    docker_clean_defeats_mount,
    sources_before_dependencies,
}
