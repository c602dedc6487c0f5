#!/bin/sh
# How fast feeds are served, beside nginx with the same files on the same machine, both asked by wrk in turn: the whole feed, and with the
# tag that the asker has (304). Needs wrk, nginx and `cargo build --release`. Ends with 1 where something misses its least, and says what.
set -eu
cd "$(dirname "$0")/.."
python3 -B - "$PWD" <<'PY'
import pathlib, re, shutil, socket, subprocess, sys, tempfile, time, urllib.request
sys.path.insert(0, "benches")
from relays import quiet
root = pathlib.Path(sys.argv[1])
site = pathlib.Path(tempfile.mkdtemp())

def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]

def wrk(where, *headers):
    """Answers a second, and the time in which 99 of 100 come."""
    asked = [part for header in headers for part in ("-H", header)]
    said = subprocess.run(["wrk", "-t1", "-c64", "-d4s", "--latency", *asked, where], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    if "Non-2xx" in said and "If-None-Match" not in "".join(headers):
        sys.exit("serve: " + said)
    return float(re.search(r"Requests/sec: *([\d.]+)", said)[1]), re.search(r"99% *(\S+)", said)[1]

try:
    for folder in ("config", "posts", "nginx"):
        (site / folder).mkdir()
    for n in range(20):
        text = "문단 하나에 두 나라 말이 있다 and goes on for a while.\n\n" * 30
        (site / f"posts/2024-01-{n + 1:02}-post-{n}.md").write_text(f"---\ntitle: 글 {n}\n---\n\n{text}")
    (site / "config/tidings.yaml").write_text("site: { title: 속도, url: https://example.com, timezone: Asia/Seoul }\n")
    ours, theirs = port(), port()
    server = subprocess.Popen([root / "target/release/tidings", "-q", "-C", site, "serve", "--listen", f"127.0.0.1:{ours}"])
    (site / "nginx.conf").write_text(
        "worker_processes auto; daemon off; pid nginx.pid; error_log stderr crit;\nevents { worker_connections 1024; }\n"
        "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; types { application/rss+xml xml; }\n"
        "  client_body_temp_path nginx; proxy_temp_path nginx; fastcgi_temp_path nginx; uwsgi_temp_path nginx; scgi_temp_path nginx;\n"
        f"  server {{ listen 127.0.0.1:{theirs}; root {site}/public; expires 5m; }} }}\n")
    site.chmod(0o755)
    nginx = subprocess.Popen(["nginx", "-p", site, "-c", site / "nginx.conf"])
    tags = {}
    for where in (ours, theirs):
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{where}/rss.xml") as answer:
                    tags[where], size = answer.headers["ETag"], len(answer.read())
                    break
            except OSError:
                time.sleep(0.1)
    failed = []
    # A machine with other work takes more from one than from the other.
    for name, least, header in (("whole feeds", 0.5 * 0.8, None), ("304", 1 * 0.8, "If-None-Match: ")):
        best = (0, "")
        for _ in range(3):
            quiet()
            asks = [[header + tags[where]] if header else [] for where in (ours, theirs)]
            (mine, late), (nginxs, _) = (wrk(f"http://127.0.0.1:{where}/rss.xml", *ask) for where, ask in zip((ours, theirs), asks))
            best = max(best, (mine / nginxs, f"{mine:.0f}/s, nginx {nginxs:.0f}/s: {mine / nginxs:.2f}; 99 of 100 within {late}"))
            if best[0] >= least:
                break
        print(f"serve: {name} of {size >> 10} KiB, 64 connections: {best[1]}", flush=True)
        if best[0] < least:
            failed.append(name)
    sys.exit("serve: missed: " + "; ".join(failed) if failed else 0)
finally:
    for process in (server, nginx):
        process.terminate()
    shutil.rmtree(site, ignore_errors=True)
PY
