//! What is built again without need.

super::register! {
    cache_disabled_on_mount,
}
