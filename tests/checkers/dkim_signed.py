"""Verifies every message in a folder: both signatures hold, also when its fields are folded anew; none when a signed field is changed,
taken away, or put in once more. Usage: dkim_signed.py RECORDS FOLDER, where RECORDS has lines `NAME. IN TXT "…" "…"`."""
import pathlib
import re
import sys

import dkim

records = {}
for line in open(sys.argv[1], encoding="ascii"):
    if " IN TXT " in line:
        name, text = line.split(" IN TXT ")
        records[name.encode()] = "".join(re.findall(r'"([^"]*)"', text)).encode()


def dns(name, timeout=5):
    return records.get(name.rstrip(b".") + b".")


def holding(message):
    """How many signatures hold."""
    count = message.lower().count(b"\r\ndkim-signature:") + message.lower().startswith(b"dkim-signature:")
    assert count == 2, f"{count} signatures"
    return sum(verify(message, index) for index in range(count))


def verify(message, index):
    try:
        return dkim.DKIM(message).verify(idx=index, dnsfunc=dns)
    except dkim.DKIMException:
        return False


def refolded(message):
    head, body = message.split(b"\r\n\r\n", 1)
    fields = re.split(rb"\r\n(?![ \t])", head)
    folded = [re.sub(rb" (?=[^ ])", b"\r\n\t ", re.sub(rb"\r\n[ \t]+", b" ", field)) for field in fields]
    return b"\r\n".join(folded) + b"\r\n\r\n" + body


checked = 0
for path in sorted(pathlib.Path(sys.argv[2]).iterdir()):
    message = path.read_bytes().replace(b"\n", b"\r\n")
    where = path.name
    assert holding(message) == 2, f"{where}: a signature does not hold"
    assert holding(refolded(message)) == 2, f"{where}: folding breaks a signature"
    for name, old, new in [
        ("List-Unsubscribe-Post changed", b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Clicks"),
        ("List-Unsubscribe-Post taken away", b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        ("a second From", b"\r\nFrom:", b"\r\nFrom: b@example.com\r\nFrom:"),
        ("a Cc put in", b"\r\nFrom:", b"\r\nCc: b@example.com\r\nFrom:"),
        ("the body's last line changed", b"--\r\n", b"-- \r\nx\r\n"),
    ]:
        assert old in message, f"{where}: nothing to try {name} on"
        changed = message.replace(old, new, 1) if "body" not in name else message[: -len(old)] + new
        assert holding(changed) == 0, f"{where}: {name}, and a signature holds"
    checked += 1
print(f"{checked} messages, two signatures each")
