//! A cell of comma-separated values that a spreadsheet reads as text or as a number, never as a
//! formula.

/// The text as a cell (RFC 4180 section 2), quoted where it must be.
///
/// A text that a spreadsheet would run as a formula is set apart by an apostrophe; a negative
/// decimal or fraction, of digits, `.` and `/` alone, is none.
///
/// ```
/// use deedbook::journal::csv_cell;
///
/// assert_eq!(csv_cell("a, b"), "\"a, b\"");
/// assert_eq!(csv_cell("-49.00"), "-49.00");
/// assert_eq!(csv_cell("-1+1"), "'-1+1");
/// ```
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let is_number = text.strip_prefix('-').is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_digit())
            && rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'/'))
    });
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    let text = if runs { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_set_apart() {
        for (text, needed) in [
            ("spring", "spring"),
            ("-49.00", "-49.00"),
            ("-100/3", "-100/3"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("@x", "'@x"),
            ("-1+1", "'-1+1"),
            ("-1+cmd", "'-1+cmd"),
            ("-x", "'-x"),
            ("-", "'-"),
            ("\tx", "'\tx"),
            ("a, \"b\"", "\"a, \"\"b\"\"\""),
            ("=a,b", "\"'=a,b\""),
        ] {
            assert_eq!(csv_cell(text), needed);
        }
    }
}
