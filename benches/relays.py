"""Servers on this machine for the time that a benchmark needs them: each is a context that gives its port. And a quiet moment."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
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
