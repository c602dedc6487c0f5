#!/bin/sh
# A subscriber's whole life with `tidings serve`, in Chromium without JavaScript: signing up, the letters and their links, preferences,
# issues, one-click unsubscribing and its undoing, another address, what is kept and how it is forgotten. On every page that is reached axe
# finds nothing serious, in light, and in dark at 320 pixels; nothing is asked of any other host.
# `sh tests/serve.sh [TIDINGS [PICTURES]]` needs node, npm and /usr/bin/chromium, and `cargo build --release` where no program is named;
# into the folder PICTURES go pictures of four pages, as a phone shows them.
set -eu
cd "$(dirname "$0")/.."
modules=$PWD/target/browser/node_modules
{ [ -d "$modules/playwright-core" ] && [ -d "$modules/axe-core" ]; } ||
    npm install --silent --no-audit --no-fund --prefix target/browser playwright-core@1.65.1 axe-core@4.14.1
node tests/browser/life.mjs "$modules" "${1:-$PWD/target/release/tidings}" ${2:+"$2"}
