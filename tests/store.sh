#!/bin/sh
# Object storage: a real server that speaks S3's protocol (moto), some ten thousand objects, one post that changes, publications that are killed
# at any moment, and two at once. `sh tests/store.sh [TIDINGS]` needs python3 and `cargo build --release` where no program is named.
set -eu
cd "$(dirname "$0")/.."
program=${1:-$PWD/target/release/tidings}
exec target/checkers/bin/python -B tests/checkers/store.py "$program"
