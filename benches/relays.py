"""Servers on this machine for the time that a benchmark needs them: each is a context that gives its port. And a quiet moment."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

servers = []


def free():
    """A port that nobody listens on: smtp-sink would share one with another that was forgotten."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def serving(port, *command):
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    servers.append(server)
    try:
        for _ in range(500):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.01)
        else:
            raise TimeoutError(f"{command[0]} does not answer")
        yield port
    finally:
        servers.remove(server)
        server.terminate()
        server.wait()


def sink(*options):
    """Postfix's smtp-sink."""
    port = free()
    user = ("-u", "nobody") if os.getuid() == 0 else ()
    return serving(port, "smtp-sink", *user, *options, f"127.0.0.1:{port}", "512")


def late(server, milliseconds):
    """A line to `server`, whose answers come so much later."""
    port = free()
    line = pathlib.Path(__file__).with_name("delay.py")
    return serving(port, sys.executable, str(line), str(port), str(server), str(milliseconds))


class Clock:
    """A relay that says yes to everything, and notes when it took each message."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.taken = self.listener.getsockname()[1], []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            threading.Thread(target=self.talk, args=(self.listener.accept()[0],), daemon=True).start()

    def talk(self, line):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        file = line.makefile("rwb")
        say = lambda words: (file.write(words + b"\r\n"), file.flush())
        say(b"220 relay")
        with contextlib.suppress(OSError):
            for said in file:
                if said[:4].upper() == b"DATA":
                    say(b"354 go")
                    while file.readline() not in (b".\r\n", b""):
                        pass
                    self.taken.append(time.monotonic())
                say(b"250 relay" if said[:4].upper() != b"QUIT" else b"221 bye")


class Postgres:
    """A server with its defaults, which waits for its disk, for as long as it is needed. It may be restarted."""

    def __init__(self):
        self.folder, self.port = tempfile.mkdtemp(prefix="postgres-"), free()
        self.server = subprocess.Popen(["sh", "tests/postgres.sh", "serve", *self.words()], stdin=subprocess.PIPE)
        self.run("SELECT 1")

    def words(self):
        return [self.folder, str(self.port), "-c", "fsync=on"]

    def url(self, role="postgres"):
        return f"postgres://{role}@127.0.0.1:{self.port}/postgres"

    def run(self, sql):
        """What a statement says; while the server comes up it is waited for."""
        for _ in range(600):
            said = subprocess.run(["psql", "-qAtc", sql, self.url()], capture_output=True, text=True)
            if said.returncode == 0:
                return said.stdout.strip()
            if self.server.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit(f"{sql}: {said.stderr}")

    def restart(self):
        subprocess.run(["sh", "tests/postgres.sh", "restart", *self.words()], check=True)

    def end(self):
        self.server.stdin.close()
        self.server.wait()


def others():
    """Seconds of processors that have gone to what is not this benchmark: not this process, its ended children and its servers."""
    tick = os.sysconf("SC_CLK_TCK")
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq = map(int, stat.readline().split()[1:8])
    used = (user + nice + system + irq + softirq) / tick - sum(os.times()[:4])
    for server in servers:
        with open(f"/proc/{server.pid}/stat") as stat:
            used -= sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) / tick
    return used


def quiet(longest=5):
    """Waits until nothing else is at work here, but not for long."""
    until = time.monotonic() + longest
    before = others()
    while time.monotonic() < until:
        time.sleep(0.3)
        now = others()
        if now - before < 0.06:
            return
        before = now
