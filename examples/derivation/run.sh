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
expect "has the account of the pool \`catalogue\`" "12.50" "2.50" "10.00" "78.75" "5% of the payment"
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

say "The books, and the whole ledger, from the bytes up."
deedbook export --format beancount --as-of 2026-03-31
deedbook verify
