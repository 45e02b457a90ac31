//! The lines of a report, split into fields. Holds one line at a time.

use super::LineFault;
use super::text::ReportText;
use csv_core::ReadRecordResult;
use std::io::{self, ErrorKind, Read};

/// The longest line that is read. A line of a report has some hundred bytes.
pub(super) const MAX_LINE_BYTES: usize = 64 * 1024;
/// The most fields of a line; spreadsheets of platforms have some dozen.
pub(super) const MAX_FIELDS: usize = 512;
const BUFFER_BYTES: usize = 64 * 1024;

/// Why no further line can be read.
#[derive(Debug)]
pub(super) enum RowError {
    /// The line is not whole, or not text.
    Fault(u64, LineFault),
    /// The operating system refused.
    Io(io::Error),
}

/// The lines of a report.
pub(super) struct Rows<R> {
    text: ReportText<R>,
    core: csv_core::Reader,
    buffer: Vec<u8>,
    waiting: std::ops::Range<usize>,
    fields: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    /// Line breaks before what is waiting.
    breaks: u64,
    /// Where the last line that was read begins, counted from 1.
    line: u64,
    /// Whether a last line without a line break is whole.
    unterminated: bool,
}

impl<R: Read> Rows<R> {
    pub(super) fn new(text: ReportText<R>, delimiter: u8, unterminated: bool) -> Self {
        Self {
            text,
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            buffer: vec![0; BUFFER_BYTES],
            waiting: 0..0,
            fields: vec![0; MAX_LINE_BYTES],
            ends: vec![0; MAX_FIELDS],
            count: 0,
            breaks: 0,
            line: 0,
            unterminated,
        }
    }

    /// Where the line that was read last begins, counted from 1.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// How many fields the line that was read last has.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// A field of the line that was read last; nothing where it is no text.
    pub(super) fn field(&self, place: usize) -> Option<&str> {
        let end = *self.ends[..self.count].get(place)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        // Spreadsheets pad; no value of a record begins or ends with white space.
        std::str::from_utf8(&self.fields[start..end]).ok().map(str::trim)
    }

    /// Reads the next line; whether there was one.
    pub(super) fn advance(&mut self) -> Result<bool, RowError> {
        self.skip_breaks()?;
        self.line = self.breaks + 1;
        let (mut length, mut count) = (0, 0);
        loop {
            let ended = !self.fill()?;
            let (result, read, written, ends) = self.core.read_record(
                &self.buffer[self.waiting.clone()],
                &mut self.fields[length..],
                &mut self.ends[count..],
            );
            self.pass(read);
            length += written;
            count += ends;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    let (max_bytes, max_fields) = (MAX_LINE_BYTES, MAX_FIELDS);
                    return Err(self.fault(LineFault::TooLong { max_bytes, max_fields }));
                }
                ReadRecordResult::Record => {
                    self.count = count;
                    if ended {
                        self.check_end(length)?;
                    }
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
            }
        }
    }

    /// A line that the end of the file ends instead of a line break.
    fn check_end(&self, length: usize) -> Result<(), RowError> {
        if self.fields[..length].contains(&b'\n') {
            return Err(self.fault(LineFault::Unclosed));
        }
        if self.unterminated { Ok(()) } else { Err(self.fault(LineFault::Truncated)) }
    }

    pub(super) fn fault(&self, fault: LineFault) -> RowError {
        RowError::Fault(self.line, fault)
    }

    /// Passes the line breaks between lines, the second half of one included.
    fn skip_breaks(&mut self) -> Result<(), RowError> {
        while self.fill()? {
            let waiting = &self.buffer[self.waiting.clone()];
            let breaks = waiting.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            if breaks == 0 {
                break;
            }
            self.pass(breaks);
        }
        Ok(())
    }

    fn pass(&mut self, length: usize) {
        let passed = self.waiting.start..self.waiting.start + length;
        let breaks = self.buffer[passed].iter().filter(|byte| **byte == b'\n').count();
        self.breaks += breaks as u64;
        self.waiting.start += length;
    }

    /// Whether anything is waiting, read anew where nothing was.
    fn fill(&mut self) -> Result<bool, RowError> {
        if self.waiting.is_empty() {
            let read = self.text.read(&mut self.buffer).map_err(|error| match error.kind() {
                ErrorKind::InvalidData => {
                    let fault = LineFault::Encoding { encoding: self.text.encoding() };
                    RowError::Fault(self.breaks + 1, fault)
                }
                _ => RowError::Io(error),
            })?;
            self.waiting = 0..read;
        }
        Ok(!self.waiting.is_empty())
    }

    /// The fault of a field that is no text.
    pub(super) fn no_text(&self) -> LineFault {
        LineFault::Encoding { encoding: self.text.encoding() }
    }
}
