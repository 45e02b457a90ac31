#!/usr/bin/env bash
# A platform that prints on demand sends a sales report each month, as spreadsheets write it:
# semicolons, decimal commas, German days. The creator who owes the accounts imports it under a
# mapping. The parties and the platform are invented.

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
story sales-report

say "A register, a provider, and a creator who owes it a share of her profit."
deedbook init --name "Northlight register"
deedbook party add northlight --role provider
deedbook party add wen --role creator
deedbook terms publish share.toml --as northlight
deedbook accept northlight/share@1 --as wen --manner paper --shown-at 2026-01-10 --on 2026-01-10
deedbook register wind.png --as wen --contract northlight/share@1 --on 2026-01-20 \
    --title "Frühlingswind"
deedbook register harbour.png --as wen --contract northlight/share@1 --on 2026-01-21 \
    --title "Hafen; bei Nacht"

say "The report of February. A dry run shows what would be recorded, and records nothing."
deedbook import february.csv --mapping platform.toml --contract northlight/share@1 --as wen --dry-run
expect "6 lines in 1 statement would be recorded" "1196.00 EUR"
check list entries -- '"entry":6'

say "The same with a mark at its start, in UTF-16, as a spreadsheet saves it. It is simply read."
{
    printf '\xff\xfe'
    sed 's/$/\r/' february.csv | iconv -f UTF-8 -t UTF-16LE
} >february-utf16.csv
deedbook import february-utf16.csv --mapping platform.toml --contract northlight/share@1 --as wen
check list entries -- '"entry":7'

say "The report of March begins with two lines of February. They are known by their reference;" \
    "only what is new is recorded."
deedbook import march.csv --mapping platform.toml --contract northlight/share@1 --as wen
expect "recorded 2 lines in 1 statement; 2 lines recorded before"

say "Importing either once more adds nothing."
deedbook import february.csv --mapping platform.toml --contract northlight/share@1 --as wen
expect "nothing is new"

say "A report with mistakes is refused with every line and its rule, and nothing is written."
refused import broken.csv --mapping platform.toml --contract northlight/share@1 --as wen
expect "line 3" "line 4" "line 5" "line 6" "line 7" "line 8" "Verkauf Buch" "Herbstwind"

check import broken.csv --mapping platform.toml --contract northlight/share@1 --as wen -- \
    '"code":"line_date"' '"line":3' '"code":"unknown_work"' '"line":8'

say "What is owed for the quarter: prints and mugs 1270.70 + 89.70, less 29.90 given back, less 312.40" \
    "for printing and 105.09 for the platform: 913.01, of which a tenth is 91.301."
deedbook owed --as-of 2026-03-31 --explain
check owed --as-of 2026-03-31 -- '"earned":"91.30"'

say "A line was wrong: the platform sold one copy less. It is reversed, with the reason, and another one" \
    "stands instead. From now on 29.90 less count, and a tenth of that less is owed."
deedbook correct northlight/share@1 DW-10502/1 --amount 59.80 --units 2 --as wen \
    --reason "the platform corrected its count"
deedbook owed --as-of 2026-03-31
check owed --as-of 2026-03-31 -- '"earned":"88.31"'
refused correct northlight/share@1 DW-10502/1 --as wen --reason "once more"

say "Accounts that were kept elsewhere until February move here once both sides agree on where they" \
    "stood; an advance is confirmed as every payment is; the provider publishes a rate."
deedbook opening '#4' EUR --as northlight --on 2026-02-01 --earned 812.00 --paid 600.00
deedbook agree '#10' --as wen
deedbook advance northlight/share@1 500.00 EUR --as wen --reference ADV-1 --on 2026-02-10
deedbook confirm '#12' --as northlight --on 2026-02-11
deedbook rate USD/EUR 0.9231 --as northlight --on 2026-02-27 --source "reference rates of the central bank"
refused rate USD/EUR 0.9232 --as northlight --on 2026-02-27 --source "another list"
deedbook history '#4'

say "The whole ledger, from the bytes up."
deedbook verify
