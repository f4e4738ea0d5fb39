//! What can be attacked or leaks.

super::register! {
    add_for_local_file,
    cleartext_download,
    credentials_in_url,
    default_root_user,
    named_final_user,
    password_set_in_build,
    piped_remote_script,
    privileged_run,
    remote_shell_shipped,
    root_final_user,
    secret_file_copied,
    secret_named_variable,
    sudo_in_build,
    system_directory_workdir,
    tls_verification_disabled,
    unsigned_packages_allowed,
    untrusted_registry,
    unverified_remote_add,
    world_writable_path,
}
