#!/bin/sh
# Writes what the program is made of, as CycloneDX JSON, beside the Debian package, and prints where it lies.
# `sh packages/sbom.sh` needs cargo; the tool is compiled once.
set -eu
cd "$(dirname "$0")/.."
[ -x target/tools/bin/cargo-cyclonedx ] ||
    cargo install --quiet --debug --locked --root target/tools cargo-cyclonedx@0.5.9 >&2
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
out=target/package/tidings.cdx.json
mkdir -p target/package
# It writes beside Cargo.toml, and names this folder, which is nobody's business.
target/tools/bin/cargo-cyclonedx cyclonedx --quiet --format json --spec-version 1.5 --override-filename tidings-sbom
sed "s|path+file://[^#\"]*#|tidings#|; s|?download_url=file://[^#\"]*||" tidings-sbom.json >"$out"
rm tidings-sbom.json
echo "$PWD/$out"
