//! `tidings explain`: what a finding means, by its code. The words are those of the documentation.

use super::Exit;
use super::site::Failure;
use crate::diagnostic::did_you_mean;
use crate::report::Reporter;

/// A section for each code, below a heading of that name.
const SECTIONS: &str = include_str!("../../docs/src/diagnostics.md");

#[derive(Debug, clap::Args)]
pub(super) struct ExplainOptions {
    /// The code, as in `warning[no-date]` [default: all of them, by name]
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

/// Every code that a finding can have.
pub(super) fn codes() -> impl Iterator<Item = &'static str> {
    SECTIONS.lines().filter_map(|line| line.strip_prefix("## "))
}

pub(super) fn command(options: &ExplainOptions, report: &Reporter) -> Result<Exit, Failure> {
    let Some(code) = &options.code else {
        report.data(&codes().map(|code| format!("{code}\n")).collect::<String>())?;
        return Ok(Exit::Done);
    };
    let heading = format!("\n## {code}\n");
    let Some((_, rest)) = SECTIONS.split_once(&heading) else {
        let near = did_you_mean(code, codes());
        let help = near.map_or_else(
            || "`tidings explain` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Failure::Usage(format!("no finding has the code `{code}`; {help}")));
    };
    let section = rest.split("\n## ").next().unwrap_or_default();
    report.data(&format!("{code}\n\n{}\n", section.trim()))?;
    Ok(Exit::Done)
}
