//! Bytes that ship.

mod rpm;

super::register! {
    apk_cache_kept,
    apt_cache_kept,
    apt_recommends_installed,
    copied_archive_extracted,
    dnf_cache_kept,
    pacman_cache_kept,
    pip_cache_kept,
    sparse_user_database,
    two_downloaders_installed,
    whole_stage_copied,
    yarn_cache_kept,
    yum_cache_kept,
    zypper_cache_kept,
}
