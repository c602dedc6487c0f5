#!/bin/sh
# Installs tidings for yourself from this clone: the program by cargo, then man pages and completions where your shells look for them.
# `sh packages/install.sh [PROGRAM]`; with a program that is there already, nothing is compiled.
set -eu
cd "$(dirname "$0")/.."
if [ $# = 0 ]; then
    cargo install --path . --locked
    bin=${CARGO_INSTALL_ROOT:-${CARGO_HOME:-$HOME/.cargo}}/bin
    set -- "$bin/tidings"
    case ":$PATH:" in *":$bin:"*) ;; *) echo "put $bin into your PATH" ;; esac
fi
program=$1
data=${XDG_DATA_HOME:-$HOME/.local/share}

"$program" --quiet man --out "$data/man/man1"
echo "man pages: $data/man/man1"
put() {
    mkdir -p "$(dirname "$data/$2")"
    "$program" completions "$1" >"$data/$2"
    echo "completions for $1: $data/$2"
}
put bash bash-completion/completions/tidings
put fish fish/vendor_completions.d/tidings.fish
put zsh zsh/site-functions/_tidings
echo "zsh looks there once ~/.zshrc has, before compinit: fpath+=($data/zsh/site-functions)"
