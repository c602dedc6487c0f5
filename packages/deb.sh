#!/bin/sh
# Makes the Debian package of a program that is built already, and prints where it lies.
# `sh packages/deb.sh [PROGRAM [FLAG OF CARGO-DEB]...]` needs cargo, strip and xz; the program is target/release/tidings where none is named.
set -eu
cd "$(dirname "$0")/.."
program=${1:-target/release/tidings}
[ $# = 0 ] || shift
[ -x "$program" ] || { echo "no program at $program: \`cargo build --release --locked\` first" >&2; exit 1; }
# Without its defaults it asks the system's `xz` to compress, and compiles no other.
[ -x target/tools/bin/cargo-deb ] ||
    cargo install --quiet --debug --locked --no-default-features --root target/tools cargo-deb@3.8.0 >&2

out=target/package
mkdir -p "$out/completions"
rm -rf "$out/man"
strip -R .comment -o "$out/tidings" "$program"
"$out/tidings" --quiet man --out "$out/man"
for shell in bash zsh fish; do "$out/tidings" completions "$shell" >"$out/completions/tidings.$shell"; done

# The same tree gives the same package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
cat >"$out/changelog" <<EOF
tidings ($("$out/tidings" --version | cut -d ' ' -f 2)-1) unstable; urgency=medium

  * What has changed is in changelog.gz.

 -- $(sed -n 's/^maintainer = "\(.*\)"$/\1/p' Cargo.toml)  $(LC_ALL=C date -Rud "@$SOURCE_DATE_EPOCH")
EOF
target/tools/bin/cargo-deb --quiet --no-build --compress-system --output "$PWD/$out/" "$@"
