#!/bin/sh
# Several machines that share a ledger in PostgreSQL: how many messages a second one, two and four of them hand over, whether a rate holds for
# all together, and whether everybody gets one copy while they are killed, stopped for longer than their lease, and cut off from the database
# and from their relays, at random.
# `sh benches/fleet.sh [PEOPLE] [TIDINGS] [SEED]` needs PostgreSQL, smtp-sink and `cargo build --release` where no program is named. Ends with
# 1 where somebody got two copies, or none and is not in doubt.
set -eu
cd "$(dirname "$0")/.."
exec python3 -B benches/fleet.py "${1:-200000}" "${2:-$PWD/target/release/tidings}" "${3:-}"
