#!/usr/bin/env bash
# An automatically written finance report: Shenzhen Tencent v. Shanghai Yingxun ("Dreamwriter"),
# Shenzhen Nanshan District Court, Y0305MC No. 14010, 24 December 2019.
#
# The facts are retold from published accounts (source: WIPO Lex 585875). Tencent Beijing made the
# writing software in 2015 and licensed it exclusively to Tencent Shenzhen from August 2015; their
# agreement said that the licensee owns the copyright in all works made with it. On 20 August 2018
# Tencent Shenzhen published a stock-market report, with a closing note that a robot had written it;
# Yingxun put it on its own site. The outcome is the court's, not the program's: the report was
# protected as a work of the legal person.
#
# The day in August 2015, the report's text and the particulars of the choices are stand-ins.

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
story dreamwriter

say "The company that made the software, and the one that uses it."
deedbook init --name "Dreamwriter story"
deedbook party add maker --role provider
deedbook party add writer --role creator

say "The agreement between the two, and its acceptance. No remuneration is known from" \
    "the account: a fee of zero, and title that passes when a work is made."
deedbook terms publish agreement.toml --as maker
deedbook accept maker/dreamwriter@1 --as writer --manner paper \
    --shown-at 2015-08-01 --on 2015-08-01

say "The report, with what the team chose before the software ran: data, trigger," \
    "templates, corpus, proofreading. The paper with the choices is committed to and" \
    "stays in the vault; the parameters that may be seen are in the record."
deedbook register report.txt --as writer --contract maker/dreamwriter@1 --on 2018-08-20 \
    --title "Afternoon review of 20 August 2018" --tool Dreamwriter \
    --prompt-file choices.txt \
    --param "data=end-of-day quotes" --param "trigger=close of trading" \
    --param "template=afternoon review" --param "corpus=own reviews" \
    --param "proofreading=trained by the team" \
    --note "published 20 August 2018, with a closing note that a robot wrote it"

say "Who holds the copyright that the agreement names, and on what ground?"
deedbook owner report.txt
check owner report.txt -- '"party":"writer"' '"status":"complete"' '"ground":"terms"' '"since":"2018-08-20'
say "The ground is the agreement. Its clauses, as they were accepted:"
deedbook terms text maker/dreamwriter@1
deedbook show maker/dreamwriter@1
deedbook history maker/dreamwriter@1

say "The text that was found on another site. It is the same to the byte, so its" \
    "content finds the registration."
deedbook owner copied-report.txt
check owner copied-report.txt -- '"party":"writer"'

say "What the team chose beforehand, opened and checked against the record."
deedbook prompt show report.txt
expect "Trigger: the close of trading"
deedbook history report.txt

say "The register shows two times for each fact: when it is claimed to have happened," \
    "and when it was registered, which here is today. Registered in August 2018, the" \
    "record would have shown, before any dispute, who held what under which agreement" \
    "and what was chosen before the software ran. A copy with one letter changed" \
    "would not be found by its content."
deedbook verify
check verify -- '"ok":true'

told "the judgment (WIPO Lex 585875)" \
    "the report was protected, as a work of the legal person."
