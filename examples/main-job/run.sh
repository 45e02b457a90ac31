#!/usr/bin/env bash
# The main job, from a new ledger to its verification: a provider with two standard forms, a creator
# with a picture under each, a fee paid, profit shared, and the questions that each of them asks.
# The parties are invented.

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
story main-job

say "A register, a provider of generative AI, and a creator."
deedbook init --name "Northlight register"
deedbook party add northlight --role provider
deedbook party add wen --role creator

say "The provider publishes two standard forms. The plain-language text that an" \
    "acceptance shows is made from the form."
deedbook terms publish fee.toml --as northlight
deedbook terms publish share.toml --as northlight

say "The creator reads the text and accepts it. The record keeps what was shown, in" \
    "which language, when and how, and each material clause that was acknowledged." \
    "This happened on paper in February; it is registered now."
deedbook accept northlight/fee@1 --as wen --manner paper --shown-at 2026-02-10 --on 2026-02-10

say "The creator registers a picture, and how it was made. The prompt stays in the" \
    "vault; only a salted commitment to it goes into the record."
deedbook register spring.png --as wen --contract northlight/fee@1 --prompt-file prompt.txt \
    --model "northlight-xl 2.1" --param steps=33 --seed 42 --on 2026-02-20

say "Who owns it? The provider: the fee is not paid yet."
deedbook owner spring.png
check owner spring.png -- '"party":"northlight"' '"status":"until-paid"' '"outstanding":"49.00"'

say "The payer reports a payment. That alone moves nothing."
deedbook pay spring.png 49.00 CNY --as wen --reference INV-1 --on 2026-03-05
check owner spring.png -- '"party":"northlight"'

say "The payee confirms it. Title moves by itself."
deedbook confirm '#7' --as northlight --on 2026-03-06
deedbook owner spring.png
check owner spring.png -- '"party":"wen"' '"status":"complete"' '"since":"2026-03-06' '"ground":"fee-paid"'

say "Two times are kept apart. On 1 March the provider held the title:"
deedbook owner spring.png --as-of 2026-03-01
check owner spring.png --as-of 2026-03-01 -- '"party":"northlight"'
say "But what did the register know of it before it was told? Nothing."
refused owner spring.png --as-of 2026-03-01 --known-at 2026-02-15

say "The other form: the creator holds a second picture at once, and owes a share of" \
    "the profit."
deedbook accept northlight/share@1 --as wen --manner paper --shown-at 2026-02-10 --on 2026-02-10
deedbook register poster.png --as wen --contract northlight/share@1 --on 2026-03-15 \
    --model "northlight-xl 2.1" --seed 7
check owner poster.png -- '"party":"wen"' '"status":"subject-to-share"'
deedbook revenue poster.png 1200.00 CNY --as wen --reference SALE-1 --on 2026-04-12
deedbook expense poster.png 85.50 CNY --as wen --category printing --reference PRINT-1 \
    --on 2026-04-20
deedbook refund poster.png 30.00 CNY --as wen --reference BACK-1 --on 2026-05-02

say "What is owed? 1200.00 - 30.00 - 85.50 = 1084.50; a twentieth is 54.225, fixed to" \
    "54.22 (half to even). It falls due 30 days after the quarter."
deedbook owed --as-of 2026-06-30 --explain
deedbook owed --as-of 2026-07-31
check owed --as-of 2026-07-31 -- '"earned":"54.22"' '"owed":"54.22"' '"paid":"49.00"'

say "The same as books, for a program that is not ours: what the payables come to is asserted."
deedbook export --format hledger --as-of 2026-07-31
expect "Liabilities:Contract-9:Northlight  0.00 CNY = -54.22 CNY" \
    "Liabilities:Contract-5:Northlight:Work-6  0.00 CNY = 0.00 CNY"
deedbook export northlight/share@1 --format odrl
expect '"type": "Offer"' '"leftOperand": "deed:profitShare"' '"deed:base": "net"'
refused export spring.png --format odrl

say "Everything about the picture, in order: who signed, when claimed, when registered."
deedbook history spring.png

say "That the picture came from the provider's service is the creator's word only, until the" \
    "provider attests it. Both meet by the digest of the file."
check show spring.png -- '"standing":"creators-word-only"'
deedbook attest spring.png --account studio-7 --model "northlight-xl 2.1" --reference req-17 \
    --on 2026-02-20 --as northlight
check show spring.png -- '"standing":"attested-by-the-provider"' '"by_the_provider":true'

say "What does the record hold of what courts looked at, since when, and what is missing? A" \
    "checklist with its sources, and no prediction."
deedbook assess spring.png
expect "account, as northlight attests: studio-7" "no attempt that was rejected" \
    "Changshu People's Court" "no score, no prediction and no legal advice"

say "Finding things."
deedbook list works
deedbook show spring.png
deedbook search spring
deedbook search --model northlight-xl

say "The prompt is opened from the vault and checked against the commitment."
deedbook prompt show spring.png
expect "A hillside in early spring"

say "Bad input is refused with the reason and the way out, and nothing is written."
refused pay poster.png 1.005 CNY --as wen
refused owner prompt.txt

say "The whole ledger, from the bytes up."
deedbook verify
check verify -- '"ok":true' '"entries":15'
