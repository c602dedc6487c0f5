#!/bin/sh
# How long feeds take, beside Hugo on the same posts: medians of pairs, after one of each.
# 10,000 posts with their whole texts and no limit, our three formats against Hugo's RSS alone; the newest twenty; and what the
# change of one post costs. `sh benches/feeds.sh [COUNT] [PAIRS]` needs hugo and `cargo build --release`. Ends with 1 where a ratio is below its least.
set -eu
cd "$(dirname "$0")/.."
count=${1:-10000}
pairs=${2:-5}
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
python3 benches/corpus.py "$site" "$count"
mkdir "$site/config"
python3 - "$PWD/target/release/tidings" "$site" "$pairs" "$count" <<'PY'
import os, pathlib, resource, shutil, statistics, subprocess, sys, time
tidings, site, pairs, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])

def took(*command):
    start = time.monotonic()
    subprocess.run(command, cwd=site, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start

def clean(*names):
    for name in names:
        shutil.rmtree(site / name, ignore_errors=True)

def ours():
    clean("public", ".tidings")
    return took(tidings, "-q", "build")

def hugo(config):
    clean("theirs", "resources")
    return took("hugo", "--quiet", "--config", config, "-d", "theirs")

def settings(feeds):
    (site / "config/tidings.yaml").write_text(f"feeds: {{ {feeds} }}\n")

def peak():
    """In MiB, of one build from nothing."""
    clean("public", ".tidings")
    pid = os.posix_spawn(tidings, [tidings, "-q", "-C", str(site), "build"], os.environ)
    return os.wait4(pid, 0)[2].ru_maxrss / 1024

failed = []
def held(name, ratio, least):
    print(f"feeds, {name}: {ratio:.1f} times as fast")
    if ratio < least:
        failed.append(name)

post = site / "content/posts/p7.md"
def changed(n):
    """One post is another than at the last build, as between two runs of cron."""
    post.write_text(post.read_text() + f"\nOne more line, {n}.\n")
    return took(tidings, "-q", "build")

def median(ratio):
    return statistics.median(ratio(n) for n in range(pairs))

settings("limit: 0")
ours(), hugo("hugo.toml")
held(f"all of {count} posts in three formats, against Hugo's RSS", median(lambda n: hugo("hugo.toml") / ours()), 7)
memory = peak()
print(f"feeds, all of {count} posts: {memory:.0f} MiB at the most")
if memory > 300:
    failed.append("memory")
settings("limit: 20")
ours(), hugo("limited.toml")
held(f"the newest 20 of {count} from nothing, against Hugo's RSS", median(lambda n: hugo("limited.toml") / ours()), 5)
held(f"the newest 20 of {count} with one post changed, against Hugo's RSS", median(lambda n: hugo("limited.toml") / changed(n)), 15)
settings("limit: 20, archive: 100")
held("one post changed, with archives of all, against our own build from nothing", median(lambda n: ours() / changed(n)), 5)
sys.exit(", ".join(failed) or 0)
PY
