//! Text wrapped to the width of a page.

/// Columns of a page.
pub(super) const WIDTH: usize = 80;

/// Columns that a character takes: two for the scripts of East Asia and for pictures, else one
/// (after Unicode Standard Annex 11, by its large blocks).
fn width(character: char) -> usize {
    match character {
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1F9FF}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

fn text_width(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Appends a paragraph: its first line after `first`, the others after as many spaces. Words
/// are broken only where one alone is wider than the page, as a sentence in Chinese is.
pub(super) fn paragraph(page: &mut String, first: &str, text: &str) {
    let indent = " ".repeat(text_width(first));
    let room = WIDTH.saturating_sub(indent.len());
    let mut line = String::new();
    let mut prefix = first;
    let mut flush = |line: &mut String, prefix: &mut &str| {
        page.push_str(prefix);
        page.push_str(line);
        page.push('\n');
        line.clear();
    };
    for word in text.split_whitespace() {
        let space = usize::from(!line.is_empty());
        if space > 0 && text_width(&line) + space + text_width(word) > room {
            flush(&mut line, &mut prefix);
            prefix = &indent;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for character in word.chars() {
            if text_width(&line) + width(character) > room {
                flush(&mut line, &mut prefix);
                prefix = &indent;
            }
            line.push(character);
        }
    }
    flush(&mut line, &mut prefix);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_page() {
        let chinese = "春风送来了温柔".repeat(30);
        let english = "the spring breeze brings tenderness ".repeat(20);
        for text in [chinese.as_str(), english.as_str(), &"x".repeat(200), ""] {
            let mut page = String::new();
            paragraph(&mut page, "  (1) ", text);
            assert!(page.starts_with("  (1) ") && page.ends_with('\n'));
            for line in page.lines() {
                assert!(text_width(line) <= WIDTH, "{line}");
            }
            let kept: String = page[6..].split_whitespace().collect();
            assert_eq!(kept, text.split_whitespace().collect::<String>());
        }
    }
}
