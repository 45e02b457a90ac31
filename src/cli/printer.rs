//! The only place that writes to the terminal, and that asks a person.
//!
//! Answers go to the standard output, everything else to the standard error stream. With `--json` the
//! standard output gets exactly one object, errors included; a command that goes on, such as `watch`,
//! writes one object a line.

use super::error::BadLine;
use super::text::{Span, Tone, escape};
use super::{CliError, ColorChoice, Exit, Output, Progress, Text};
use anstream::{AutoStream, stream::RawStream};
use anstyle::{AnsiColor, Style};
use clap::builder::StyledStr;
use indicatif::ProgressDrawTarget;
use serde_json::{Value, json};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// Longest answer that is read from a person.
const MAX_ANSWER_BYTES: u64 = 1024;

/// Writes answers and errors.
#[derive(Debug)]
pub(super) struct Printer {
    json: bool,
    color: ColorChoice,
}

impl Printer {
    /// A printer for the process's own streams.
    pub(super) const fn new(json: bool, color: ColorChoice) -> Self {
        Self { json, color }
    }

    /// A progress bar, shown where a person looks on and no program reads the answer.
    pub(super) fn progress(&self, noun: &'static str, total: Option<u64>) -> Progress {
        let target = if !self.json && io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Progress::new(target, noun, total)
    }

    /// Whether a person can be asked.
    pub(super) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Writes the answer of a command.
    pub(super) fn answer(&self, answer: Result<Box<dyn Output>, CliError>) -> Exit {
        match answer {
            Ok(output) => self.output(output.as_ref()),
            Err(error) => self.error(&error),
        }
    }

    fn output(&self, output: &dyn Output) -> Exit {
        for warning in output.warnings() {
            self.warning(&warning);
        }
        let written = if self.json {
            self.write_json(&output.json())
        } else {
            let mut text = Text::default();
            output.text(&mut text);
            let stdout = io::stdout();
            let spans = text.spans(stdout.is_terminal());
            let colors = self.colors(&stdout);
            write_spans(stdout.lock(), &spans, colors)
        };
        let exit = ended(written, output.exit());
        output.go_on();
        exit
    }

    /// Writes an error.
    pub(super) fn error(&self, error: &CliError) -> Exit {
        let (message, hint) = (error.to_string(), error.hint());
        if self.json {
            let mut object = error_object(error.code(), &message, &hint);
            if let Some(path) = error.report() {
                object["error"]["report"] = path.to_string_lossy().into();
            }
            let lines = error.lines();
            if !lines.is_empty() {
                object["error"]["lines"] = lines.iter().map(line_object).collect();
            }
            return ended(self.write_json(&object), error.exit());
        }
        self.labelled("error", AnsiColor::Red, &message);
        for problem in error.lines().iter().skip(1) {
            self.labelled(&format!("line {}", problem.line), AnsiColor::Red, &problem.message);
        }
        self.labelled("hint", AnsiColor::Cyan, &hint);
        error.exit()
    }

    /// Writes what is wrong with the arguments, or the help that was asked for.
    pub(super) fn usage(&self, error: &clap::Error) -> Exit {
        let asked = !error.use_stderr();
        let exit = if asked { Exit::Done } else { Exit::Usage };
        let rendered = error.render();
        if self.json && !asked {
            let page = rendered.to_string();
            let message = page.split("\n\n").next().unwrap_or_default();
            let message = message.trim().trim_start_matches("error: ");
            let hint = "`deedbook help` and `deedbook help COMMAND` show what can be typed";
            let object = error_object("usage", message, hint);
            return ended(self.write_json(&object), exit);
        }
        if asked {
            let stdout = io::stdout();
            let colors = self.colors(&stdout);
            ended(write_page(stdout, &rendered, colors), exit)
        } else {
            let stderr = io::stderr();
            let colors = self.colors(&stderr);
            // Nobody is left to tell when this cannot be written.
            let _ = write_page(stderr, &rendered, colors);
            exit
        }
    }

    /// Writes one of many answers at once: a line for people, or one object on a line for programs.
    pub(super) fn line(&self, output: &dyn Output) -> io::Result<()> {
        if self.json {
            return self.write_json(&output.json());
        }
        let mut text = Text::default();
        output.text(&mut text);
        let stdout = io::stdout();
        let spans = text.spans(stdout.is_terminal());
        let colors = self.colors(&stdout);
        write_spans(stdout.lock(), &spans, colors)
    }

    /// Tells something beside the answer.
    pub(super) fn warning(&self, message: &str) {
        self.labelled("warning", AnsiColor::Yellow, message);
    }

    /// Tells, beside an answer that stands, that the ledger is not what it was.
    pub(super) fn alarm(&self, message: &str) {
        self.labelled("error", AnsiColor::Red, message);
    }

    /// Tells what was done beside the answer.
    pub(super) fn note(&self, label: &str, message: &str) {
        self.labelled(label, AnsiColor::Cyan, message);
    }

    /// Shows a text in full, such as terms before they are accepted, beside the answer.
    pub(super) fn show(&self, text: &Text) -> io::Result<()> {
        let stderr = io::stderr();
        let spans = text.spans(stderr.is_terminal());
        let colors = self.colors(&stderr);
        write_spans(stderr.lock(), &spans, colors)
    }

    /// Asks a person; anything but a yes is a no.
    pub(super) fn confirm(&self, question: &str) -> io::Result<bool> {
        let mut stderr = io::stderr();
        write!(stderr, "{} [y/N] ", escape(question))?;
        stderr.flush()?;
        let mut answer = String::new();
        let mut limited = io::Read::take(io::stdin().lock(), MAX_ANSWER_BYTES);
        io::BufRead::read_line(&mut limited, &mut answer)?;
        let answer = answer.trim().to_lowercase();
        Ok(answer == "y" || answer == "yes")
    }

    /// Asks for a passphrase without showing it.
    pub(super) fn ask_passphrase(&self, what: &str, path: &Path) -> io::Result<Zeroizing<String>> {
        let path = escape(&path.display().to_string());
        rpassword::prompt_password(format!("{what} `{path}`: ")).map(Zeroizing::new)
    }

    fn write_json(&self, object: &Value) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{object}")?;
        stdout.flush()
    }

    fn labelled(&self, label: &str, color: AnsiColor, message: &str) {
        let mut stderr = io::stderr();
        let style = if self.colors(&stderr) {
            Style::new().bold().fg_color(Some(color.into()))
        } else {
            Style::new()
        };
        let message = escape(message);
        // Nobody is left to tell when this cannot be written.
        let _ = writeln!(stderr, "{style}{label}:{style:#} {message}");
    }

    /// Whether colour goes to a stream.
    fn colors(&self, stream: &impl RawStream) -> bool {
        match self.color {
            ColorChoice::Auto => AutoStream::choice(stream) != anstream::ColorChoice::Never,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        }
    }
}

fn error_object(code: &str, message: &str, hint: &str) -> Value {
    json!({ "error": { "code": code, "message": message, "hint": hint } })
}

fn line_object(bad: &BadLine) -> Value {
    json!({ "line": bad.line, "code": bad.code, "message": bad.message, "hint": bad.hint })
}

fn write_spans(stream: impl Write, spans: &[Span], colors: bool) -> io::Result<()> {
    let mut stream = BufWriter::new(stream);
    for span in spans {
        let style = match span.tone {
            Tone::Strong if colors => Style::new().bold(),
            Tone::Faint if colors => Style::new().dimmed(),
            Tone::Plain | Tone::Strong | Tone::Faint => {
                stream.write_all(&span.bytes)?;
                continue;
            }
        };
        let text = String::from_utf8_lossy(&span.bytes);
        let line = text.strip_suffix('\n');
        let end = if line.is_some() { "\n" } else { "" };
        write!(stream, "{style}{}{style:#}{end}", line.unwrap_or(&text))?;
    }
    stream.flush()
}

fn write_page(mut stream: impl Write, page: &StyledStr, colors: bool) -> io::Result<()> {
    if colors { write!(stream, "{}", page.ansi()) } else { write!(stream, "{page}") }
}

/// A reader that has seen enough, as in `deedbook list | head`, is no failure.
fn ended(written: io::Result<()>, exit: Exit) -> Exit {
    match written {
        Ok(()) => exit,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit,
        Err(error) => {
            let mut stderr = io::stderr();
            let _ = writeln!(stderr, "error: cannot write the answer: {error}");
            match exit {
                Exit::Done | Exit::Refused | Exit::Usage => Exit::Refused,
                Exit::Integrity => Exit::Integrity,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_one_object_with_code_message_and_hint() {
        let object = error_object("time", "no such day", "check it");
        let expected =
            json!({ "error": { "code": "time", "message": "no such day", "hint": "check it" } });
        assert_eq!(object, expected);
    }

    #[test]
    fn a_reader_that_has_left_is_no_failure_and_a_full_disk_is_one() {
        let error = |kind| Err(io::Error::from(kind));
        assert_eq!(ended(error(ErrorKind::BrokenPipe), Exit::Done), Exit::Done);
        let full = ended(error(ErrorKind::StorageFull), Exit::Done);
        assert_eq!(full, Exit::Refused);
        let broken = ended(error(ErrorKind::StorageFull), Exit::Integrity);
        assert_eq!(broken, Exit::Integrity);
    }

    #[test]
    fn colour_is_written_only_where_it_is_wanted() {
        let mut text = Text::default();
        text.heading("title");
        text.line("line");
        for (colors, expected) in
            [(false, "title\nline\n"), (true, "\u{1b}[1mtitle\u{1b}[0m\nline\n")]
        {
            let mut written = Vec::new();
            write_spans(&mut written, &text.spans(true), colors).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), expected);
        }
    }
}
