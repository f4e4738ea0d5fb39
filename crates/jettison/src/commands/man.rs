//! `jettison man`: one page for all commands.

use clap::CommandFactory;

use crate::cli::Cli;
use crate::failure::Failure;
use crate::output;

/// Prints the page, and one section a command.
pub fn run() -> Result<u8, Failure> {
    let command = Cli::command();
    let mut page = Vec::new();
    let broken = |error: std::io::Error| Failure::new(format!("man page: {error}"));
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(broken)?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        let name = format!("jettison {}", sub.get_name());
        let man = clap_mangen::Man::new(sub.clone().bin_name(name.clone()));
        page.extend_from_slice(format!(".SH \"{}\"\n", name.to_uppercase()).as_bytes());
        man.render_synopsis_section(&mut page).map_err(broken)?;
        man.render_description_section(&mut page).map_err(broken)?;
        man.render_options_section(&mut page).map_err(broken)?;
    }
    output::stdout(&String::from_utf8_lossy(&page))?;
    Ok(0)
}
