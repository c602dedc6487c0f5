#!/bin/sh
# Nothing panics and nothing hangs on posts broken in every way, by the rules of every generator. `sh tests/mutated.sh 20000`
# tries so many posts for each of the six.
set -eu
cd "$(dirname "$0")/.."
count=${1:-17000}
seed=${2:-1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tidings="$PWD/target/release/tidings"
blogs=tests/fixtures/blogs
try() { # dialect, trial blog, folder of its posts, what makes it a site
    site="$folder/$1"
    mkdir -p "$site"
    cp -r "$blogs/$2/." "$site"
    python3 tests/checkers/mutate.py "$blogs/$2" "$site/$3" "$count" "$seed"
    mkdir -p "$site/config"
    printf '%s\n' "$4" >"$site/config/tidings.yaml"
    code=0
    timeout 300 "$tidings" -C "$site" --now 2027-01-01T00:00:00Z check --json >"$folder/out" 2>"$folder/err" || code=$?
    if [ "$code" -gt 1 ] || grep -q panicked "$folder/err"; then
        echo "mutated: $1 ended with $code: $(tail -c 600 "$folder/err")" >&2
        exit 1
    fi
    rm -rf "$site"
}
try jekyll jekyll _posts "feeds: { limit: 0 }"
try hugo hugo content/posts "feeds: { limit: 0 }"
try zola zola content/blog "feeds: { limit: 0 }"
try eleventy eleventy src/posts "feeds: { limit: 0 }"
try astro astro src/content/blog "feeds: { limit: 0 }"
try plain plain posts "site: { url: 'https://example.com' }"
echo "mutated: 6 x $count broken posts read and rendered, no panic"
