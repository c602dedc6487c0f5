"""What lies in object storage after publications that go well, are cut off, or meet another: `store.py TIDINGS`.

The server is moto's, which keeps buckets in memory and answers as S3 does, conditions included."""
import json, logging, os, random, re, shutil, signal, socket, subprocess, sys, tempfile, time
import xml.etree.ElementTree as tree

import boto3
from moto.server import ThreadedMotoServer

PROGRAM, BUCKET, PREFIX = os.path.realpath(sys.argv[1]), "readers", "blog"
SITE = "https://example.com/blog/"
TAGS, POSTS = 1080, 2200


def fail(why):
    sys.exit(f"store: {why}")


def free():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Puts:
    """Counts what is asked of the server, as a proxy of its WSGI program."""

    def __init__(self, app):
        self.app, self.seen = app, []

    def __call__(self, environ, start):
        self.seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return self.app(environ, start)


port = free()
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
server.start()
puts = Puts(server._server.app)
server._server.app = puts
ENV = {
    **os.environ, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ALLOW_HTTP": "true",
}
s3 = boto3.client("s3", endpoint_url=ENV["AWS_ENDPOINT_URL"], aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1")
s3.create_bucket(Bucket=BUCKET)
site = tempfile.mkdtemp(prefix="store-")


def post(n, words):
    with open(f"{site}/posts/2026-{1 + n % 11:02}-{1 + n // 11 % 28:02}-p{n}.md", "w") as file:
        file.write(f"---\ntitle: Post {n}\ntags: [t{n % TAGS}{', 한글' if n == 5 else ''}]\n---\n{words}\n")


def run(*args, **more):
    return subprocess.run([PROGRAM, "-C", site, "--now", "2026-12-20T09:00:00Z", *args], env=ENV, capture_output=True, text=True, **more)


def objects():
    """Every object below the prefix, with its bytes' ETag."""
    found, token = {}, {}
    while True:
        page = s3.list_objects_v2(Bucket=BUCKET, Prefix=PREFIX + "/", **token)
        found.update({one["Key"][len(PREFIX) + 1:]: one["ETag"] for one in page.get("Contents", [])})
        if not page["IsTruncated"]:
            return found
        token = {"ContinuationToken": page["NextContinuationToken"]}


def read(path):
    return s3.get_object(Bucket=BUCKET, Key=f"{PREFIX}/{path}")["Body"].read()


def whole(there):
    """Each document that a reader subscribes to is whole, and what it leads to inside the storage is there."""
    for path in [p for p in ("rss.xml", "atom.xml", "feed.json") if p in there]:
        text = read(path).decode()
        json.loads(text) if path.endswith("json") else tree.fromstring(text)
        for link in set(re.findall(rf"{re.escape(SITE)}([\w./-]+\.(?:xml|json|html))", text)):
            if link not in there and link != path:
                fail(f"{path} leads to {link}, which is not there")


def expect(told, code=0):
    if told.returncode != code:
        fail(f"ended with {told.returncode}: {told.stderr}")
    return told.stderr


os.makedirs(site + "/config"), os.makedirs(site + "/posts")
with open(site + "/config/tidings.yaml", "w") as file:
    file.write(f"site: {{ title: Store, url: \"{SITE}\" }}\nfeeds: {{ by: [tag], archive: 200, content: summary }}\npublish: s3://{BUCKET}/{PREFIX}\n")
for n in range(POSTS):
    post(n, f"Words of post {n}.")

began = time.time()
expect(run("build"))
first = objects()
took = time.time() - began
if len(first) < 9000:
    fail(f"{len(first)} objects")
whole(first)
if b"Post 5" not in read("tags/한글/rss.xml"):
    fail("a name in Hangul does not lie where its address says")
about = s3.head_object(Bucket=BUCKET, Key=f"{PREFIX}/atom.xml.br")
if (about["ContentType"], about["ContentEncoding"], about["CacheControl"]) != ("application/atom+xml; charset=utf-8", "br", "public, max-age=300"):
    fail(f"headers: {about}")

# Nothing has changed: nobody is asked.
puts.seen.clear()
expect(run("build"))
if puts.seen:
    fail(f"asked for nothing: {puts.seen[:3]}")

# One post changes: what holds it, and nothing else.
post(7, "Other words.")
expect(run("build"))
put = [path for method, path in puts.seen if method == "PUT"]
second = objects()
changed = {path for path in second if second[path] != first.get(path)}
if len(put) != len(changed - {"tidings-manifest.json"}) + 2 or len(put) > 60 or set(second) != set(first):
    fail(f"{len(put)} objects put, {len(changed)} changed")

# Killed at any moment, over and over, while posts come and go.
chance = random.Random(7)
kills = 0
for turn in range(8):
    for n in chance.sample(range(POSTS), 20):
        post(n, f"Turn {turn}.")
    gone = f"{site}/posts/2026-{1 + turn % 11:02}-{1 + turn // 11 % 28:02}-p{turn}.md"
    if os.path.exists(gone):
        os.remove(gone)
    child = subprocess.Popen([PROGRAM, "-C", site, "--now", "2026-12-20T09:00:00Z", "build"], env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(0.02, 1.2))
    if child.poll() is None:
        child.send_signal(signal.SIGKILL)
        kills += 1
    child.wait()
    whole(objects())
expect(run("build"))
last = objects()
whole(last)
manifest = json.loads(read("tidings-manifest.json"))
if set(manifest) | {"tidings-manifest.json"} != set(last) or "" in manifest.values():
    fail("what lies there is not what the manifest says")

# Two at once, from two machines: one goes first, and the other is told to try again.
other = tempfile.mkdtemp(prefix="store-")
shutil.copytree(site, other, dirs_exist_ok=True)
for folder in (site, other):
    for n in range(60):
        with open(f"{folder}/posts/2026-05-05-x{n}.md", "w") as file:
            file.write(f"---\ntitle: X{n}\n---\n{'here' if folder == site else 'there'}\n")
both = [subprocess.Popen([PROGRAM, "-C", folder, "--now", "2026-12-20T09:00:00Z", "build"], env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for folder in (site, other)]
codes = sorted(child.wait() for child in both)
if codes not in ([0, 75], [0, 0]):
    fail(f"two at once ended with {codes}: {[child.stderr.read() for child in both]}")
expect(run("build"))
whole(objects())

# Credentials that are refused, a server that is away: told, and nothing is lost.
server.stop()
post(3, "Nobody listens.")
told = run("build")
if told.returncode == 0 or "storage" not in told.stderr or "secret" in told.stderr:
    fail(f"a server that is away: {told.returncode} {told.stderr}")
shutil.rmtree(site), shutil.rmtree(other)
print(f"store: {len(first)} objects in {took:.1f} s; one post changed, {len(put)} put; {kills} publications killed, each time whole; two at once {codes}")
