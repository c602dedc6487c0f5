#!/bin/sh
# How long feeds take, beside Hugo on the same posts: medians of pairs, after one of each.
#   full      10,000 posts, whole texts, no limit: our three formats against Hugo's RSS alone
#   newest    the newest twenty
#   rebuild   one post changed, of feeds with archives: against our own build from nothing
# `sh benches/feeds.sh [COUNT] [PAIRS]` needs hugo and `cargo build --release`. Ends with 1 where a ratio is below its least.
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

settings("limit: 0")
ours(), hugo("hugo.toml")
held(f"all of {count} posts, three formats, against Hugo's RSS", statistics.median(hugo("hugo.toml") / ours() for _ in range(pairs)), 8)
memory = peak()
print(f"feeds, all of {count} posts: {memory:.0f} MiB at the most")
if memory > 300:
    failed.append("memory")
settings("limit: 20")
ours(), hugo("limited.toml")
held(f"the newest 20 of {count}, three formats, against Hugo's RSS", statistics.median(hugo("limited.toml") / ours() for _ in range(pairs)), 8)

settings("limit: 20, archive: 100")
post = site / "content/posts/p7.md"
def rebuilt(n):
    post.write_text(post.read_text() + f"\nOne more line, {n}.\n")
    return took(tidings, "-q", "build")
held("one post changed, with archives, against all anew", statistics.median(ours() / rebuilt(n) for n in range(pairs)), 2)
sys.exit(", ".join(failed) or 0)
PY
