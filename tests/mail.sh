#!/bin/sh
# The built-in looks, judged by others: html-validate finds nothing, caniemail.com's data nothing that tests/checkers/caniemail.txt does not
# list, SpamAssassin fewer than one point. `sh tests/mail.sh --accept` writes that list anew.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
tidings=$root/target/release/tidings
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
[ -d target/node/node_modules/html-validate ] || {
    mkdir -p target/node
    cp tests/checkers/package.json target/node/
    (cd target/node && npm install --silent --no-audit --no-fund)
}

cp -r config posts templates "$folder/"
rm "$folder"/posts/*-broken-*
mkdir "$folder/mails"
for content in summary full titles; do
    for look in plain journal magazine korean-press; do
        sed "s/^    content: summary/    content: $content\n    sections: category\n    look: $look/" config/tidings.yaml >"$folder/config/tidings.yaml"
        for format in html eml; do
            "$tidings" -q -C "$folder" --now 2026-11-23T08:00:00+09:00 send --dry-run --format $format >"$folder/mails/$look-$content.$format"
        done
    done
done

cd target/node
npx --no-install html-validate --config "$root/tests/checkers/html-validate.json" "$folder"/mails/*.html
node "$root/tests/checkers/caniemail.mjs" "$folder"/mails/*.html >"$folder/caniemail.txt"
cd "$root"
known=tests/checkers/caniemail.txt
[ "${1:-}" = --accept ] && cp "$folder/caniemail.txt" $known
new=$(grep -vxF -f $known "$folder/caniemail.txt" || true)
[ -z "$new" ] || { printf 'mail: not known to lack before:\n%s\n' "$new" >&2; exit 1; }

worst=0
for mail in "$folder"/mails/*.eml; do
    score=$(spamassassin -L -t <"$mail" | sed -n 's/^X-Spam-Status:.* score=\([-0-9.]*\) .*/\1/p')
    worst=$(printf '%s\n' "$worst" "$score" | sort -g | tail -1)
    [ "$(printf '%s\n' 0.99 "$score" | sort -g | tail -1)" = 0.99 ] || { echo "mail: $mail scores $score" >&2; exit 1; }
done
echo "mail: $(wc -l <$known) findings of caniemail, none new; html-validate finds nothing; SpamAssassin at most $worst"
