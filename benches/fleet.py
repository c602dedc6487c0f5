"""See fleet.sh."""
import collections, os, pathlib, random, re, shutil, signal, socket, subprocess, sys, tempfile, threading, time
from relays import Clock, Postgres, free

people, tidings = int(sys.argv[1]), sys.argv[2]
seed = int(sys.argv[3] or time.time())
chance = random.Random(seed)
WORKERS = 4
LEASE = 10
folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-"))


class Database(Postgres):
    """With a role for each worker, so that each can be shut out."""
    def __init__(self):
        super().__init__()
        for worker in range(WORKERS):
            self.run(f"CREATE ROLE worker{worker} SUPERUSER LOGIN")
    def shut_out(self, worker, seconds):
        self.run(f"ALTER ROLE worker{worker} NOLOGIN")
        self.run(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'worker{worker}'")
        threading.Timer(seconds, lambda: self.run(f"ALTER ROLE worker{worker} LOGIN")).start()


class Sink:
    """smtp-sink, which can be torn down and put up again; what it took is in its files."""
    def __init__(self, name, keeps=True):
        self.port, self.name, self.keeps, self.times = free(), name, keeps, 0
        self.start()
    def start(self):
        self.times += 1
        keep = ["-D", str(folder / f"taken-{self.name}-{self.times}")] if self.keeps else []
        user = ["-u", "root"] if os.getuid() == 0 else []
        self.process = subprocess.Popen(["smtp-sink", *user, *keep, f"127.0.0.1:{self.port}", "1024"], stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.02)
    def tear_down(self, seconds):
        self.process.kill()
        self.process.wait()
        threading.Timer(seconds, self.start).start()


class Machine:
    """A site's folder, and at most one run in it."""
    def __init__(self, number):
        self.number, self.site, self.process = number, folder / f"machine{number}", None
        for part in ("config", "posts"):
            (self.site / part).mkdir(parents=True)
        self.stopped_until = 0
    def configure(self, ports, rate=""):
        relays = ", ".join(f"{{ host: 127.0.0.1, port: {port}, tls: none, connections: 4{rate} }}" for port in ports)
        (self.site / "config/tidings.yaml").write_text(
            "site: { title: 여럿이, url: https://example.com, timezone: Asia/Seoul }\n"
            + "newsletters:\n"
            + "".join(f"  {name}: {{ from: 여럿이 <news@example.com>, schedule: manual, content: titles, subscribers: ledger, select: {{ max_age: 7300d }} }}\n" for name in AUDIENCES)
            + f"mail: {{ transport: smtp, smtp: [{relays}] }}\n"
            + f"ledger: {{ url: \"{database.url(f'worker{self.number}')}\", lease: {LEASE}s }}\n")
    def command(self, *args):
        return [tidings, "-q", "-C", str(self.site), *args]
    def start(self, *args):
        self.process = subprocess.Popen(self.command(*args), stdout=subprocess.DEVNULL, stderr=open(self.site / "stderr", "a"))
    def is_running(self):
        return self.process is not None and self.process.poll() is None


def post(name):
    text = f"---\ntitle: {name}\ndate: 2026-11-20\n---\n" + "한 단락의 글이 여기 있습니다. " * 20 + "\n"
    for machine in machines:
        (machine.site / f"posts/{name}.md").write_text(text)


def states(newsletter):
    rows = database.run(
        f"SELECT state, count(*) FROM delivery JOIN issue ON issue.id = issue WHERE newsletter = '{newsletter}' GROUP BY state")
    return dict(map(lambda line: (line.split("|")[0], int(line.split("|")[1])), rows.split("\n"))) if rows else {}


def freeze(newsletter):
    """Makes the issue; nothing is delivered, as no relay is there."""
    machines[0].configure([free()])
    subprocess.run(machines[0].command("send", "--newsletter", newsletter), stderr=subprocess.DEVNULL)


def throughput():
    for count in (1, 2, 4):
        newsletter = f"of{count}"
        freeze(newsletter)
        sink = Sink(newsletter, keeps=False)
        for machine in machines[:count]:
            machine.configure([sink.port])
        start = time.monotonic()
        for machine in machines[:count]:
            machine.start("send", "--newsletter", newsletter)
        for machine in machines[:count]:
            machine.process.wait()
        took = time.monotonic() - start
        if states(newsletter) != {"sent": AUDIENCES[newsletter]}:
            sys.exit(f"fleet: {newsletter}: {states(newsletter)}")
        print(f"fleet: {count} worker{'s' if count > 1 else ''}: {AUDIENCES[newsletter] / took:,.0f} messages/s", flush=True)
        sink.process.kill()


def rate():
    limit, clock = 400, Clock()
    freeze("rate")
    for machine in machines:
        machine.configure([clock.port], f", rate: {limit}/s")
        machine.start("send", "--newsletter", "rate")
    for machine in machines:
        machine.process.wait()
    times = sorted(clock.taken)
    most, first = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    whole = (len(times) - 1) / (times[-1] - times[0])
    print(f"fleet: a rate of {limit}/s for {WORKERS} workers: {whole:.1f}/s in the whole, at most {most} arrived in a second", flush=True)
    # They leave evenly; on their way some catch up with those before them.
    if len(times) != AUDIENCES["rate"] or whole > limit * 1.001 or most > limit * 1.05:
        sys.exit("fleet: the rate did not hold")


def faults():
    freeze("all")
    sinks = [Sink(f"of-machine{number}") for number in range(WORKERS)]
    common = Sink("common")
    for machine, sink in zip(machines, sinks):
        machine.configure([sink.port, common.port])
    told = collections.Counter()
    start, has_restarted = time.monotonic(), False
    while True:
        counts = states("all")
        left = sum(counts.get(state, 0) for state in ("planned", "sending", "deferred"))
        if left == 0:
            break
        if time.monotonic() - start > 900:
            sys.exit(f"fleet: seed {seed}: not done after 15 minutes: {counts}")
        now = time.monotonic()
        for machine in machines:
            if machine.stopped_until and now > machine.stopped_until:
                machine.process.send_signal(signal.SIGCONT)
                machine.stopped_until = 0
            # As cron would.
            if not machine.is_running():
                machine.stopped_until = 0
                machine.start("send", "--newsletter", "all")
        # The longer it takes the fewer faults there are: it comes to an end.
        if chance.random() < min(0.9, left / people * 2):
            machine = chance.choice(machines)
            fault = chance.choice(["killed", "killed", "stopped past its lease", "cut off from the database", "cut off from its relay"])
            if fault == "killed":
                machine.process.kill()
                machine.process.wait()
            elif fault == "stopped past its lease" and not machine.stopped_until:
                machine.process.send_signal(signal.SIGSTOP)
                machine.stopped_until = now + LEASE * chance.uniform(1.1, 1.6)
            elif fault == "cut off from the database":
                database.shut_out(machine.number, chance.uniform(0.5, LEASE * 1.5))
            elif fault == "cut off from its relay" and sinks[machine.number].process.poll() is None:
                sinks[machine.number].tear_down(chance.uniform(0.1, 3))
            told[fault] += 1
        if not has_restarted and left < people * 0.6:
            has_restarted = True
            database.restart()
            told["the database restarted"] += 1
        time.sleep(chance.uniform(0.2, 1.2))
    for machine in machines:
        if machine.is_running():
            machine.process.send_signal(signal.SIGCONT)
    for machine in machines:
        if machine.process:
            machine.process.wait()
    time.sleep(4)
    for sink in [*sinks, common]:
        sink.process.terminate()
        sink.process.wait()
    counts, took = states("all"), time.monotonic() - start
    got = collections.Counter()
    for taken in folder.glob("taken-*"):
        with open(taken, "rb") as file:
            got.update(re.findall(rb"^X-Rcpt-Args: <(reader\d+)@", file.read(), re.M))
    rows = database.run("SELECT email, state FROM delivery JOIN issue ON issue.id = issue WHERE newsletter = 'all'").split("\n")
    state_of = {row.split("@")[0].encode(): row.split("|")[1] for row in rows}
    twice = [who for who, copies in got.items() if copies > 1]
    missed = [who for who, state in state_of.items() if state == "sent" and who not in got]
    unknown = [who for who in got if state_of.get(who) not in ("sent", "in_doubt")]
    print(f"fleet: {people:,} people, four workers in {took:.0f} s: {counts}; " + ", ".join(f"{count} {fault}" for fault, count in told.items()), flush=True)
    arrived = sum(1 for who in got if state_of.get(who) == "in_doubt")
    print(f"fleet: of those in doubt {arrived} have arrived; got two copies: {len(twice)}; counted as sent and got none: {len(missed)}; got one and are counted otherwise: {len(unknown)}")
    if twice or missed or unknown or sum(counts.values()) != people or set(counts) - {"sent", "in_doubt"}:
        sys.exit(f"fleet: seed {seed}: not everybody got one copy")


AUDIENCES = {"of1": people // 5, "of2": people // 5, "of4": people // 5, "rate": min(4000, people), "all": people}
database = Database()
try:
    machines = [Machine(number) for number in range(WORKERS)]
    machines[0].configure([1])
    post("하나")
    for name, count in AUDIENCES.items():
        people_file = folder / "people.csv"
        people_file.write_text("email,name\n" + "".join(f"reader{n}@example{n % 97}.net,독자 {n}\n" for n in range(count)))
        subprocess.run(machines[0].command("subscribers", "import", "--newsletter", name, str(people_file)), check=True)
    # They have one secret.
    for machine in machines[1:]:
        (machine.site / ".tidings").mkdir()
        shutil.copy(machines[0].site / ".tidings/secret", machine.site / ".tidings/secret")
    throughput()
    rate()
    faults()
finally:
    for machine in machines:
        if machine.is_running():
            machine.process.send_signal(signal.SIGCONT)
            machine.process.kill()
    database.end()
    shutil.rmtree(folder, ignore_errors=True)
