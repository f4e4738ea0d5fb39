//! Time.

super::register! {
    download_unpacked_by_hand,
    emulated_compile,
    missing_cache_mount,
    noisy_download_log,
    python_on_alpine,
    runtime_tuning_missing,
}
