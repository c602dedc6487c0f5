#!/bin/sh
# How long 10,000 posts take to be loaded, as a part of what `hugo list all` takes for the same posts: the median of pairs,
# after one of each. `sh benches/load.sh [COUNT] [PAIRS]` needs hugo and `cargo build --release`. Ends with 1 above a quarter.
set -eu
cd "$(dirname "$0")/.."
count=${1:-10000}
pairs=${2:-7}
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
python3 - "$site" "$count" <<'PY'
import pathlib, sys
site, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
(site / "hugo.toml").write_text('baseURL = "https://a.example/"\ntitle = "새벽 노트"\ntimeZone = "Asia/Seoul"\n')
posts = site / "content/posts"
posts.mkdir(parents=True)
line = "강둑을 따라 **걸었다(walked)**은 문장과 [링크](https://b.example/) 하나, 그리고 평범한 낱말이 이어진다.\n"
for n in range(count):
    matter = f"title: {n}번째 글\ndate: {2006 + n % 20}-{n % 12 + 1:02}-{n % 28 + 1:02}T10:00:00+09:00\ntags: [산책, 강]\ncategories: [일기]\n"
    (posts / f"p{n}.md").write_text(f"---\n{matter}---\n\n" + (line * (5 + n % 20) + "\n") * 2)
PY
python3 - "$PWD/target/release/tidings" "$site" "$pairs" <<'PY'
import statistics, subprocess, sys, time
tidings, site, pairs = sys.argv[1], sys.argv[2], int(sys.argv[3])
def took(*command):
    start = time.monotonic()
    subprocess.run(command, cwd=site, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start
ours, theirs = (tidings, "status"), ("hugo", "list", "all")
took(*ours), took(*theirs)
ratio = statistics.median(took(*ours) / took(*theirs) for _ in range(pairs))
print(f"load: {ratio:.2f} of the time of hugo list all")
sys.exit(ratio > 0.25)
PY
