//! Published decisions, and what each looked at: the one table of the checklist. States what published
//! accounts say and adds nothing to it; predicts nothing.

use super::element::Element;
use Element::{
    Account, AiOrigin, Attempts, Edits, FirstPublication, Others, Prompts, RegisteredElsewhere,
    Selection, Terms, Tool,
};

/// A decision, with where it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The parties or the subject, as accounts call them.
    pub name: &'static str,
    /// The court.
    pub court: &'static str,
    /// The number of the case; empty where the accounts give none.
    pub number: &'static str,
    /// The day of the judgment or, where accounts give only that, of its announcement.
    pub date: &'static str,
    /// The published accounts.
    pub source: &'static str,
    /// What it looked at, by element.
    pub examined: &'static [(Element, &'static str)],
}

/// Every decision that the checklist names, in order of time.
pub const DECISIONS: &[Decision] = &[
    Decision {
        name: "Beijing Film Law Firm v. Baidu",
        court: "Beijing Internet Court",
        number: "(2018) Jing 0491 Min Chu No. 239",
        date: "25 April 2019",
        source: "english.bjinternetcourt.gov.cn, 28 May 2019; judgment in translation, chinaiptoday.com",
        examined: &[
            (Edits, "the report compared with what the software produces from the same search"),
            (FirstPublication, "the publication on the firm's own account"),
        ],
    },
    Decision {
        name: "Shenzhen Tencent v. Shanghai Yingxun",
        court: "Nanshan District People's Court, Shenzhen",
        number: "Y0305MC No. 14010",
        date: "24 December 2019",
        source: "WIPO Lex 585875",
        examined: &[
            (Terms, "the licence agreement, by which the licensee owns the works"),
            (Others, "the team that ran the software, and what it prepared for each step"),
        ],
    },
    Decision {
        name: "Li v. Liu",
        court: "Beijing Internet Court",
        number: "(2023) Jing 0491 Min Chu No. 11279",
        date: "27 November 2023",
        source: "english.bjinternetcourt.gov.cn, 28 February 2024; Quimbee; ciplawyer.com",
        examined: &[
            (Tool, "the generator, Stable Diffusion, and how it makes pictures"),
            (Prompts, "elements designed by prompts, layout and composition set by parameters"),
            (Attempts, "four pictures, the parameters adjusted each time"),
            (FirstPublication, "the post on the maker's page, whose mark another took away"),
            (AiOrigin, "hashtags of the post that say it is an AI illustration"),
        ],
    },
    Decision {
        name: "Lin, the half heart",
        court: "Changshu People's Court",
        number: "",
        date: "announced 7 March 2025",
        source: "MMLC Group, 28 March 2025; DLA Piper, 2025",
        examined: &[
            (Tool, "the generator, Midjourney, and the program of the edits, Photoshop"),
            (Account, "the login process and the user's information"),
            (Attempts, "the iterative process, such as modified prompts"),
            (Edits, "details of the picture modified with an image editor"),
            (Terms, "the provider's user agreement on rights in outputs"),
            (RegisteredElsewhere, "a copyright registration of April 2023, which the maker had"),
        ],
    },
    Decision {
        name: "Feng v. Dongshan Company",
        court: "Zhangjiagang People's Court",
        number: "",
        date: "19 March 2025",
        source: "King & Wood Mallesons, 2025; overheard.asia; DLA Piper, 2025",
        examined: &[
            (Prompts, "the prompt as published; the maker could not make the same picture again"),
            (Attempts, "no original records of the process, such as screenshots, were provided"),
            (Selection, "rounds of random generation and selection, without proof of choices"),
        ],
    },
    Decision {
        name: "Zhou, the cat pendant",
        court: "Beijing Internet Court",
        number: "",
        date: "announced 16 September 2025",
        source: "National Law Review, September 2025; MMLC Group, 19 September 2025",
        examined: &[
            (Prompts, "what was typed in; a simulation made afterwards did not stand for it"),
            (Selection, "the maker's thinking, and how outputs were selected"),
            (Edits, "how outputs were modified, with evidence"),
            (Others, "the other side said that both had conceived prompts and settings"),
        ],
    },
    Decision {
        name: "prompts for Midjourney",
        court: "Huangpu District People's Court, Shanghai",
        number: "(2025) Hu 0101 Min Chu No. 14775",
        date: "6 November 2025",
        source: "National Law Review, 9 March 2026; Barry Sookman, 3 February 2026",
        examined: &[(Account, "the other side disputed whose the account was")],
    },
    Decision {
        name: "Wei, a picture said to be a photograph",
        court: "Beijing Internet Court",
        number: "",
        date: "published 13 November 2025",
        source: "english.bjinternetcourt.gov.cn, 13 November 2025",
        examined: &[(AiOrigin, "whether the party said honestly that the picture was generated")],
    },
];
