"""Parses messages under Python's strictest policy and says what is wrong. One from stdin is printed as JSON, its headers and its parts;
of a folder's files, each is only looked at."""
import email, email.policy, json, pathlib, re, sys


def read(raw):
    wrong = []
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        wrong.append("a line does not end in CRLF")
    if any(len(line) > 998 for line in raw.split(b"\r\n")):
        wrong.append("a line is longer than 998 octets")
    message = email.message_from_bytes(raw, policy=email.policy.strict)
    for part in message.walk():
        wrong += [repr(defect) for defect in part.defects]
        for name, value in part.items():
            wrong += [f"{name}: {defect!r}" for defect in getattr(value, "defects", ())]
    for name in set(message.keys()):
        if len(message.get_all(name)) != 1:
            wrong.append(f"{name} stands {len(message.get_all(name))} times")
    head = raw.split(b"\r\n\r\n", 1)[0]
    if any(byte > 126 for byte in head):
        wrong.append("a header is not ASCII")
    parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
    if list(parts) != ["text/plain", "text/html"]:
        wrong.append(f"the parts are {list(parts)}")
    return message, parts, wrong


if len(sys.argv) > 1:
    files = sorted(pathlib.Path(sys.argv[1]).iterdir())
    # A Maildir has the system's line ends, the wire its own.
    found = [f"{path.name}: {what}" for path in files for what in read(path.read_bytes().replace(b"\n", b"\r\n"))[2]]
    sys.exit("\n".join(found) if files and found else None if files else "there is no message")
message, parts, wrong = read(sys.stdin.buffer.read())
if wrong:
    sys.exit("\n".join(wrong))
json.dump({"headers": {name: str(value) for name, value in message.items()}, "parts": parts}, sys.stdout)
