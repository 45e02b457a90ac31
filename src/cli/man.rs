//! `man`: manual pages, from the definitions of the commands.

use super::arguments::Arguments as Program;
use super::{CliError, Output, Session, Text};
use clap::{Args, CommandFactory};
use clap_mangen::Man;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const EXAMPLE: &str =
    "Example:\n  deedbook man --dir ~/.local/share/man/man1\n  deedbook man | man -l -";

/// Print the manual page, or write the pages of all commands
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// Write one page a command into this directory, which must exist
    #[arg(long, value_name = "DIRECTORY")]
    dir: Option<PathBuf>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, _session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut program = Program::command();
        program.build();
        match self.dir {
            None => Ok(Page(render(&program)?).into()),
            Some(directory) => {
                let mut written = Vec::new();
                write_pages(&program, "", &directory, &mut written)?;
                Ok(Pages(written).into())
            }
        }
    }
}

fn render(command: &clap::Command) -> Result<Vec<u8>, CliError> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .render(&mut page)
        .map_err(CliError::file("render", Path::new("manual page")))?;
    Ok(page)
}

/// Writes the page of a command and of those under it.
fn write_pages(
    command: &clap::Command,
    prefix: &str,
    directory: &Path,
    written: &mut Vec<PathBuf>,
) -> Result<(), CliError> {
    let name = format!("{prefix}{}", command.get_name());
    let titled = command.clone().display_name(&name);
    let path = directory.join(format!("{name}.1"));
    std::fs::write(&path, render(&titled)?).map_err(CliError::file("write", &path))?;
    written.push(path);
    for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
        write_pages(child, &format!("{name}-"), directory, written)?;
    }
    Ok(())
}

struct Page(Vec<u8>);

impl Output for Page {
    fn json(&self) -> Value {
        json!({ "page": String::from_utf8_lossy(&self.0) })
    }

    fn text(&self, text: &mut Text) {
        text.exact(&self.0);
    }
}

struct Pages(Vec<PathBuf>);

impl Output for Pages {
    fn json(&self) -> Value {
        let paths: Vec<_> = self.0.iter().map(|path| path.to_string_lossy()).collect();
        json!({ "pages": paths })
    }

    fn text(&self, text: &mut Text) {
        for path in &self.0 {
            text.line(path.display());
        }
    }
}
