#!/usr/bin/env bash
# A data-analysis report made with software: Beijing Film (Feilin) Law Firm v. Baidu, Beijing Internet
# Court, (2018) Jing 0491 Min Chu No. 239, April 2019.
#
# The facts are retold from published accounts (source: typical cases on the English site of the
# Beijing Internet Court). In September 2018 the firm published on its WeChat account an analysis of
# judicial big data on the entertainment industry (film volume, Beijing), made with keywords of its
# own choice in a legal database that has a "visualization" function. Another account published it on
# Baijiahao. The court compared the firm's report, figure by figure, with two reports that the
# software produced from the same search. The outcome is the court's, not the program's: the firm's
# text was protected, the report that the software produced by itself was not a work; 1,560 yuan in
# all, and an apology.
#
# The texts, their figures and the day in September are stand-ins.

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
story data-report

say "The firm registers its own text and nothing else. There is no contract behind" \
    "it, so the registration is a bare claim and shows as one. The keywords it chose" \
    "are told as parameters; what it searched with is named as the tool."
deedbook init --name "Data report story"
deedbook party add firm --role creator
deedbook register analysis.txt --as firm --on 2018-09-09 \
    --title "Judicial big data on the entertainment industry: film volume, Beijing" \
    --tool "legal database with a visualization function" \
    --param "keywords=film, Beijing" \
    --note "text by the firm alone; the charts of the database are not part of it"

deedbook owner analysis.txt
check owner analysis.txt -- '"party":"firm"' '"status":"claimed"' '"ground":"registration"'

say "The two reports that the software made from the same search. Neither is" \
    "registered, and the register says so."
refused owner software-report-1.txt
refused owner software-report-2.txt

say "The text that another account published. Here it is the same to the byte, so its" \
    "content leads to the registration. A copy that was laid out anew would not."
deedbook owner copied-analysis.txt
check owner copied-analysis.txt -- '"party":"firm"'

say "What the court compared, somebody can compare again: three files, of which one is" \
    "registered. The record shows which text the firm called its own, with which" \
    "keywords, and when it said so: the claim is of 2018, the registration of today."
deedbook show analysis.txt
deedbook history analysis.txt

say "If someone else registers the same text, the register takes that in as well and" \
    "shows the conflict on both. It documents a dispute and does not decide it."
deedbook party add poster --role creator
deedbook register copied-analysis.txt --as poster --on 2018-09-10 --title "Film cases"
deedbook owner analysis.txt
check owner analysis.txt -- '"conflicts":[{' '"title":"Film cases"'
deedbook history analysis.txt
deedbook verify
check verify -- '"ok":true'

told "the case (typical cases of the Beijing Internet Court, English site)" \
    "the firm's text was protected, the software's own report was not a work; 1,560 yuan and an apology."
