#!/usr/bin/env bash
# A picture is made from a picture that was made from a picture. Each holder licensed the next one; what
# the last picture earns is divided among all of them, and what its maker owes the provider is counted
# together with what she owes for a song. The parties are invented; the figures of the first licences are
# those of a published example: 5% to every ancestor, 10% to the direct parent, of 100.00.

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
story derivation

say "A register, a provider, and four who make things. Ana accepts two standard forms that name one pool," \
    "\`catalogue\`. A third form of the pool has other clauses, and is refused: one account, one set of clauses."
deedbook init --name "Northlight register"
deedbook party add northlight --role provider
for name in wen li bo ana; do deedbook party add "$name" --role creator; done
deedbook terms publish pictures.toml --as northlight
deedbook terms publish songs.toml --as northlight
deedbook terms publish films.toml --as northlight
deedbook accept northlight/pictures@1 --as ana --manner paper --shown-at 2026-01-10 --on 2026-01-10
deedbook accept northlight/songs@1 --as ana --manner paper --shown-at 2026-01-10 --on 2026-01-10
refused accept northlight/films@1 --as ana --manner paper --shown-at 2026-01-10 --on 2026-01-10
expect "pool \`catalogue\`" "hint"

say "Wen and Li make \`spring\` together, half and half, and Wen lets anybody make works out of it, for 5% of" \
    "each payment for what is derived from it, however far."
deedbook register spring.png --as wen --creator wen=1/2 --creator li=1/2 --on 2026-01-12
deedbook agree spring.png --as li
deedbook licence spring.png --rate 5% --passing every-ancestor --as wen --on 2026-01-14
refused licence spring.png --rate 5% --passing every-ancestor --as bo --on 2026-01-14
expect "holds no share"

say "Bo makes \`summer\` from it, and lets Ana make works out of that, for 10% of what they receive. Ana makes" \
    "\`autumn\`. What the shares would take is never more than the whole."
deedbook register summer.png --as bo --derived-from 'spring.png:#13' --on 2026-01-15
deedbook licence summer.png --rate 10% --passing direct-parents --to ana --as bo --on 2026-01-16
deedbook licence summer.png --rate 96% --passing direct-parents --to ana --as bo --on 2026-01-16
refused register autumn.png --as ana --contract northlight/pictures@1 --derived-from 'summer.png:#16' \
    --on 2026-01-20
expect "would take 101/100"
deedbook register autumn.png --as ana --contract northlight/pictures@1 --derived-from 'summer.png:#15' \
    --on 2026-01-20
deedbook register song.txt --as ana --contract northlight/songs@1 --on 2026-01-20
deedbook show autumn.png
deedbook history summer.png
expect "licensed ana to make works out of" "made by ana from \"summer\" (#14) under licence #15"

say "The picture earns 100.00 in China, the song 80.00 in China and 20.00 in Japan. In the pool that is 200.00:" \
    "7.50 of the first 150.00 and 5.00 of the other 50.00 are the provider's, half of it for each work."
deedbook revenue autumn.png 100.00 CNY --as ana --category prints --territory CN --reference P-1 --on 2026-02-02
deedbook revenue song.txt 80.00 CNY --as ana --category streams --territory CN --reference S-1 --on 2026-02-03
deedbook revenue song.txt 20.00 CNY --as ana --category streams --territory JP --reference S-2 --on 2026-02-04
deedbook owed --as-of 2026-03-31 --explain
expect "has the account of the pool \`catalogue\`" "12.50" "2.50" "10.00" "78.75" "5% x 100.00"
check owed --as-of 2026-03-31 -- '"earned":"12.50"' '"payee":"li"' '"amount":"10.00"' '"amount":"78.75"'

say "The same by work and by country of sale; what somebody is owed; what is owed for a work."
deedbook owed --as-of 2026-03-31 --by work
expect "autumn" "song" "6.25"
deedbook owed --as-of 2026-03-31 --by territory
expect "CN" "JP" "11.25" "1.25"
deedbook owed li --as-of 2026-03-31
expect "2.50"
check owed li --as-of 2026-03-31 -- '"payee":"li"'
deedbook owed spring.png --as-of 2026-03-31
deedbook owed --as-of 2026-03-31 --by party

say "The statement of the pool is one, whichever of its contracts is named."
deedbook statement northlight/songs@1 --period 2026-Q1
expect "12.50"

say "Bo sells prints of \`summer\` too. No provider has a share of that, so that the work has an account of its" \
    "own: 5% is owed for \`spring\`. Wen lets Bo make \`winter\` from it as a direct parent, for 20% of what Bo" \
    "receives, and Bo lets Ana make \`thaw\` from that, for 10%: Ana owes Bo, and Bo owes Wen and Li in turn."
printf 'a second picture' > winter.png
printf 'a third picture' > thaw.png
deedbook licence spring.png --rate 20% --passing direct-parents --to bo --as wen --on 2026-01-21
deedbook register winter.png --as bo --derived-from 'spring.png:#22' --on 2026-01-22
deedbook licence winter.png --rate 10% --passing direct-parents --to ana --as bo --on 2026-01-23
deedbook register thaw.png --as ana --derived-from 'winter.png:#24' --on 2026-01-24
deedbook revenue summer.png 40.00 CNY --as bo --category prints --reference P-1 --on 2026-02-05
deedbook revenue thaw.png 100.00 CNY --as ana --category prints --reference T-1 --on 2026-02-06
deedbook owed winter.png --as-of 2026-03-31 --explain
expect "10% x 100.00 = 10.00" "20% x 10.00 = 2.00" "10.00 - 2.00 = 8.00"

say "What one holder pays another counts once that one confirms it; what was too much is given back."
deedbook pay thaw.png 10.00 CNY --to bo --as ana --reference A-1 --on 2026-03-01
deedbook confirm '#28' --as bo --on 2026-03-02
deedbook pay winter.png 1.50 CNY --to wen --as bo --reference W-1 --on 2026-03-03
deedbook confirm '#30' --as wen --on 2026-03-04
deedbook pay winter.png 0.50 CNY --to bo --as wen --purpose refund --reference R-1 --on 2026-03-05
deedbook confirm '#32' --as bo --on 2026-03-06
refused pay winter.png 1.01 CNY --to bo --as wen --purpose refund --on 2026-03-07
expect "1.00 CNY was received"
deedbook owed bo --as-of 2026-03-31
check owed winter.png --as-of 2026-03-31 -- '"payee":"wen"' '"amount":"1.00"' '"paid":"1.00"' '"owed":"0.00"'
deedbook pay autumn.png 4.00 CNY --to bo --as ana --reference A-2 --on 2026-03-08
deedbook confirm '#34' --as bo --on 2026-03-09
deedbook statement northlight/songs@1 --period 2026-Q1
expect "Shared with other holders" "Paid to bo" "6.00"

say "The books, and the whole ledger, from the bytes up."
deedbook export --format beancount --as-of 2026-03-31
expect "Liabilities:Work-23:Bo:Wen" "Liabilities:Work-17:Ana:Bo  -6.00"
deedbook verify
