#!/bin/sh
# What tidings reads in a blog beside what the blog's own generator makes of it: the real Jekyll and the real Hugo, on the trial
# blogs and on messy ones made for the purpose. Deliberate differences are listed, with reasons, in tests/differences.tsv.
set -eu
cd "$(dirname "$0")/.."
posts=${1:-60}
seed=${2:-1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tidings="$PWD/target/release/tidings"
blogs=tests/fixtures/blogs
python=python3
export LC_ALL=C.UTF-8

feed() { # of a site, at a moment
    rm -rf "$folder/site"
    cp -r "$1" "$folder/site"
    mkdir -p "$folder/site/config"
    printf 'feeds: { limit: 0, formats: [json] }\n' >"$folder/site/config/tidings.yaml"
    code=0
    "$tidings" -q -C "$folder/site" --now "$2" build 2>"$folder/said" || code=$?
    [ "$code" -le 1 ] || { cat "$folder/said" >&2; exit 1; }
}
same() { # what, more
    what=$1
    shift
    code=0
    said=$($python tests/checkers/same_entries.py "$folder/site/public/feed.json" "$folder/entries.json" --show 3 "$@") || code=$?
    if [ "$code" -ne 0 ]; then
        printf '%s:\n%s\n' "$what" "$said" >&2
        exit 1
    fi
    echo "$what: $(echo "$said" | tail -1)"
}
jekyll() { # site, name, moment, more
    site=$1 name=$2 moment=$3
    shift 3
    ruby tests/checkers/jekyll_entries.rb --keep-going "$site" "$moment" >"$folder/entries.json" 2>"$folder/said" || true
    feed "$site" "$moment"
    same "jekyll $name" "$@"
}
hugo() {
    site=$1 name=$2 moment=$3
    shift 3
    $python tests/checkers/hugo_entries.py "$site" "$moment" >"$folder/entries.json"
    feed "$site" "$moment"
    same "hugo $name" "$@"
}

for name in jekyll jekyll-pretty; do
    jekyll "$blogs/$name" "$name" 2026-12-01T08:00:00+09:00 --known tests/differences.tsv --blog "$name" --least 1
done
for name in hugo hugo-config; do
    hugo "$blogs/$name" "$name" 2026-06-01T00:00:00Z --known tests/differences.tsv --blog "$name" --least 1
done
# Posts that stop Jekyll, and would be its only ones, are extra here. The last year of the messy blogs is also the build's.
POSTS=$posts SEED=$seed $python tests/corpus/jekyll/gen.py "$folder/messy" mm calm calm2 chirpy plain typo quirks hardwrap
for name in mm calm calm2 chirpy plain typo quirks hardwrap; do
    jekyll "$folder/messy/$name" "messy $name" 2025-12-31T12:00:00+09:00 --loose --least 0.96
done
$python tests/corpus/hugo.py "$folder/hugo" 3 "$posts"
for name in ko en mess; do
    hugo "$folder/hugo/$name" "messy $name" 2026-06-01T00:00:00Z --loose --letters --least 0.6
done

# The feeds themselves: ours beside those that jekyll-feed and Hugo write of the same ordinary posts.
$python tests/corpus/ordinary.py "$folder/ordinary" 240
(cd "$folder/ordinary/jekyll" && command jekyll build -q -d "$folder/theirs/jekyll")
(cd "$folder/ordinary/hugo" && command hugo --quiet -d "$folder/theirs/hugo")
for name in jekyll hugo; do
    mkdir -p "$folder/ordinary/$name/config"
    printf 'feeds: { limit: 0, formats: [rss, atom] }\n' >"$folder/ordinary/$name/config/tidings.yaml"
    "$tidings" -q -C "$folder/ordinary/$name" build
done
python=target/checkers/bin/python
echo "jekyll-feed: $($python tests/checkers/feeds_alike.py "$folder/ordinary/jekyll/public/atom.xml" "$folder/theirs/jekyll/feed.xml")"
echo "hugo: $($python tests/checkers/feeds_alike.py "$folder/ordinary/hugo/public/rss.xml" "$folder/theirs/hugo/index.xml")"
