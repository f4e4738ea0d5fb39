//! Another day, another image.

mod packages;

super::register! {
    build_time_stamp,
    latest_tag,
    lockfile_not_copied,
    lockfile_not_enforced,
    loose_base_pin,
    moving_download,
    moving_git_source,
    rolling_package_source,
    unpinned_apk_package,
    unpinned_apt_package,
    unpinned_image_reference,
    unpinned_npm_package,
    unpinned_pip_package,
    unpinned_rpm_package,
    unpinned_tool_install,
    untagged_base,
    whole_system_upgrade,
}
