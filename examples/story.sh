# What every story shares: a temporary place to work in, commands shown with their answers,
# expectations that end the story when they do not hold. Sourced, never run by itself.
#
# DEEDBOOK names the program to run; without it the repository's own is built and run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ -n "${DEEDBOOK:-}" ]; then
    case $DEEDBOOK in
        /*) program=("$DEEDBOOK") ;;
        */*) program=("$PWD/$DEEDBOOK") ;;
        *) program=("$DEEDBOOK") ;;
    esac
else
    # Built with its progress shown, which takes a few minutes the first time; the tests use what was
    # built. Cargo says where the program is.
    built=$(cd "$root" && cargo build --message-format=json-render-diagnostics |
        sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
    program=("$built")
fi
# A story makes its own ledger and touches no other.
unset DEEDBOOK_LEDGER DEEDBOOK_KEYS DEEDBOOK_HEAD DEEDBOOK_VAULT DEEDBOOK_WITNESSES DEEDBOOK_PASSPHRASE
export NO_COLOR=1

# story FOLDER: works on copies of the story's files, in a directory that is removed at the end.
story() {
    place=$(mktemp -d "${TMPDIR:-/tmp}/deedbook-story.XXXXXX")
    trap 'rm -rf "$place"' EXIT
    cp "$root/examples/$1/files/"* "$place/"
    cd "$place"
}

# say TEXT…: tells what comes next, in one paragraph.
say() {
    printf '\n'
    printf '%s\n' "$*" | fold -s -w 78 | sed 's/ *$//; s/^/# /'
}

typed() {
    local word line="\$ deedbook"
    for word in "$@"; do
        case $word in
            *[!A-Za-z0-9_./@=:,+-]* | '') line+=" '${word//\'/\'\\\'\'}'" ;;
            *) line+=" $word" ;;
        esac
    done
    printf '\n%s\n' "$line"
}

answers() {
    local code=0
    "${program[@]}" "$@" >answer.out 2>&1 </dev/null || code=$?
    cat answer.out
    [ "$code" -eq "$wanted" ] || fail "ended with exit code $code, $wanted was expected"
}

# deedbook ARGUMENT…: shows the command and its answer, and expects that it is done.
deedbook() {
    wanted=0
    typed "$@"
    answers "$@"
}

# refused ARGUMENT…: shows the command and its answer, and expects a refusal or nothing found.
refused() {
    wanted=1
    typed "$@"
    answers "$@"
}

# expect TEXT…: each text stands in the last answer.
expect() {
    local text
    for text in "$@"; do
        grep -qF -- "$text" answer.out || fail "the answer does not say \`$text\`"
    done
}

# check ARGUMENT… -- TEXT…: asks once more with --json, and expects each text in the object.
check() {
    local arguments=() text
    while [ "$1" != -- ]; do
        arguments+=("$1")
        shift
    done
    shift
    "${program[@]}" --json "${arguments[@]}" >answer.out 2>&1 </dev/null || true
    for text in "$@"; do
        grep -qF -- "$text" answer.out || {
            cat answer.out
            fail "\`${arguments[*]}\` does not answer $text"
        }
    done
}

fail() {
    printf '\nstory failed: %s\n' "$1" >&2
    exit 1
}

# told SOURCE OUTCOME: the end of a story from a decided case.
told() {
    say "The facts of this story are retold, in our own words, from published accounts" \
        "of $1. Texts and pictures here are stand-ins made for the story." \
        "The outcome was the court's, not the program's: $2" \
        "The register records who said what and when; what the law makes of it is for" \
        "a court."
}
