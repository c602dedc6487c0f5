#!/bin/sh
# The README's first command on a fresh clone, twice: feeds and one message for each active subscriber; then silence and
# not a byte changed.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git clone -q "$root" "$folder/site"
cd "$folder/site"
export CARGO_TARGET_DIR="$root/target"

state() { find public .tidings -type f -exec sha256sum {} + | sort; }
fail() { echo "first command: $1" >&2; exit 1; }

command=$(sed -n 's/^    \(cargo run --release -- run\)$/\1/p' README.md)
[ -n "$command" ] || fail "the README does not name it"
$command 2>first.txt || fail "exit $?: $(cat first.txt)"
for feed in rss.xml atom.xml feed.json; do [ -s "public/$feed" ] || fail "no public/$feed"; done
active=$(awk '/^- email:/ { n++ } /status:/ { n-- } END { print n }' config/subscribers.yaml)
[ "$(find .tidings/outbox/new -type f | wc -l)" = "$active" ] || fail "not one message for each of $active subscribers"
before=$(state)
# Only tidings' own words count: cargo's go to stderr as well.
second=$("$CARGO_TARGET_DIR/release/tidings" run 2>&1) || fail "the second run ended with $?"
[ -z "$second" ] || fail "the second run said: $second"
[ "$(state)" = "$before" ] || fail "the second run changed a file"
echo "first command: three feeds, $active messages, then silence"
