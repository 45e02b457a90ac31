#!/usr/bin/env bash
# A provider thinks of new terms and tries them, beside those of now, on a year that might be, before
# it publishes anything. Then it does, and a creator's contract goes on under them. The parties and
# the figures are invented.

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
story simulate

say "There is no ledger yet. The events are a file that any spreadsheet writes."
cat events.csv

say "A tenth of the first quarter's 1,200.00 less 50.00 given back and 200.00 for printing: 95.00. Of the" \
    "second quarter's 2,400.00: 240.00."
deedbook simulate flat.toml --events events.csv --as-of 2026-12-31 --explain
expect "95.00 CNY" "335.00 CNY" "245.00 CNY"

say "By tiers: a twentieth of 950.00 is 47.50. Then 1,050.00 are left of the first tier, 52.50, and 1,350.00" \
    "lie above it, 202.50."
deedbook simulate flat.toml tiers.toml --events events.csv --as-of 2026-12-31
expect "47.50 CNY" "302.50 CNY" "-32.50 CNY"
check simulate flat.toml tiers.toml --events events.csv --as-of 2026-12-31 -- \
    '"earned":"335.00"' '"earned":"302.50"' '"difference":{"amount":"-32.50","currency":"CNY"}'

say "Nothing is guessed: neither a rate of exchange, nor what a line may mean."
refused simulate euros.toml --events events.csv
expect "no rate from CNY to EUR was published for 2026-01-15"
refused simulate flat.toml --events broken.csv
expect "line 2" "line 3" "line 4" "line 5" "line 6"

say "The provider publishes both versions. The creator accepted the first in January; from March on her" \
    "contract goes on under the second. Its publication and her acceptance are the two signatures."
deedbook init --name "Northlight register"
deedbook party add northlight --role provider
deedbook party add wen --role creator
deedbook terms publish flat.toml --as northlight
deedbook accept northlight/share@1 --as wen --manner paper --shown-at 2026-01-10 --on 2026-01-10
deedbook terms publish tiers.toml --as northlight
deedbook accept northlight/share@2 --as wen --amends northlight/share@1 --manner paper \
    --shown-at 2026-03-01 --on 2026-03-01
expect "under which contract #4 goes on"
deedbook show '#4'
deedbook list contracts
check list contracts -- '"amends":4'

say "There is one account, that of the contract made first; what is reported names it."
refused revenue northlight/share@2 10.00 CNY --as wen --category prints --reference A-4 --on 2026-03-02
expect "name contract #4 instead"
deedbook revenue northlight/share@1 10.00 CNY --as wen --category prints --reference A-4 --on 2026-03-02
deedbook owed '#4' --as-of 2026-06-30
expect "northlight/share@1, from 2026-03-01 northlight/share@2"
deedbook statement '#4' --period 2026-Q1
expect "Northlight share of profit, from 2026-03-01 northlight/share@2"
deedbook verify
