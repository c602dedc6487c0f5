#!/bin/sh
# Speed of delivery into Postfix's smtp-sink over loopback, with the durable ledger, beside smtp-source, Postfix's own load
# generator, with as many sessions and messages of the same size. Fails below 1,000 messages a second.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
count=${1:-5000}
sessions=${2:-4}
folder=$(mktemp -d)
port=$((20000 + $$ % 20000))
[ "$(id -u)" = 0 ] && user="-u nobody" || user=""
# shellcheck disable=SC2086 # one word each
smtp-sink $user -c "127.0.0.1:$port" 512 >/dev/null 2>&1 &
sink=$!
trap 'kill "$sink" 2>/dev/null; rm -rf "$folder"' EXIT
sleep 1

mkdir -p "$folder/config"
cp -r "$root/posts" "$folder/posts"
cat >"$folder/config/tidings.yaml" <<YAML
site: { title: 속도, url: https://example.com, timezone: Asia/Seoul }
newsletters: { fast: { from: news@example.com, schedule: each-post, select: { max_age: 3650d } } }
mail: { transport: smtp, smtp: { host: 127.0.0.1, port: $port, tls: none, connections: $sessions } }
YAML
seq "$count" | sed 's/.*/- { email: reader&@example.net, name: 독자 & }/' >"$folder/config/subscribers.yaml"
tidings="$root/target/release/tidings -q -C $folder"
size=$($tidings send --dry-run --format eml 2>/dev/null | wc -c)

seconds() { # of a command, in milliseconds
    start=$(date +%s%N)
    "$@" >/dev/null 2>"$folder/said" || { cat "$folder/said" >&2; exit 1; }
    echo $((($(date +%s%N) - start) / 1000000))
}
# shellcheck disable=SC2086 # words
ours=$(seconds $tidings run || true)
theirs=$(seconds smtp-source -s "$sessions" -m "$count" -l "$size" -f a@example.com -t b@example.net "127.0.0.1:$port")
sent=$($tidings status --json 2>/dev/null | python3 -c 'import json,sys; print(json.load(sys.stdin)["issues"][0]["deliveries"]["sent"])')
[ "$sent" = "$count" ] || { echo "throughput: $sent of $count sent" >&2; exit 1; }
rate=$((count * 1000 / ours))
echo "throughput: $rate messages a second of $((size / 1024)) KiB; smtp-source: $((count * 1000 / theirs))"
[ "$rate" -ge 1000 ] || { echo "throughput: under 1,000 a second" >&2; exit 1; }
