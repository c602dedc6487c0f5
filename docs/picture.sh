#!/bin/sh
# Takes the pictures of the demo's newsletter: docs/src/mail.png and mail-dark.png. Needs Debian's chromium,
# fonts-noto-cjk and fonts-noto-color-emoji.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo run -q --release -- -q --now 2026-11-23T08:00:00+09:00 send --dry-run --format html >"$folder/mail.html"
picture() { # name, size, more options
    name=$1 size=$2
    shift 2
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$folder/$name" \
        --screenshot="$PWD/docs/src/$name.png" --window-size="$size" "$@" "file://$folder/mail.html" >/dev/null 2>&1
}
picture mail 720,1000
picture mail-dark 720,1000 --blink-settings=preferredColorScheme=0
