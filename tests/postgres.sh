#!/bin/sh
# The tests of sites once more, with their ledgers in PostgreSQL: what holds of one engine holds of the other.
# `sh tests/postgres.sh` starts a server on the loopback interface and runs them; `sh tests/postgres.sh serve FOLDER PORT [OPTION…]` only runs
# one, in that folder, until its standard input ends, and `restart` with the same words restarts it.
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

# What is on the disk in the end does not matter, and disks differ: it is not waited for, unless an option says so.
launch() {
    folder=$1 port=$2
    shift 2
    as_nobody "$(program postgres)" -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 -c max_connections=300 \
        -c ssl=on -c fsync=off -c log_min_messages=panic "$@" >/dev/null 2>&1 &
}

# It ends at once, whoever is connected.
halt() {
    pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) || return 0
    kill -INT "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
}

case "${1:-}" in
serve)
    shift
    [ "$(id -u)" != 0 ] || chown postgres "$1"
    as_nobody "$(program initdb)" -D "$1/data" -A trust -U postgres >/dev/null
    folder=$1
    # By TLS, too, with an authority of its own; and one who needs a password.
    ca="-days 3 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    # shellcheck disable=SC2086 # one word each
    {
        openssl req -x509 $ca -subj "/CN=authority" -keyout "$1/ca.key" -out "$1/ca.pem"
        openssl req -x509 $ca -subj "/CN=127.0.0.1" -addext "subjectAltName=IP:127.0.0.1" -addext "basicConstraints=critical,CA:FALSE" \
            -CA "$1/ca.pem" -CAkey "$1/ca.key" -keyout "$1/data/server.key" -out "$1/data/server.crt"
    } 2>/dev/null
    chmod 600 "$1/data/server.key"
    [ "$(id -u)" != 0 ] || chown postgres "$1/data/server.key"
    sed -i '1i host all guarded 127.0.0.1/32 scram-sha-256' "$1/data/pg_hba.conf"
    trap 'halt "$folder"; rm -rf "$folder"' EXIT
    launch "$@"
    cat >/dev/null
    exit
    ;;
restart)
    shift
    halt "$1"
    launch "$@"
    exit
    ;;
esac

# Those that have to do with what is remembered.
modules="bounces cadences campaign delivery desk groups ids issues killed ledger lists operator private relays serve standing webhooks"
# But for those that look into the file of a ledger, or put one of an earlier version there.
files="reports_of_many_systems a_ledger_of_an_earlier_version an_upgrade_does_not_take a_disk_that_is_full_while_the_ledger \
    what_is_wrong_with_a_ledger somebody_moves_sees_what_is_kept what_is_forgotten_stays_so each_fault_of_postfixs_own_sink"
words=""
for module in $modules; do words="$words $module::"; done
for name in $files; do words="$words --skip $name"; done
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkfifo "$folder/end"
sh tests/postgres.sh serve "$folder" "$port" <"$folder/end" &
exec 3>"$folder/end"
until psql -qc 'SELECT 1' "postgres://postgres@127.0.0.1:$port/postgres" >/dev/null 2>&1; do sleep 0.1; done
# shellcheck disable=SC2086 # one word each
TIDINGS_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port" TIDINGS_TEST_POSTGRES_CA="$folder/ca.pem" cargo test --locked --test tidings -- $words
exec 3>&-
wait
