#!/bin/sh
# The tests of sites once more, with their ledgers in PostgreSQL: what holds of one engine holds of the other.
# `sh tests/postgres.sh` starts a server on the loopback interface and runs them; `sh tests/postgres.sh serve FOLDER PORT` only runs one, in
# that folder, until its standard input ends.
set -eu
cd "$(dirname "$0")/.."

# The newest that is installed, where it is not on the path.
program() {
    command -v "$1" 2>/dev/null || ls -d /usr/lib/postgresql/*/bin/"$1" 2>/dev/null | sort -V | tail -n 1
}

# PostgreSQL does not run as root.
as_nobody() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

serve() {
    [ "$(id -u)" != 0 ] || chown postgres "$1"
    as_nobody "$(program initdb)" -D "$1/data" -A trust -U postgres >/dev/null
    # What is on the disk in the end does not matter, and disks differ: it is not waited for.
    as_nobody "$(program postgres)" -D "$1/data" -p "$2" -k "$1" -c listen_addresses=127.0.0.1 -c max_connections=300 \
        -c fsync=off -c log_min_messages=panic >/dev/null 2>&1 &
    server=$!
    trap 'kill -INT "$server" 2>/dev/null || true; wait "$server" || true; rm -rf "$1"' EXIT
    cat >/dev/null
}

if [ "${1:-}" = serve ]; then
    shift
    serve "$@"
    exit
fi

# These look into the file of a ledger, or put one of an earlier version there.
files="reports_of_many_systems a_ledger_of_an_earlier_version an_upgrade_does_not_take a_disk_that_is_full_while_the_ledger \
    what_is_wrong_with_a_ledger somebody_moves_sees_what_is_kept what_is_forgotten_stays_so"
# These have no ledger.
others="blogs:: corpus:: docs:: feeds:: kept:: media:: posts:: reference:: templates:: tidy:: trouble:: manners:: newcomer:: public_page:: \
    checkers:: dns:: odd_relays:: signed:: hub::"
skip=""
for name in $files $others; do
    skip="$skip --skip $name"
done
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkfifo "$folder/end"
sh tests/postgres.sh serve "$folder" "$port" <"$folder/end" &
exec 3>"$folder/end"
until psql -qc 'SELECT 1' "postgres://postgres@127.0.0.1:$port/postgres" >/dev/null 2>&1; do sleep 0.1; done
# shellcheck disable=SC2086 # one word each
TIDINGS_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port" cargo test --locked --test tidings -- $skip
exec 3>&-
wait
