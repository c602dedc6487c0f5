#!/bin/sh
# Three walks through `tidings serve`, in Chromium. On every page that is reached axe finds nothing serious, in light and dark, on a desk and
# in a hand; nothing is asked of any other host.
# - A subscriber's whole life, without JavaScript: signing up, the letters and their links, preferences, issues, one-click unsubscribing and
#   its undoing, another address, what is kept and how it is forgotten.
# - Whoever writes, with the preview: what is changed is on the page within 300 ms of its being written; what is broken is told with its line.
# - The operator at the desk: an issue under way is seen, paused, let go on and called back; Schemathesis judges the API.
# `sh tests/serve.sh [TIDINGS [PICTURES]]` needs node, npm, python3 and /usr/bin/chromium, and `cargo build --release` where no program is
# named; into the folder PICTURES go pictures of the pages.
set -eu
cd "$(dirname "$0")/.."
modules=$PWD/target/browser/node_modules
{ [ -d "$modules/playwright-core" ] && [ -d "$modules/axe-core" ]; } ||
    npm install --silent --no-audit --no-fund --prefix target/browser playwright-core@1.65.1 axe-core@4.14.1
[ -x target/checkers/bin/schemathesis ] || {
    python3 -m venv target/checkers
    target/checkers/bin/python -m pip install -q -r tests/checkers/requirements.txt
}
for walk in life preview desk; do
    node "tests/browser/$walk.mjs" "$modules" "${1:-$PWD/target/release/tidings}" ${2:+"$2"}
done
