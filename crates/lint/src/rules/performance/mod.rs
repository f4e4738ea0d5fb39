//! Time.

super::register! {
    noisy_download_log,
}
