#!/bin/sh
# Everything that must hold before a change is taken in: one command, which installs the checkers it needs.
# On Debian as root it installs packages; elsewhere it says which programs to install.
set -eu
cd "$(dirname "$0")/.."

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    missing=""
    for pair in xmllint:libxml2-utils jing:jing newsboat:newsboat smtp-sink:postfix smtp-source:postfix \
        dovecot:dovecot-core openssl:openssl script:bsdutils \
        jekyll:ruby-jekyll-feed hugo:hugo chromium:chromium pdftotext:poppler-utils spamassassin:spamassassin node:nodejs npm:npm \
        wrk:wrk nginx:nginx-light debootstrap:debootstrap systemd-nspawn:systemd-container lintian:lintian \
        strip:binutils xz:xz-utils; do
        command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"
    done
    [ -d /usr/share/doc/python3-venv ] || command -v pyenv >/dev/null || missing="$missing python3-venv"
    [ -e /usr/lib/dovecot/imap ] || missing="$missing dovecot-imapd"
    # Jekyll takes time zones from the system.
    [ -e /usr/share/zoneinfo/Asia/Seoul ] || missing="$missing tzdata"
    if [ -n "$missing" ]; then
        # Packages must not start servers of their own.
        [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; }
        apt-get update -q
        # shellcheck disable=SC2086 # one word each
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
    fi
fi
for program in xmllint jing newsboat smtp-sink smtp-source dovecot openssl script jekyll hugo chromium pdftotext spamassassin node npm wrk nginx python3; do
    command -v "$program" >/dev/null || { echo "install $program first" >&2; exit 1; }
done
if [ "$(id -u)" = 0 ]; then
    for program in debootstrap lintian strip xz; do
        command -v "$program" >/dev/null || { echo "install $program first" >&2; exit 1; }
    done
fi
python=target/checkers/bin/python
if ! "$python" -c 'import feedparser, jsonschema, dkim, nacl, schemathesis' 2>/dev/null; then
    mkdir -p target
    python3 -m venv target/checkers
    "$python" -m pip install -q -r tests/checkers/requirements.txt
fi

cargo fmt --check
# The release program is built beside the checks and the tests' own, as most of that is the work of one processor.
sh tests/first_command.sh >target/first_command.log 2>&1 &
first=$!
trap 'kill "$first" 2>/dev/null || true' EXIT
cargo clippy --locked --all-targets -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
cargo test --locked --no-run
wait "$first" || { cat target/first_command.log >&2; exit 1; }
trap - EXIT
tail -n 1 target/first_command.log
cargo test --locked
cargo bench --locked --bench compose --profile dev
# A fresh clone's program is this tree's own, unless there are changes that are in no commit.
[ -z "$(git status --porcelain)" ] || cargo build --locked --release
sh tests/mail.sh
sh tests/newcomer.sh
# Packages are installed by root alone.
if [ "$(id -u)" = 0 ]; then sh tests/package.sh; else echo "tests/package.sh needs root: not run" >&2; fi
sh tests/postfix.sh
sh tests/serve.sh
sh tests/compare.sh
sh tests/mutated.sh
sh benches/load.sh
sh benches/feeds.sh 10000 3
sh benches/mail.sh 20000
sh benches/serve.sh
sh benches/flood.sh
