//! The bytes of a report as UTF-8, whatever a spreadsheet wrote them in.

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};
use std::io::{self, ErrorKind, Read};

/// Bytes that are read and decoded together.
const CHUNK_BYTES: usize = 64 * 1024;
/// The longest byte-order mark.
const MARK_BYTES: usize = 3;

/// A report on its way to UTF-8.
pub(super) struct ReportText<R> {
    source: R,
    encoding: &'static Encoding,
    /// None where the bytes are UTF-8 already; they are then checked line by line.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// What of `raw` is still to be decoded.
    waiting: std::ops::Range<usize>,
    ended: bool,
}

impl<R: Read> ReportText<R> {
    /// The text of a source; a byte-order mark at its start decides over the encoding given.
    pub(super) fn new(mut source: R, encoding: &'static Encoding) -> io::Result<Self> {
        let mut raw = vec![0; CHUNK_BYTES];
        let mut length = 0;
        while length < MARK_BYTES {
            match source.read(&mut raw[length..])? {
                0 => break,
                read => length += read,
            }
        }
        let (encoding, mark) = Encoding::for_bom(&raw[..length]).unwrap_or((encoding, 0));
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        Ok(Self { source, encoding, decoder, raw, waiting: mark..length, ended: false })
    }

    /// The name of the encoding.
    pub(super) fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Fills the buffer with text; nothing at the end.
    ///
    /// # Errors
    /// What the operating system says; [`ErrorKind::InvalidData`] for bytes that are not text in
    /// this encoding.
    pub(super) fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.waiting.is_empty() && !self.ended {
                let read = self.source.read(&mut self.raw)?;
                self.waiting = 0..read;
                self.ended = read == 0;
            }
            let input = &self.raw[self.waiting.clone()];
            let Some(decoder) = &mut self.decoder else {
                let length = input.len().min(out.len());
                out[..length].copy_from_slice(&input[..length]);
                self.waiting.start += length;
                return Ok(length);
            };
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(input, out, self.ended);
            self.waiting.start += read;
            match result {
                DecoderResult::Malformed(..) => return Err(ErrorKind::InvalidData.into()),
                DecoderResult::InputEmpty if self.ended => {
                    self.decoder = None;
                    return Ok(written);
                }
                DecoderResult::InputEmpty | DecoderResult::OutputFull if written > 0 => {
                    return Ok(written);
                }
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
        }
    }
}
