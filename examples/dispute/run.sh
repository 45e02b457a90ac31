#!/usr/bin/env bash
# A dispute over a picture: one file of evidence, with a witness and a time stamp, and an expert who
# checks it without this program, with Python packages and OpenSSL. The parties are invented, the
# authority lives as long as the story. Needs openssl; the expert's part needs Python 3.11 with
# scitt-cose, cbor2, cryptography and blake3 (DEEDBOOK_SCITT_PYTHON says where).
#
# STORY_KEEP names a directory that is given the bundle and what belongs to it.

source "$(dirname "${BASH_SOURCE[0]}")/../story.sh"
story dispute
trap '[ -z "${witness:-}" ] || kill "$witness" 2>/dev/null || true; rm -rf "$place"' EXIT
python3() {
    command "${DEEDBOOK_SCITT_PYTHON:-python3}" "$@"
}

# value KEY: a text of the last answer, which was given with --json.
value() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" answer.out
}

# quietly WORD…: a command whose answer says nothing to a reader.
quietly() {
    printf '\n$ %s\n' "$*"
    "$@" >answer.out 2>&1 </dev/null || {
        cat answer.out
        fail "\`$1\` failed"
    }
}

say "A register, a provider and a creator; the picture is the provider's until it is paid."
deedbook init --name "Northlight register"
deedbook party add northlight --role provider
deedbook party add wen --role creator
deedbook terms publish fee.toml --as northlight

say "A witness: somebody else's program, which signs that the register only ever grows."
deedbook key new witness
"${program[@]}" --json witness list >answer.out
ledger=$(value ledger_key)
mkfifo served
"${program[@]}" --json witness serve --key deedbook.db.keys/witness --name witness.example/w1 \
    --listen 127.0.0.1:0 --state state --log "$ledger" >served 2>&1 </dev/null &
witness=$!
exec 3<served
read -r line <&3 || fail "the witness does not start"
printf '%s\n' "$line" >answer.out
vkey=$(value key)
deedbook witness add "$(value url)" "$vkey"

say "The creator registers the picture and pays; the provider confirms. Title moves."
deedbook accept northlight/fee@1 --as wen --manner paper --shown-at 2026-02-10 --on 2026-02-10
deedbook register spring.png --as wen --contract northlight/fee@1 --prompt-file prompt.txt \
    --model "northlight-xl 2.1" --param steps=33 --seed 42 --on 2026-02-20
deedbook pay spring.png 49.00 CNY --as wen --reference INV-1 --on 2026-03-05
deedbook confirm '#6' --as northlight --on 2026-03-06
deedbook owner spring.png
check owner spring.png -- '"party":"wen"' '"status":"complete"' '"since":"2026-03-06'

say "A time-stamping authority certifies when the log had come this far."
quietly openssl req -config authority.cnf -x509 -extensions root -newkey rsa:2048 -nodes \
    -days 3650 -subj "/O=Story Notaries/CN=root" -keyout root.key -out authority-root.pem
quietly openssl req -config authority.cnf -new -newkey rsa:2048 -nodes \
    -subj "/O=Story Notaries/CN=stamps" -keyout stamp.key -out stamp.csr
quietly openssl x509 -req -in stamp.csr -CA authority-root.pem -CAkey root.key -set_serial 2 \
    -days 3650 -extfile authority.cnf -extensions stamp -out stamp.pem
echo 01 >stamps.serial
deedbook timestamp request -o today.tsq
quietly openssl ts -reply -config authority.cnf -section stamps -queryfile today.tsq -out today.tsr
deedbook timestamp attach today.tsr --trust authority-root.pem

say "Later somebody else registers the same picture, and the two are before a court."
deedbook party add bo --role creator
deedbook register spring.png --as bo --on 2026-02-01
deedbook evidence export '#5' --reveal all -o case.zip

say "What the court trusts it has from the witness, the authority and the register."
cat >policy.toml <<END
quorum = 1
[[ledger]]
key = "$ledger"
[[witness]]
key = "$vkey"
[[authority]]
certificate = """
$(cat authority-root.pem)
"""
END
cat policy.toml
deedbook verify case.zip --file spring.png --policy policy.toml
expect "PROVEN" "witness.example/w1" "CN=stamps"

if [ -n "${STORY_KEEP:-}" ]; then
    cp case.zip policy.toml spring.png authority-root.pem "$STORY_KEEP/"
fi

say "The expert has the file, the policy and the picture, and nothing of ours."
if ! python3 -c 'import blake3, cbor2, cryptography, scitt_cose, tomllib' 2>answer.out; then
    echo "left out: pip install scitt-cose cbor2 cryptography blake3"
    exit 0
fi
mkdir court
cp case.zip policy.toml spring.png authority-root.pem "$root/examples/dispute/expert.py" court/
cd court
quietly python3 expert.py case.zip --policy policy.toml --file spring.png
cat answer.out
expect "CONFIRMED" "The first 8, by a time stamp" "wen holds the title since 2026-03-06"
mkdir case
quietly python3 -m zipfile -e case.zip case
stamp=$(basename case/timestamps/*-00.tsr)
quietly openssl ts -verify -in "case/timestamps/$stamp" \
    -data "case/checkpoints/${stamp%-00.tsr}.txt" -CAfile authority-root.pem
expect "Verification: OK"
