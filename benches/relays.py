"""Servers on this machine for the time that a benchmark needs them: each is a context that gives its port. And a quiet moment."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import time


def free():
    """A port that nobody listens on: smtp-sink would share one with another that was forgotten."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def serving(port, *command):
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(500):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.01)
        else:
            raise TimeoutError(f"{command[0]} does not answer")
        yield port
    finally:
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


def quiet(longest=15):
    """Waits until nothing else is at work here, but not for long: what compiles beside a run takes more from us, on two cores, than
    from a peer with one."""
    def spent():
        with open("/proc/stat") as stat:
            times = [int(ticks) for ticks in stat.readline().split()[1:9]]
        return sum(times), times[3] + times[4]

    if not os.path.exists("/proc/stat"):
        return
    until = time.monotonic() + longest
    while time.monotonic() < until:
        all_before, idle_before = spent()
        time.sleep(0.3)
        all_after, idle_after = spent()
        if idle_after - idle_before > 0.85 * (all_after - all_before):
            return
