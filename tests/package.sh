#!/bin/sh
# The Debian package, in a Debian that has systemd for its first process: it is made, judged by lintian, installed, run by its units, updated
# and purged. The units are those that `tidings schedule` prints, and keep the program from all that is not its own.
# `sh tests/package.sh [TIDINGS]`, as root, needs debootstrap, systemd-container, lintian, xz and binutils, and `cargo build --release` where no
# program is named. The Debian is this machine's, where it is one, so that the program finds its libc; it is fetched once, into target/package,
# and nothing in it is changed.
# Where systemd cannot be booted, as in a sandbox that makes no groups of processes, it is done below a changed root, by hand: the program runs
# under those of its unit's lines that mounts and `setpriv` can keep. The timer, the journal and the filters of system calls stay unproven then;
# one line says which way it went, and why.
set -eu

fail() { echo "package: $1" >&2; exit 1; }
same() { [ "$2" = "$3" ] || fail "$1: \`$2\`, not \`$3\`"; }

outside() {
    cd "$(dirname "$0")/.."
    program=${1:-$PWD/target/release/tidings}
    [ "$(id -u)" = 0 ] || fail "only root can start a container"
    for tool in debootstrap systemd-nspawn lintian strip xz; do
        command -v "$tool" >/dev/null || fail "install $tool first"
    done
    # As small as can be takes ten times as long.
    deb=$(sh packages/deb.sh "$program" --fast -Z gz)
    lintian --allow-root --fail-on error,warning "$deb"

    suite=$(. /etc/os-release && [ "$ID" = debian ] && echo "$VERSION_CODENAME" || echo bookworm)
    debian=$PWD/target/package/$suite
    if [ ! -d "$debian" ]; then
        rm -rf "$debian.new"
        debootstrap --variant=minbase --include=systemd,systemd-sysv,ca-certificates "$suite" "$debian.new" \
            http://deb.debian.org/debian >target/package/debootstrap.log || { tail "$debian.new/debootstrap/debootstrap.log"; exit 1; }
        mv "$debian.new" "$debian"
    fi
    out=$(mktemp -d)
    groups=""
    finish() {
        rm -rf "$out"
        for group in $groups; do
            echo $$ >"${group%/*}/cgroup.procs"
            find "$group" -depth -type d -exec rmdir {} +
        done
    }
    trap finish EXIT
    alone=--register=no
    if [ ! -d /run/systemd/system ]; then
        # Where nobody else makes groups of processes, the container's are below groups of our own, and go with them.
        alone="$alone --keep-unit"
        for tree in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
            [ -w "$tree/cgroup.procs" ] || continue
            group=$tree/tidings-package-$$
            mkdir "$group" 2>/dev/null || continue
            if (echo $$ >"$group/cgroup.procs") 2>/dev/null; then groups="$groups $group"; else rmdir "$group"; fi
        done
    fi
    # Does this once systemd is up, in so many seconds; its exit code is the container's, and what it says is in $out/log. It writes into memory,
    # and has no network: whatever is sent goes nowhere.
    boot() {
        printf '%s\n' '[Unit]' After=multi-user.target '[Service]' Type=oneshot "ExecStart=/bin/sh -c '$2; systemctl exit \$\$?'" \
            StandardOutput=file:/out/log StandardError=inherit >target/package/test.service
        # shellcheck disable=SC2086 # one word each
        timeout --kill-after=5 "$1" systemd-nspawn --quiet $alone --directory="$debian" --volatile=overlay --private-network \
            --bind="$out:/out" --bind-ro="$PWD/tests/package.sh:/test/package.sh" --bind-ro="$deb:/test/tidings.deb" \
            --bind-ro="$PWD/target/package/test.service:/etc/systemd/system/test.service" \
            --boot systemd.wants=test.service </dev/null >target/package/boot.log 2>&1
    }
    # Without the package first: no fault of its own leads to the way that proves less.
    boot 60 true && code=0 || code=$?
    if [ "$code" = 0 ] && [ -e "$out/log" ]; then
        echo "package: in a container, as systemd boots here"
        rm "$out/log"
        boot 100 'sh /test/package.sh --booted' && code=0 || code=$?
        cat "$out/log" 2>/dev/null || { tail -n 20 target/package/boot.log; fail "the container did not start"; }
        exit "$code"
    fi
    why=$(sed 's/\x1b\[[0-9;?]*[A-Za-z]//g; s/\r//g; /^ *$/d' target/package/boot.log | tail -n 2 | tr '\n' ' ')
    echo "package: by hand below a changed root, as systemd does not boot here: systemd-nspawn ended with $code${why:+: $why}"
    may=$(unshare --mount sh -c 'mount --bind /tmp /tmp && chroot / true' 2>&1) || fail "this cannot be done by hand either: $may"
    unshare --mount sh "$PWD/tests/package.sh" --below "$debian" "$deb" "$out"
}

# In mounts of its own, which go with it: a copy of the Debian that may be written, in memory or, where that is refused, in the folder.
below() {
    root=$3/root
    if ! { mount -t tmpfs -o mode=755 tidings "$3" && mkdir "$root" "$3/upper" "$3/work" &&
        mount -t overlay -o "lowerdir=$1,upperdir=$3/upper,workdir=$3/work" tidings "$root"; } 2>/dev/null; then
        umount "$3" 2>/dev/null || :
        mkdir -p "$root/dev" "$root/proc"
        find "$1" -mindepth 1 -maxdepth 1 ! -name dev ! -name proc -exec cp -a -t "$root" {} +
        mount --bind "$root" "$root"
    fi
    mount --rbind /proc "$root/proc"
    for device in null zero full random urandom; do
        [ -e "$root/dev/$device" ] || : >"$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    install -D tests/package.sh "$root/test/package.sh"
    install "$2" "$root/test/tidings.deb"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" sh /test/package.sh --by-hand
}

# In mounts of its own, too: becomes the program of this unit file, kept in by what the file says.
unit() {
    lines=$(cat "$1")
    value() { echo "$lines" | sed -n "s/^$1=//p"; }
    says() { echo "$lines" | grep -qx "$1"; }
    for path in $(value ReadWritePaths); do mount --bind "$path" "$path"; done
    ! says PrivateTmp=yes || for path in /tmp /var/tmp; do mount -t tmpfs -o mode=1777 tidings $path; done
    ! says ProtectSystem=strict || mount -o remount,bind,ro /
    user=$(value User)
    set -- --reset-env --reuid="$user" --regid="$user" --clear-groups
    ! says NoNewPrivileges=yes || set -- "$@" --no-new-privs
    ! says CapabilityBoundingSet= || set -- "$@" --bounding-set=-all --inh-caps=-all
    umask "$(value UMask)"
    cd /
    # shellcheck disable=SC2046 # one word each
    exec setpriv "$@" $(value ExecStart)
}

# What is true both ways; `start`, `said`, `ended`, `probe` and `updated` are each way's own.
site=/var/lib/tidings config=/etc/tidings/tidings.yaml units=/usr/lib/systemd/system
as() { runuser -u tidings -- tidings -C $site --config $config "$@"; }
weekly='{ from: News <news@example.com>, schedule: "0 8 * * MON", subscribers: subscribers.yaml }'
newsletter() { printf 'newsletters:\n  weekly: %s\n' "$weekly" >>$config; }

# With the words for `systemd-analyze`, and what the probe says besides.
installed_and_run() {
    export DEBIAN_FRONTEND=noninteractive
    dpkg --install /test/tidings.deb >/dev/null
    same "the program's version" "$(tidings --version | cut -d ' ' -f 2)-1" "$(dpkg-query --show --showformat '${Version}' tidings)"
    for file in $(dpkg --listfiles tidings | grep '\.1\.gz$') /usr/share/doc/tidings/changelog.gz; do gzip --test "$file"; done
    for page in tidings tidings-run tidings-subscribers-add; do zgrep -q '^\.TH' "/usr/share/man/man1/$page.1.gz"; done
    for file in bash-completion/completions/tidings zsh/vendor-completions/_tidings fish/vendor_completions.d/tidings.fish; do
        grep -q subscribers "/usr/share/$file" || fail "no completions in $file"
    done
    same "the units after the installation" "$(systemctl is-enabled tidings.timer tidings-serve.service || :)" "disabled
disabled"
    same "the folders" "$(stat --format '%n %U:%G %a' $site $site/posts /etc/tidings)" "$site tidings:tidings 755
$site/posts tidings:tidings 755
/etc/tidings root:tidings 2750"

    # The units are those that are printed, but for what they are called and that the folder is made.
    cd "$(mktemp -d)"
    tidings -C $site --config $config --quiet schedule --systemd --out printed
    for kind in service timer; do
        grep -v '^Description=' printed/*.$kind >printed.$kind
        grep -Ev '^(Description|Documentation|StateDirectory)=' $units/tidings.$kind >packaged.$kind
        diff -u printed.$kind packaged.$kind || fail "tidings.$kind is not what \`tidings schedule\` prints"
    done
    sed -n '/^UMask=/,$p' printed.service >hardened.printed
    sed -n '/^UMask=/,/^$/p' $units/tidings-serve.service | sed '/^$/d' >hardened.packaged
    diff -u hardened.printed hardened.packaged || fail "tidings-serve.service is not as closed as tidings.service"
    verified=$(cd $units && systemd-analyze verify --man=no tidings.service tidings-serve.service tidings.timer 2>&1) || fail "verify: $verified"
    for unit in tidings.service tidings-serve.service; do
        exposed=$(systemd-analyze security "$1" --no-pager --threshold=15 "$unit") || fail "exposed: $exposed"
        echo "$exposed" | tail -n 1
    done

    # As it comes: feeds, and no mail.
    same "check of the config as it comes" "$(as check 2>&1)" "nothing is wrong"
    start tidings.service
    [ -s $site/public/rss.xml ] || fail "no feeds"
    [ ! -e $site/.tidings/outbox ] || fail "mail by the config as it comes"

    newsletter
    (umask 027 && echo '- { email: minji@example.com, name: 김민지 }' >/etc/tidings/subscribers.yaml)
    same "the list's rights" "$(stat --format '%U:%G %a' /etc/tidings/subscribers.yaml)" root:tidings\ 640
    printf -- '---\ntitle: The first snow\n---\nIt fell on the **tram lines**.\n' >"$site/posts/$(date +%F)-snow.md"
    start tidings.service
    same "how the run ended" "$(ended)" 0
    for feed in rss.xml atom.xml feed.json; do grep -q 'The first snow' $site/public/$feed || fail "the post is not in $feed"; done
    same "letters" "$(find $site/.tidings/outbox/new -type f | wc -l)" 1
    grep -q '^To: .*minji@example.com' $site/.tidings/outbox/new/* || fail "not to the subscriber"
    same "whose they are" "$(find $site/.tidings $site/public ! -user tidings)" ""
    said tidings.service | grep -q '1 sent' || fail "nothing in the journal: $(said tidings.service)"

    state() { find $site/public $site/.tidings/outbox -type f -exec sha256sum {} + | sort; }
    before=$(state) lines=$(said tidings.service | wc -l)
    start tidings.service
    same "what the second run said" "$(said tidings.service | tail -n "+$((lines + 1))")" ""
    same "what it changed" "$(state)" "$before"

    # What may be done under the service's lines, told by a shell in the program's place; /srv/open is open to everybody.
    mkdir -m 1777 /srv/open
    cat >probe.sh <<'EOF'
for file in /var/lib/tidings/probe /srv/open/probe /tmp/probe /home/probe /etc/tidings/probe /usr/bin/probe; do
    if (: >"$file") 2>/dev/null; then echo "$file written"; else echo "$file refused"; fi
done
mount -t tmpfs none /srv/open 2>/dev/null && echo mounted || echo 'no mount'
id -un
sed -n '/^Cap\(Eff\|Bnd\)\|^NoNewPrivs/s/\t/ /p' /proc/self/status
unshare --user true 2>/dev/null && echo 'a namespace made' || echo 'no namespace'
[ -e /dev/kmsg ] && echo devices || echo 'no devices'
sed -n '/^Seccomp:/s/\t/ /p' /proc/self/status
EOF
    install -m 755 probe.sh /usr/local/bin/probe
    same "what the service may do" "$(probe probe '')" "/var/lib/tidings/probe written
/srv/open/probe refused
/tmp/probe written
/home/probe refused
/etc/tidings/probe refused
/usr/bin/probe refused
no mount
tidings
CapEff: 0000000000000000
CapBnd: 0000000000000000
NoNewPrivs: 1$2"
    [ ! -e /tmp/probe ] || fail "/tmp is not its own"
    # One line more, as `systemctl edit` adds it, and the same shell may: so a refusal is the lines' doing.
    probe open '/^ReadWritePaths=/a ReadWritePaths=/srv/open' | grep -qx '/srv/open/probe written' || fail "the probe sees no difference"
}

soon() { for _ in 1 2 3 4 5 6 7 8 9 10; do ! "$@" || return 0; sleep 0.3; done; return 1; }
get() { bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && printf "GET /rss.xml HTTP/1.0\r\nHost: localhost\r\n\r\n" >&3 && cat <&3' "$1"; }
has_feed() { get "$1" 2>/dev/null | grep -q 'The first snow'; }
answers() { soon has_feed "$1" || fail "no feed at 127.0.0.1:$1"; }

# An update while the server is at work at this port, and the end.
updated_and_purged() {
    answers "$1"
    ledger=$(stat --format %i $site/.tidings/ledger.db)
    dpkg --install /test/tidings.deb >/dev/null
    answers "$1"
    grep -q weekly: $config || fail "the config was not kept"
    updated

    systemctl enable --quiet tidings.timer
    dpkg --purge tidings >purged 2>&1
    grep -q '/var/lib/tidings is left' purged || fail "purge does not say what it leaves: $(cat purged)"
    same "the ledger after the purge" "$(stat --format '%i %U' $site/.tidings/ledger.db)" "$ledger tidings"
    [ -s /etc/tidings/subscribers.yaml ] || fail "the list is gone"
    [ ! -e $config ] || fail "the config is still there"
    same "links to units after the purge" "$(find /etc/systemd /usr/lib/systemd /var/lib/systemd -name 'tidings*' ! -type d)" ""
    # A second installation finds all of it: what was sent is not sent again.
    dpkg --install /test/tidings.deb >/dev/null
    newsletter
    start tidings.service
    same "letters after another installation" "$(find $site/.tidings/outbox/new -type f | wc -l)" 1
}

booted() {
    property() { systemctl show --property "$2" --value "$1"; }
    # What the program said, by the journal.
    said() { journalctl --sync && journalctl --quiet --output cat --identifier tidings --unit "$1"; }
    start() { systemctl start "$1" || { journalctl --quiet --unit "$1"; fail "$1 does not start"; }; }
    ended() { property tidings.service ExecMainStatus; }
    probe() {
        sed "s|^ExecStart=.*|ExecStart=/bin/sh /usr/local/bin/probe|; $2" $units/tidings.service >"/run/systemd/system/$1.service"
        systemctl daemon-reload
        start "$1.service"
        journalctl --sync
        journalctl --quiet --output cat --identifier sh --unit "$1.service"
    }

    installed_and_run --offline=no "
no namespace
no devices
Seccomp: 2"
    same "the units after the installation" "$(systemctl is-active tidings.timer tidings-serve.service || :)" "inactive
inactive"
    start tidings.timer
    same "the timer" "$(property tidings.timer SubState)" waiting
    start tidings-serve.service
    first=$(property tidings-serve.service MainPID)
    same "the server's root" "$(awk '$2 == "/" { options = $4 } END { print substr(options, 1, 3) }' "/proc/$first/mounts")" ro,
    updated() { [ "$(property tidings-serve.service MainPID)" != "$first" ] || fail "the server is still the old program"; }
    updated_and_purged 8080
    same "the units after the purge" "$(systemctl is-active tidings-serve.service tidings.timer || :)" "inactive
inactive"
    version=$(systemctl --version | sed -n '1s/systemd \([0-9]*\).*/\1/p')
    echo "package: installed, run by systemd $version, updated and purged; one letter, then silence"
}

by_hand() {
    said() { cat "/run/$1.said"; }
    start() {
        status=0
        unshare --mount sh "$0" --unit "$units/$1" </dev/null >>"/run/$1.said" 2>&1 || status=$?
        [ "$status" = 0 ] || grep -qx "SuccessExitStatus=$status" "$units/$1" || { said "$1"; fail "$1 ends with $status"; }
    }
    ended() { echo "$status"; }
    # The last three are told by what only systemd keeps.
    probe() {
        sed "s|^ExecStart=.*|ExecStart=/bin/sh /usr/local/bin/probe|; $2" $units/tidings.service >"$1.service"
        unshare --mount sh "$0" --unit "$1.service" | head -n -3
    }

    installed_and_run --offline=yes ""
    # The network is the machine's: the server takes a port that is free.
    echo 'server: { listen: "127.0.0.1:0" }' >>$config
    unshare --mount sh "$0" --unit $units/tidings-serve.service </dev/null >server.said 2>&1 &
    server=$!
    trap 'kill "$server"' EXIT
    listens() { port=$(sed -n 's|^listening at http://127.0.0.1:\([0-9]*\)/.*|\1|p' server.said) && [ -n "$port" ]; }
    soon listens || fail "the server does not listen: $(cat server.said)"
    updated() { trap - EXIT; kill "$server"; wait "$server" || fail "the server ends with $?"; }
    updated_and_purged "$port"
    echo "package: installed, run by hand under its unit's lines, updated and purged; one letter, then silence"
}

case ${1-} in
--booted) booted ;;
--by-hand) by_hand ;;
--below) below "$2" "$3" "$4" ;;
--unit) unit "$2" ;;
*) outside "$@" ;;
esac
