//! Splits, repetitions and orders of reports: the ledger ends up the same.

use super::*;
use proptest::prelude::*;

fn lines() -> Vec<&'static str> {
    REPORT.lines().skip(1).collect()
}

fn report(lines: &[&str]) -> String {
    let lines = lines.iter().map(|line| format!("{line}\n"));
    std::iter::once(HEADING.to_owned()).chain(lines).collect()
}

fn whole() -> Vec<String> {
    let (mut story, contract) = story();
    import(&mut story, contract, REPORT.as_bytes());
    held(&story, contract)
}

#[test]
fn a_report_split_at_any_line_is_the_whole() {
    let (whole, lines) = (whole(), lines());
    for place in 0..=lines.len() {
        for overlap in 0..=place {
            let (mut story, contract) = story();
            import(&mut story, contract, report(&lines[..place]).as_bytes());
            let second = report(&lines[overlap..]);
            let imported = import(&mut story, contract, second.as_bytes());
            assert_eq!(held(&story, contract), whole, "at {place}, from {overlap}");
            let again = import(&mut story, contract, second.as_bytes());
            let count = imported.new_lines + imported.known_lines;
            assert_eq!((again.new_lines, again.known_lines), (0, count));
        }
    }
}

proptest! {
    #![proptest_config(crate::support::cases(24))]

    #[test]
    fn order_does_not_matter(
        order in Just(lines()).prop_shuffle(),
        split in 0..6_usize,
        twice in any::<bool>(),
    ) {
        let (mut story, contract) = story();
        let (first, second) = order.split_at(split);
        let second = if twice { [second, second].concat() } else { second.to_vec() };
        import(&mut story, contract, report(&second).as_bytes());
        import(&mut story, contract, report(first).as_bytes());
        prop_assert_eq!(held(&story, contract), whole());
    }
}

/// A report that was cut off anywhere is refused, unless it ends where a line does.
#[test]
fn a_report_cut_off_anywhere_is_refused() {
    let (mut story, contract) = story();
    let mapping = mapping("negative = \"refund\"\n");
    let crlf = REPORT.replace('\n', "\r\n");
    for text in [REPORT, &crlf] {
        for length in 0..text.len() {
            let cut = &text.as_bytes()[..length];
            let done = run(&mut story, contract, &mapping, cut, true);
            // Half a line break is one.
            let is_whole = cut.ends_with(b"\n") || cut.ends_with(b"\r");
            let is_heading = length <= HEADING.len() + 1;
            match done {
                Ok(imported) => {
                    assert!(is_whole, "cut at {length} and read");
                    assert!(!is_heading || imported.new_lines == 0);
                }
                Err(error) => assert!(!is_whole, "cut at {length}: {error}"),
            }
        }
    }
}
