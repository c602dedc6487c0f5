#!/bin/sh
# What the pages for newcomers say is done, command by command, in a fresh folder or beside a Jekyll or Hugo site, and what comes out is what
# they say. `sh tests/newcomer.sh [TIDINGS]` needs python3, jekyll and hugo, and `cargo build --release` where no program is named.
set -eu
cd "$(dirname "$0")/.."
program=${1:-$PWD/target/release/tidings}
for page in start start.ko write-a-template many-machines exit-codes; do python3 -B tests/replay.py "docs/src/$page.md" "$program"; done
for blog in jekyll hugo; do
    for page in "from-$blog" "from-$blog.ko"; do
        python3 -B tests/replay.py --site "tests/fixtures/newcomers/$blog" "docs/src/$page.md" "$program"
    done
done
