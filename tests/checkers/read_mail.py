"""Parses a message from stdin under Python's strictest policy; prints its headers and parts as JSON, or says what is wrong."""
import email, email.policy, json, re, sys

raw = sys.stdin.buffer.read()
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
if wrong:
    sys.exit("\n".join(wrong))
parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
json.dump({"headers": {name: str(value) for name, value in message.items()}, "parts": parts}, sys.stdout)
