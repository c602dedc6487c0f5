#!/bin/sh
# 100,000 sign-ups of strangers by one network, as fast as wrk can send them over 256 connections: the server stays up and answers others,
# its memory stays bounded, and no more letters are written than the network may cause.
# `sh benches/flood.sh [TIDINGS]` needs wrk, and `cargo build --release` where no program is named.
set -eu
cd "$(dirname "$0")/.."
python3 -B - "${1:-$PWD/target/release/tidings}" <<'PY'
import pathlib, re, shutil, subprocess, sys, tempfile, urllib.request
sys.path.insert(0, "benches")
from relays import free, serving
tidings, site = sys.argv[1], pathlib.Path(tempfile.mkdtemp())
WANTED, MOST, LETTERS = 100_000, 160, 20 # sign-ups, MiB, letters

def peak():
    status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) / 1024

try:
    for folder in ("config", "posts"):
        (site / folder).mkdir()
    port = free()
    (site / "config/secret").write_text("not a secret, but long enough\n")
    (site / "config/tidings.yaml").write_text(
        "site: { title: 홍수, url: https://example.com, timezone: Asia/Seoul }\n"
        "newsletters: { weekly: { from: news@example.com, subscribers: ledger } }\n"
        f"server: {{ url: https://news.example.com, secret_file: secret, listen: 127.0.0.1:{port} }}\n")
    # Each of them says to be another address of one network, by way of a proxy.
    (site / "flood.lua").write_text("""
local n = 0
request = function()
    n = n + 1
    local from = "203.0.113." .. math.random(1, 254)
    local form = "consent=yes&email=stranger" .. math.random(1, 1e9) .. "%40example.net"
    return wrk.format("POST", "/subscribe/weekly", { ["Content-Type"] = "application/x-www-form-urlencoded", ["X-Forwarded-For"] = from }, form)
end
""")
    sent = taken = 0
    with serving(port, tidings, "-q", "-C", site, "serve"):
        from relays import servers
        server = servers[-1]
        while sent < WANTED:
            said = subprocess.run(["wrk", "-t2", "-c256", "-d5s", "--timeout", "10s", "-s", site / "flood.lua", f"http://127.0.0.1:{port}"],
                                  check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
            asked = int(re.search(r"(\d+) requests in", said)[1])
            refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
            broken = re.search(r"Socket errors: (.*)", said)
            if not asked or broken:
                sys.exit(f"flood: {said}")
            sent, taken = sent + asked, taken + asked - int(refused[1] if refused else 0)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/subscribe/weekly", timeout=5) as answer:
            page = answer.read().decode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            answer.read()
        memory = peak()
    letters = len(list((site / ".tidings/outbox/new").glob("*"))) if (site / ".tidings/outbox/new").is_dir() else 0
    print(f"flood: {sent} sign-ups of strangers by one network: {taken} taken, {letters} letters, {memory:.0f} MiB at the most", flush=True)
    missed = [what for what, holds in (("memory", memory < MOST), ("letters", letters <= LETTERS and taken <= LETTERS), ("the page", "<form" in page)) if not holds]
    sys.exit("flood: missed: " + "; ".join(missed) if missed else 0)
finally:
    shutil.rmtree(site, ignore_errors=True)
PY
