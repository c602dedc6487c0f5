#!/bin/sh
# A list of a million: how long its import takes, how long an issue for it until the first copy is at the relay, how long a run that goes on
# after a kill, and how much memory each takes at the most. The list is the ledger's, then the same people in a file; the ledger is in SQLite,
# then in PostgreSQL.
# `sh benches/million.sh [PEOPLE] [TIDINGS]` needs PostgreSQL and `cargo build --release` where no program is named. Ends with 1 where
# something misses its most, and says what.
set -eu
cd "$(dirname "$0")/.."
python3 -B - "${1:-1000000}" "${2:-$PWD/target/release/tidings}" <<'PY'
import os, pathlib, re, shutil, signal, subprocess, sys, tempfile, time
sys.path.insert(0, "benches")
from relays import Clock, Postgres
people, tidings = int(sys.argv[1]), sys.argv[2]
RESUMED = 2.0 # seconds until the first copy of a run that goes on
site = pathlib.Path(tempfile.mkdtemp(prefix="million-"))
missed = []

def timed(name, *args):
    """Seconds and MiB of a whole command."""
    start = time.monotonic()
    _, status, usage = os.wait4(os.posix_spawn(tidings, [tidings, "-q", "-C", str(site), *args], os.environ), 0)
    if status:
        sys.exit(f"million: {name} ended with {os.waitstatus_to_exitcode(status)}")
    return told(name, time.monotonic() - start, usage.ru_maxrss / 1024)

def until_first(name, most_seconds=None):
    """The same of a run that is killed as soon as it has sent some copies: until the first of them."""
    relay.taken.clear()
    start = time.monotonic()
    child = subprocess.Popen([tidings, "-q", "-C", str(site), "run"])
    while len(relay.taken) < 20 and child.poll() is None:
        time.sleep(0.001)
    if not relay.taken:
        sys.exit(f"million: {name} sent nothing")
    peak = int(re.search(r"VmHWM:\s*(\d+)", pathlib.Path(f"/proc/{child.pid}/status").read_text())[1]) / 1024
    child.send_signal(signal.SIGKILL)
    child.wait()
    took = relay.taken[0] - start
    if most_seconds and took > most_seconds:
        missed.append(f"{name}: {took:.2f} s of at most {most_seconds}")
    return told(name, took, peak)

def told(name, seconds, mib):
    print(f"million: {name}: {seconds:.2f} s, {mib:.0f} MiB at the most")
    if mib > 150:
        missed.append(f"{name}: {mib:.0f} MiB of at most 150")

def settings(ledger, subscribers):
    (site / "config/tidings.yaml").write_text(
        "site: { title: 백만, url: https://example.com, timezone: Asia/Seoul }\n"
        f"newsletters: {{ weekly: {{ from: 백만 <news@example.com>, schedule: each-post, subscribers: {subscribers}, select: {{ max_age: 7300d }} }} }}\n"
        f"ledger: {ledger}\n"
        f"mail: {{ transport: smtp, smtp: {{ host: 127.0.0.1, port: {relay.port}, tls: none, connections: 4 }} }}\n")

try:
    relay = Clock()
    for folder in ("config", "posts"):
        (site / folder).mkdir()
    (site / "posts/2026-11-20-one.md").write_text("---\ntitle: 백만 명에게\n---\n" + "한 단락의 글이 여기 있습니다. " * 40 + "\n")
    with open(site / "people.csv", "w") as file:
        file.write("email,name\n")
        file.writelines(f"reader{n}@example{n % 97}.net,독자 {n}\n" for n in range(people))
    resumed = RESUMED * max(1, people / 1_000_000)
    def on(engine, ledger, empty):
        settings(ledger, "ledger")
        timed(f"{engine}: imported", "subscribers", "import", str(site / "people.csv"))
        until_first(f"{engine}: from the ledger's list, planned and the first copy sent")
        until_first(f"{engine}: the same after a kill", resumed)
        empty()
        os.link(site / "people.csv", site / "config/people.csv")
        settings(ledger, "people.csv")
        until_first(f"{engine}: from a file, planned and the first copy sent")
        until_first(f"{engine}: the same after a kill", resumed)
        (site / "config/people.csv").unlink()
    on("SQLite", "sqlite", lambda: shutil.rmtree(site / ".tidings"))
    print(f"million: SQLite: the ledger has {sum(f.stat().st_size for f in (site / '.tidings').glob('ledger*')) >> 20} MiB")
    database = Postgres()
    try:
        shutil.rmtree(site / ".tidings")
        def anew():
            database.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        on("PostgreSQL", database.url(), anew)
        print(f"million: PostgreSQL: the ledger has {int(database.run('SELECT pg_database_size(current_database())')) >> 20} MiB")
    finally:
        database.end()
finally:
    shutil.rmtree(site)
if missed:
    sys.exit("million: missed: " + "; ".join(missed))
PY
