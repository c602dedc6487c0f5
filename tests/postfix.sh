#!/bin/sh
# Mail through a real Postfix, and what comes back of it read from a real Maildir and through a real Dovecot: STARTTLS and implicit TLS
# with a certificate of our own, AUTH, VERP, the reports (RFC 3464) on a dead, a full and a refusing mailbox. As root, on loopback.
set -eu
cd "$(dirname "$0")/.."
tidings=$PWD/target/release/tidings
helper=$PWD/tests/checkers/postfix.py
folder=$(mktemp -d)
chmod 711 "$folder"
log=$folder/postfix.log
pids=""

found() { echo "postfix: $1"; }
fail() {
    echo "postfix: $1" >&2
    for said in "$folder/said" "$folder/dovecot.log" "$log"; do [ ! -s "$said" ] || tail -n 12 "$said" >&2; done
    exit 1
}
ask() { python3 "$helper" "$@"; }
await() { # that a command succeeds, for at most 20 seconds
    for _ in $(seq 200); do
        "$@" && return
        sleep 0.1
    done
    return 1
}
has_ended() { ! kill -0 "$1" 2>/dev/null; }
stop() {
    pids="$pids $(cat "$folder/queue/pid/master.pid" 2>/dev/null || true)"
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    for pid in $pids; do await has_ended "$pid" || kill -9 "$pid"; done
    await rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

[ "$(id -u)" = 0 ] || fail "only root can start Postfix and Dovecot"
for program in postfix smtp-sink dovecot openssl python3; do command -v "$program" >/dev/null || fail "install $program first"; done
[ -e /usr/lib/dovecot/imap ] || fail "install dovecot-imapd first"
[ -x "$tidings" ] || fail "build tidings first"

certificates() { # of our own CA, and its for localhost
    certificate="openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3"
    $certificate -subj "/CN=CA of tests" -keyout "$folder/ca.key" -out "$folder/ca.pem" &&
        $certificate -subj /CN=localhost -addext subjectAltName=DNS:localhost -extensions usr_cert \
            -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -keyout "$folder/localhost.key" -out "$folder/localhost.pem"
}
sink() { # as smtp-sink
    smtp-sink -u nobody "$@" 64 &
    pids="$pids $!"
}
start_postfix() {
    mkdir "$folder/queue" "$folder/data" "$folder/mailboxes"
    chown postfix "$folder/data"
    chown nobody "$folder/mailboxes"
    postfix -c "$folder/postfix" start
}
start_dovecot() { # after Postfix, in whose queue its AUTH is reached
    dovecot -F -c "$folder/dovecot.conf" &
    pids="$pids $!"
}

ports=$(ask ports starttls implicit imap imaps dead full policy)
starttls="" implicit="" imap="" imaps="" dead="" full="" policy=""
eval "$ports"
certificates 2>"$folder/said" || fail "openssl makes no certificates"
# shellcheck disable=SC2086 # words
ask configure "$folder" $ports
sink -f RCPT -B "550 5.1.1 User unknown" "127.0.0.1:$dead"
sink -r RCPT -b "452 4.2.2 Mailbox full" "127.0.0.1:$full"
sink -f RCPT -B "550 5.7.1 Not by our policy" "127.0.0.1:$policy"
start_postfix 2>"$folder/said" || fail "Postfix does not start"
start_dovecot
# shellcheck disable=SC2086
ask servers "$folder/ca.pem" $ports || fail "the servers are not what they should be"
found "Postfix asks for TLS before AUTH and for AUTH before mail; Dovecot serves IMAP"

trusted="ca_file: $folder/ca.pem"
login="username: kim, password: geheim"
post() { # site, day of November
    printf -- '---\ntitle: Day %s\ndate: 2026-11-%s 09:00:00 +0900\n---\nWhat was new.\n' "$2" "$2" >"$folder/$1/posts/2026-11-$2-day-$2.md"
}
configure() { # site, its relay, its bounces
    cat >"$folder/$1/config/tidings.yaml" <<YAML
site: { title: Tests, url: https://example.com, timezone: Asia/Seoul }
newsletters: { letter: { from: news@example.com, schedule: each-post, select: { max_age: 3650d } } }
mail: { transport: smtp, smtp: { $2 }, bounces: { address: bounce@example.com, $3 } }
YAML
}
site() { # its name, its relay; addresses from stdin
    mkdir -p "$folder/$1/config" "$folder/$1/posts" "$folder/empty/new" "$folder/empty/cur" "$folder/empty/tmp"
    sed 's/.*/- { email: & }/' >"$folder/$1/config/subscribers.yaml"
    post "$1" 20
    configure "$1" "$2" "maildir: $folder/empty"
}
tidings() { # exit code that it must have, site, command
    must=$1 where=$2 code=0
    shift 2
    "$tidings" -C "$folder/$where" "$@" >"$folder/said" 2>&1 || code=$?
    [ "$code" = "$must" ] || fail "$where: tidings $* ended with $code instead of $must"
}
latest() { "$tidings" -C "$folder/$1" status --json | ask latest "$2"; } # site; `id`, or a state: how many copies
logged() { [ "$(grep -c "$2" "$log")" = "$1" ]; }

# 1. Twenty copies by either way of TLS; none where the relay is not to be trusted or does not trust us, and nobody is to blame.
try() { # site, exit code, its relay
    seq 20 | sed 's/.*/reader&@ok.test/' | site "$1" "$3"
    tidings "$2" "$1" run
    [ "$2" = 0 ] && all=sent || all=planned
    [ "$(latest "$1" "$all")" = 20 ] || fail "$1: $(latest "$1" "$all") of 20 copies $all"
}
for tls in starttls implicit; do
    [ $tls = starttls ] && way=STARTTLS port=$starttls || way="implicit TLS" port=$implicit
    try $tls 0 "host: localhost, port: $port, tls: $tls, $login, $trusted"
    await logged 20 "postfix/$tls/smtpd.*sasl_username=kim" || fail "$tls: not every copy came with AUTH"
    found "20 copies over $way with AUTH"
    try $tls-password 75 "host: localhost, port: $port, tls: $tls, username: kim, password: falsch, $trusted"
    try $tls-ca 75 "host: localhost, port: $port, tls: $tls, $login"
    try $tls-name 75 "host: 127.0.0.1, port: $port, tls: $tls, $login, $trusted"
    found "over $way none with a wrong password, by an unknown CA or under another name: 75, nobody blamed"
done
await logged 40 "postfix/discard.*status=sent" || fail "Postfix has delivered more or less than 40 copies"

# 2. What comes back to the senders of five copies. An answer without a report says nothing, whatever its words.
relay="host: localhost, port: $starttls, tls: starttls, $login, $trusted"
printf 'reader@%s.test\n' ok dead full policy away | site letter "$relay"
tidings 0 letter run
[ "$(latest letter sent)" = 5 ] || fail "letter: $(latest letter sent) of 5 copies sent"
has_come() { [ -n "$(ls "$folder/mailboxes/away/new" 2>/dev/null)" ]; }
await has_come || fail "nothing came to away.test"
sender=$(sed -n 's/^Return-Path: <\(.*\)>/\1/p' "$folder/mailboxes/away/new/"*)
case $sender in bounce+?*@example.com) ;; *) fail "the sender of a copy is $sender, without a token" ;; esac
printf 'From: reader@away.test\nTo: %s\nSubject: Away\nAuto-Submitted: auto-replied\n\n550 5.1.1 User unknown till Monday.\n' "$sender" |
    sendmail -C "$folder/postfix" -f "" "$sender"
expected="away.test auto-replied, dead.test failed 5.1.1, full.test delayed 4.2.2, full.test failed 4.2.2, policy.test failed 5.7.1"
is_back() { [ "$(ask reports "$folder/mailboxes/bounces")" = "$expected" ]; }
await is_back 2>/dev/null || fail "back came: $(ask reports "$folder/mailboxes/bounces" 2>&1)"
found "back came: $expected"
for tls in none starttls implicit; do
    cp -a "$folder/letter" "$folder/imap-$tls"
    cp -a "$folder/mailboxes/bounces" "$folder/mailboxes/$tls"
done

suppressed() { ask suppressed "$folder/$1/.tidings/ledger.db"; }
only_dead() { # is suppressed by a site, though it reads its mailbox twice
    for _ in 1 2; do
        tidings 0 "$1" bounces
        [ "$(suppressed "$1")" = "reader@dead.test bounced" ] || fail "$1: suppressed: $(suppressed "$1")"
    done
    tidings 0 "$1" status "$(latest "$1" id)" --failed
    grep -q reader@dead.test "$folder/said" || fail "$1: status does not name reader@dead.test"
    ! grep -qE 'reader@(ok|away)\.test' "$folder/said" || fail "$1: status names somebody whose copy has not failed"
}
configure letter "$relay" "maildir: $folder/mailboxes/bounces"
only_dead letter
post letter 21
tidings 0 letter run
[ "$(latest letter sent)" = 4 ] || fail "the next issue: $(latest letter sent) of 4 copies sent"
await logged 42 "postfix/discard.*status=sent" || fail "the next issue did not come to ok.test"
logged 1 "to=<reader@dead.test>" || fail "the next issue went to dead.test"
found "from the Maildir: reader@dead.test suppressed, nobody else; the next issue goes to the other four"

# 3. The same mailbox by IMAP, and nothing from one that is not to be trusted or does not trust us.
for tls in none starttls implicit; do
    [ $tls = implicit ] && port=$imaps || port=$imap
    [ $tls = none ] && protection=secured || protection=TLS # Dovecot's words for loopback and for TLS
    [ $tls = none ] && wrong="password: falsch, $trusted" || wrong="password: geheim" # and the CA is not known
    mailbox="host: localhost, port: $port, tls: $tls, folder: INBOX, username: $tls"
    configure imap-$tls "$relay" "imap: { $mailbox, $wrong }"
    tidings 75 imap-$tls bounces
    ! grep -q "Login: user=<$tls>" "$folder/dovecot.log" || fail "imap-$tls: logged in where it may not"
    [ -z "$(suppressed imap-$tls)" ] || fail "imap-$tls: suppressed unread: $(suppressed imap-$tls)"
    configure imap-$tls "$relay" "imap: { $mailbox, password: geheim, $trusted }"
    only_dead imap-$tls
    grep -q "Login: user=<$tls>.* $protection, session" "$folder/dovecot.log" || fail "imap-$tls: not logged in as it should"
done
found "by IMAP over STARTTLS, implicit TLS and none: the same; nothing with a wrong password or by an unknown CA"
