#!/usr/bin/env bash
# A picture by successive prompts: Li v. Liu ("the spring breeze brings tenderness"), Beijing Internet
# Court, (2023) Jing 0491 Min Chu 11279.
#
# The facts are retold from published accounts of the judgment, (2023) Jing 0491 Min Chu 11279. The
# claimant made the picture with Stable Diffusion and posted it on Xiaohongshu in February 2023;
# another used it in an article in March 2023, with the platform's watermark removed. The court looked
# at the choice of model and LoRAs, at positive and negative prompts, steps, size, guidance and seed,
# at the successive adjustments, at the post and its watermark, and at the ability to reproduce the
# picture. The outcome is the court's, not the program's: the picture was protected; 500 yuan.
#
# The pictures, prompts, values of parameters, names of models, days and hours are stand-ins.

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
story spring-breeze

deedbook init --name "Spring breeze story"
deedbook party add li --role creator

made=(--as li --tool "Stable Diffusion" --model "stand-in base model 1.0"
    --negative-prompt-file negative-prompt.txt
    --param steps=33 --param guidance=9 --param size=512x768)

say "The first attempt: model, prompts, parameters and seed."
deedbook register attempt-1.png "${made[@]}" --on 2023-02-13T19:30:00Z --seed 1001 \
    --prompt-file prompt-1.txt --param "lora=portrait 0.6" --note "first attempt, set aside"

say "Another weight for the LoRA and a few more words, the seed kept."
deedbook register attempt-2.png "${made[@]}" --on 2023-02-13T19:52:00Z --seed 1001 \
    --prompt-file prompt-2.txt --param "lora=portrait 0.8" --note "second attempt, set aside"

say "More words, another seed. The picture that was chosen, and the file as it was posted, with the platform's" \
    "watermark: two files of one work."
deedbook register spring-breeze.png posted.png "${made[@]}" --on 2023-02-14T20:05:00Z --seed 2002 \
    --title "the spring breeze brings tenderness" \
    --prompt-file prompt-3.txt --param "lora=portrait 0.8" \
    --note "chosen from three attempts; posted in February 2023"

say "Both files lead to it. Without a contract it is a bare claim."
deedbook owner spring-breeze.png
deedbook owner posted.png
check owner posted.png -- '"party":"li"' '"status":"claimed"'

say "The picture as it was found in the article, its watermark removed; in our stand-in" \
    "the strip is cut away. It differs in its bytes, and nothing is found. A search for similar pictures is not part of" \
    "this version: whoever finds a copy has to name the original by other means."
refused owner reposted.png

say "The record of the original is what helps: which model, which seed, which" \
    "parameters, in which order of attempts, each with its time."
deedbook search --model "stand-in base"
deedbook show spring-breeze.png
check show spring-breeze.png -- '2002' 'Stable Diffusion'
deedbook history spring-breeze.png

say "And the prompts, opened from the vault and checked against the commitments. Only" \
    "who was there from the start has an opening that fits."
for picture in attempt-1.png attempt-2.png spring-breeze.png; do
    deedbook prompt show "$picture"
    expect "lettering"
done
expect "blossoms out of focus"

say "With this model, these prompts and this seed the picture can be made again, which" \
    "the register does not do. It shows that they were named before the dispute, if" \
    "they were registered before it: here every entry is registered today."
deedbook verify
check verify -- '"ok":true'

told "the judgment, (2023) Jing 0491 Min Chu 11279" \
    "the picture was protected; 500 yuan."
