"""Makes broken posts out of good ones: python3 mutate.py FROM_DIR TO_DIR COUNT SEED [ENDING]

Each file is a post of FROM_DIR with bytes dropped, doubled, swapped, replaced, or pieces of other posts put in.
"""

import pathlib
import random
import sys

source, target, count, seed = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
files = [path.read_bytes() for path in sorted(source.rglob("*")) if path.suffix in (".md", ".markdown", ".mdx", ".html")]
files = [data for data in files if len(data) < 20000]
random = random.Random(seed)
TOKENS = [b"---\n", b"+++\n", b"```\n", b"**", b"*", b"_", b"[", b"](", b"![", b"{:", b"{::", b"}", b"{{", b"}}", b"{%", b"%}", b"{{<", b">}}", b"<div", b">", b"</div>", b"<", b"|", b"\n|---|\n", b"$$", b"`", b"\\", b"[^1]", b"[^1]: ", b"\n: ", b"    ", b"\t", b"\n\n", b"&#", b";", b"\xff", b"\x00", b"\xef\xbb\xbf", b"\xea\xb0\x80", b"'", b'"', b"...", b"--", b"<!--", b"-->", b"1. ", b"- ", b"> ", b"# ", b"~~", b"{% raw %}", b"{% for x in y %}", b"{% end %}", b"(((", b"\r"]
target.mkdir(parents=True, exist_ok=True)
for number in range(count):
    data = bytearray(random.choice(files))
    for _ in range(random.choice((1, 2, 5, 20))):
        at = random.randrange(len(data) + 1)
        length = random.choice((1, 1, 2, 4, 16, 200))
        kind = random.randrange(6)
        if kind == 0:
            del data[at : at + length]
        elif kind == 1:
            data[at:at] = data[at : at + length] * random.choice((1, 2, 30))
        elif kind == 2:
            data[at:at] = random.choice(TOKENS) * random.choice((1, 1, 3, 50))
        elif kind == 3 and data:
            data[at % len(data)] = random.randrange(256)
        elif kind == 4:
            other = random.choice(files)
            start = random.randrange(len(other) + 1)
            data[at:at] = other[start : start + length * 4]
        else:
            data[at:at] = random.choice(TOKENS)
    day = f"{2000 + number // 3650 % 25}-{number // 300 % 12 + 1:02}-{number % 28 + 1:02}"
    (target / f"{day}-m{number}.md").write_bytes(bytes(data))
