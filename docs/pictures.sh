#!/bin/sh
# Takes the pictures of the demo's newsletter: each look at 375 and 800 pixels, in light and in the dark, into docs/src/looks/; and the
# same issue for a Korean and an English subscriber. Needs Debian's chromium, fonts-noto-cjk, fonts-nanum and python3.
set -eu
cd "$(dirname "$0")/.."
tidings=${1:-$PWD/target/release/tidings}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p docs/src/looks
cp -r config posts templates "$folder/"
rm "$folder"/posts/*-broken-*
sed -i "s/^image:/pinned: true\nimage:/" "$folder"/posts/*-tram-stop-*
"$tidings" -q -C "$folder" --now 2026-11-23T07:00:00+09:00 run

mail() { # file, look, subscriber
    most=6
    [ "$2" = korean-press ] && most=20
    sed "s/^    content: summary/    content: summary\n    sections: category\n    look: $2/; s/max: 20/max: $most/" config/tidings.yaml >"$folder/config/tidings.yaml"
    "$tidings" -q -C "$folder" --now 2026-11-30T08:00:00+09:00 send --dry-run --format html --as "$3" |
        sed "s|https://example.com/notebook/mail/|file://$folder/public/mail/|g" >"$folder/$1"
}
picture() { # name, width, height
    chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync \
        --allow-file-access-from-files --hide-scrollbars --force-device-scale-factor=0.55 --user-data-dir="$folder/chromium" \
        --virtual-time-budget=3000 --screenshot="$PWD/docs/src/looks/$1.png" --window-size="$2,$3" "file://$folder/page.html" >/dev/null 2>&1
}
frames() { # scheme and width and file, each
    printf '<!DOCTYPE html><meta charset="utf-8"><style>body{margin:16px;background:#8b9096;display:flex;gap:16px}iframe{border:0;height:1500px}</style>'
    for frame; do
        # shellcheck disable=SC2086
        set -- $frame
        printf '<iframe style="color-scheme:%s;width:%spx" src="%s"></iframe>' "$1" "$2" "$3"
    done
}
for look in plain journal magazine korean-press; do
    mail mail.html "$look" minji@example.com
    frames "light 375 mail.html" "light 800 mail.html" "dark 375 mail.html" "dark 800 mail.html" >"$folder/page.html"
    picture "$look" 2430 1532
done
for reader in ko:minji@example.com en:alex@example.org; do
    "$tidings" -q -C "$folder" --now 2026-11-30T08:00:00+09:00 send --dry-run --as "${reader#*:}" |
        sed '30,/^-- $/{/^-- $/!d}; s/^-- $/[…]\n\n-- /' >"docs/src/looks/${reader%%:*}.txt"
done
mail ko.html journal minji@example.com
mail en.html journal alex@example.org
frames "light 700 ko.html" "light 700 en.html" >"$folder/page.html"
picture languages 1448 1532
