//! `tidings completions` and `tidings man`: what the command line says of itself, for shells and for man(1).

use std::path::PathBuf;

use clap::{CommandFactory as _, ValueEnum};
use clap_complete::Shell as Known;
use clap_complete_nushell::Nushell;

use super::Exit;
use super::args::Args;
use super::site::Failure;
use crate::fsx;
use crate::report::Reporter;

#[derive(Debug, clap::Args)]
pub(super) struct CompletionsOptions {
    /// For which shell
    #[arg(value_enum)]
    pub shell: Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    /// GNU Bash
    Bash,
    /// Z shell
    Zsh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// Nushell
    Nushell,
}

#[derive(Debug, clap::Args)]
pub(super) struct ManOptions {
    /// Write a page for every command there, instead of showing the main one
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

pub(super) fn completions(options: &CompletionsOptions, report: &Reporter) -> Result<Exit, Failure> {
    let mut command = Args::command();
    let mut script = Vec::new();
    let known = match options.shell {
        Shell::Bash => Some(Known::Bash),
        Shell::Zsh => Some(Known::Zsh),
        Shell::Fish => Some(Known::Fish),
        Shell::Powershell => Some(Known::PowerShell),
        Shell::Nushell => None,
    };
    match known {
        Some(shell) => clap_complete::generate(shell, &mut command, "tidings", &mut script),
        None => clap_complete::generate(Nushell, &mut command, "tidings", &mut script),
    }
    report.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

pub(super) fn man(options: &ManOptions, report: &Reporter) -> Result<Exit, Failure> {
    let command = Args::command().disable_help_subcommand(true);
    if let Some(folder) = &options.out {
        fsx::make_dir(folder)?;
        clap_mangen::generate_to(command, folder)?;
        report.note(&format!("pages for man(1) written into {}", folder.display()));
    } else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        report.data(&String::from_utf8_lossy(&page))?;
    }
    Ok(Exit::Done)
}
