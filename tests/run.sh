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
    # Its client alone may be there.
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$missing postgresql"
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
for program in xmllint jing newsboat smtp-sink smtp-source dovecot openssl script jekyll hugo chromium pdftotext spamassassin node npm wrk nginx psql python3; do
    command -v "$program" >/dev/null || { echo "install $program first" >&2; exit 1; }
done
if [ "$(id -u)" = 0 ]; then
    for program in debootstrap lintian strip xz; do
        command -v "$program" >/dev/null || { echo "install $program first" >&2; exit 1; }
    done
fi
python=target/checkers/bin/python
if ! "$python" -c 'import feedparser, jsonschema, dkim, nacl, schemathesis, moto' 2>/dev/null; then
    mkdir -p target
    python3 -m venv target/checkers
    "$python" -m pip install -q -r tests/checkers/requirements.txt
fi

# What takes how long is told: the whole is to stay short.
step() {
    began=$(date +%s)
    "$@"
    echo "$*: $(($(date +%s) - began)) s"
}

cargo fmt --check
# The release program is built beside the checks and the tests' own, as most of that is the work of one processor.
sh tests/first_command.sh >target/first_command.log 2>&1 &
first=$!
trap 'kill "$first" 2>/dev/null || true' EXIT
step cargo clippy --locked --all-targets -- -D warnings
export RUSTDOCFLAGS="-D warnings"
step cargo doc --locked --no-deps
step cargo test --locked --no-run
wait "$first" || { cat target/first_command.log >&2; exit 1; }
trap - EXIT
tail -n 1 target/first_command.log
step cargo test --locked
step sh tests/postgres.sh
step cargo bench --locked --bench compose --profile dev
# A fresh clone's program is this tree's own, unless there are changes that are in no commit.
[ -z "$(git status --porcelain)" ] || cargo build --locked --release
step sh tests/mail.sh
step sh tests/newcomer.sh
# Packages are installed by root alone.
if [ "$(id -u)" = 0 ]; then step sh tests/package.sh; else echo "tests/package.sh needs root: not run" >&2; fi
step sh tests/postfix.sh
step sh tests/serve.sh
step sh tests/store.sh
step sh tests/compare.sh
step sh tests/mutated.sh
step sh benches/load.sh
step sh benches/feeds.sh 10000 3
step sh benches/mail.sh 20000
step sh benches/serve.sh
step sh benches/flood.sh
step sh benches/fleet.sh 10000
