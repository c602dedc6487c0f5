"""Servers on this machine for the time that a benchmark needs them: each is a context that gives its port."""

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
