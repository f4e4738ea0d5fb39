//! Bytes that ship.

mod rpm;

super::register! {
    apk_cache_kept,
    apt_cache_kept,
    apt_recommends_installed,
    bundler_files_kept,
    cloned_history_kept,
    composer_dev_shipped,
    conda_cache_kept,
    copied_archive_extracted,
    copied_then_rewritten,
    debug_tools_shipped,
    dnf_cache_kept,
    download_archive_kept,
    late_delete,
    missing_dockerignore,
    npm_cache_kept,
    pacman_cache_kept,
    pip_cache_kept,
    sparse_user_database,
    two_downloaders_installed,
    weak_dependencies_installed,
    whole_context_copied,
    whole_stage_copied,
    yarn_cache_kept,
    yum_cache_kept,
    zypper_cache_kept,
}
