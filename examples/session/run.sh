#!/usr/bin/env bash
# A creation recorded while it happens, and one that is re-enacted afterwards.
#
# The facts are retold from published accounts of two decisions: that of the Changshu People's Court of
# March 2025 on a picture of a heart-shaped structure over water, made with a generator by successive
# prompts and edited by hand, where the user agreement, the log-in, the iterations of prompts, the edits
# and the registration were looked at; and that of the Beijing Internet Court on a cat pendant, published
# in September 2025, where a simulation made afterwards was not enough. The outcome is the court's, not the
# program's: the first was protected, the second refused.
#
# The two were different cases; here they meet in one dispute. Pictures, prompts, values, names and days
# are stand-ins.

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
story session

# quietly ARGUMENT…: as `deedbook`, without showing it.
quietly() {
    wanted=0
    answers "$@" >/dev/null
}

deedbook init --name "Session story"
deedbook party add lin --role creator
deedbook party add guo --role creator

say "Lin begins a creation, and says so before the first picture."
deedbook session start "Heart over water" --as lin --note "a hall shaped like half a heart, and its reflection"

say "Twenty attempts, each recorded as it is made: prompt, model, parameters and seed. Nineteen are put" \
    "aside, each with the reason. The first three in full, the others likewise."
for attempt in $(seq -w 1 20); do
    printf 'half a heart over still water, attempt %s, evening, red lanterns' "$attempt" >prompt.txt
    show=quietly
    [ "$attempt" -le 3 ] && show=deedbook
    $show session generated "attempt-$attempt.png" --as lin --tool "picture generator" --model "stand-in 6" \
        --account lin-7 --prompt-file prompt.txt --param aspect=16:9 --seed "$((1000 + 10#$attempt))"
    if [ "$attempt" != 20 ]; then
        $show session reject "attempt-$attempt.png" --as lin --reason "attempt $attempt: the reflection does not close the heart"
    fi
done

say "The twentieth is chosen, and edited by hand: both files are named, before and after."
deedbook session select attempt-20.png --as lin --reason "hall and reflection close to one heart"
deedbook session edit attempt-20.png heart.png --as lin --reason "the bridge removed, the red of the lanterns deepened"
deedbook session stop --as lin
deedbook register heart.png --as lin --title "Heart over water"

say "The work finds its session by itself, by the content of the file."
deedbook history heart.png --limit 5
deedbook show heart.png
expect 'Came out of session "Heart over water" of lin'

say "The session, replayed from the ledger. Prompts and reasons are opened from lin's vault, and each is" \
    "checked against what was committed to at the time."
deedbook session show '#3' --reveal
expect "attempt 17: the reflection does not close the heart" "half a heart over still water, attempt 09" \
    "42 opened and checked against the record, 0 not opened"

say "Guo takes the picture and, once there is a dispute, re-enacts how it might have been made. The days that he" \
    "gives are earlier. The log knows when it learned of them."
deedbook session start "My heart over water" --as guo --on 2025-01-05
printf 'heart shaped building, lake' >prompt.txt
deedbook session generated again-1.png --as guo --on 2025-01-05T20:00:00Z --model "stand-in 6" --prompt-file prompt.txt
deedbook session edit again-1.png heart.png --as guo --on 2025-01-05T20:10:00Z
deedbook session stop --as guo --on 2025-01-05T20:15:00Z
deedbook register heart.png --as guo --title "My heart over water" --on 2025-01-05T20:15:00Z
expect "lin"
deedbook owner heart.png

say "Both claims stand side by side. Whoever compares the two sessions sees that every step of guo's was registered" \
    "after lin's work was."
deedbook session show '#47'
expect "2 of 2 steps entered the log a day or more after the moment that they state"
check session show '#47' -- '"at":"2025-01-05T20:00:00.000Z"'

say "For the court: one file, with lin's session and the texts opened. It needs no ledger to be checked."
deedbook evidence export heart.png -o case.zip --reveal all
deedbook verify case.zip --file heart.png
expect "PROVEN"
deedbook verify
check verify -- '"ok":true'

say "What is shown: that lin's key signed each step, in this order, that the opened texts are those committed to" \
    "then, and that the log learned of guo's steps after lin's. What is not: who holds a key, whether the" \
    "generator made these files from these prompts, and what was left out. The times are the register's own; here" \
    "no witness and no time stamp vouches for them. \`assess\` says so element by element."
deedbook assess heart.png
expect "registered by the register's own clock; nobody else certifies it" "no attestation by the provider"

told "the judgment of the Changshu People's Court of March 2025, and of the decision of the Beijing Internet Court on a cat pendant, published in September 2025" \
    "the picture of the heart was protected, with 10,000 yuan; the pendant was not, a simulation made afterwards being insufficient."
