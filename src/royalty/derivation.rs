//! How a figure came about, as a tree.

use super::{Figure, Sources};
use serde::Serialize;
use std::borrow::Cow;

/// A figure with the step that made it, the operands written out, the entries it rests on and
/// the figures it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Derivation {
    /// What the figure is: `gross`, `earned 2026-Q1`.
    pub label: Cow<'static, str>,
    /// The figure.
    pub value: Figure,
    /// The operands, as one would write them down: `5% x 1,234.56`. Nothing where the figure is
    /// given and not computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working: Option<String>,
    /// The clause or the step, in words.
    pub rule: Cow<'static, str>,
    /// The entries.
    pub sources: Sources,
    /// The figures it was made from.
    pub children: Vec<Derivation>,
}

impl Derivation {
    /// A figure that is given, or a sum of what is below it.
    pub(super) fn new(
        label: impl Into<Cow<'static, str>>,
        value: impl Into<Figure>,
        rule: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            working: None,
            rule: rule.into(),
            sources: Sources::none(),
            children: Vec::new(),
        }
    }

    /// With its operands.
    pub(super) fn working(mut self, working: impl Into<String>) -> Self {
        self.working = Some(working.into());
        self
    }

    /// With its entries.
    pub(super) fn sources(mut self, sources: Sources) -> Self {
        self.sources = sources;
        self
    }

    /// With the figures it was made from.
    pub(super) fn children(mut self, children: Vec<Derivation>) -> Self {
        self.children = children;
        self
    }

    /// The tree as lines of text, branches drawn with box characters:
    ///
    /// ```text
    /// gross = 1,300.00 - 65.44 = 1,234.56 CNY: revenue less refunds
    /// ├─ revenue = 1,300.00 CNY: money received [#4, #5]
    /// └─ refunds = 65.44 CNY: revenue given back [#9]
    /// ```
    pub fn to_text_tree(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.write(&mut lines, "", "");
        lines
    }

    // As deep as the steps nest, which is fixed, and not as the events are many.
    fn write(&self, lines: &mut Vec<String>, first: &str, rest: &str) {
        lines.push(format!("{first}{}", self.to_text()));
        let last = self.children.len().saturating_sub(1);
        for (index, child) in self.children.iter().enumerate() {
            let (branch, trunk) =
                if index == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            child.write(lines, &format!("{rest}{branch}"), &format!("{rest}{trunk}"));
        }
    }

    fn to_text(&self) -> String {
        let mut text = self.label.to_string();
        if let Some(working) = &self.working {
            text.push_str(" = ");
            text.push_str(working);
        }
        text.push_str(&format!(" = {}: {}", self.value, self.rule));
        if let Some(sources) = self.sources.to_text() {
            text.push(' ');
            text.push_str(&sources);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;
    use crate::record::EntryNumber;

    fn amount(text: &str) -> Amount {
        Amount::parse_with_currency(text).unwrap()
    }

    fn example() -> Derivation {
        let revenue = Derivation::new("revenue", amount("1300.00 CNY"), "money received")
            .sources(Sources::one(EntryNumber::new(4)))
            .children(vec![Derivation::new("shop", amount("1300 CNY"), "sales")]);
        let refunds = Derivation::new("refunds", amount("65.44 CNY"), "given back");
        Derivation::new("gross", amount("1234.56 CNY"), "revenue less refunds")
            .working("1,300.00 - 65.44")
            .children(vec![revenue, refunds])
    }

    #[test]
    fn draws_a_tree() {
        insta::assert_snapshot!(example().to_text_tree().join("\n"), @r"
        gross = 1,300.00 - 65.44 = 1,234.56 CNY: revenue less refunds
        ├─ revenue = 1,300.00 CNY: money received [#4]
        │  └─ shop = 1,300.00 CNY: sales
        └─ refunds = 65.44 CNY: given back
        ");
    }

    #[test]
    fn json_has_the_same_tree() {
        let json = serde_json::to_value(example()).unwrap();
        assert_eq!(json["working"], "1,300.00 - 65.44");
        assert_eq!(json["children"][0]["value"]["amount"], "1300.00");
        assert_eq!(json["children"][0]["sources"]["entries"][0], 4);
        assert_eq!(json["children"][0]["children"][0]["label"], "shop");
    }
}
