#!/usr/bin/env python3
"""Signs what tests/fixtures/webhooks holds, as the providers would. Standard library, and `openssl` for the keys.

webhook_sign.py mailgun KEY [TIMESTAMP [TOKEN]] < payload     prints the payload, signed (with these instead of its own)
webhook_sign.py sendgrid PRIVATE_KEY_PEM TIMESTAMP < body     prints the signature, the value of X-Twilio-Email-Event-Webhook-Signature
webhook_sign.py sns PRIVATE_KEY_PEM [1|2] < envelope          prints the envelope, signed (SignatureVersion 2 unless told otherwise)
webhook_sign.py public PRIVATE_KEY_PEM                        prints the public key as SendGrid shows it: DER in base64
"""
import base64, hashlib, hmac, json, subprocess, sys

# What SNS signs, in this order; `Subject` only where there is one, the URL and the token only in confirmations.
SNS_FIELDS = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
SNS_FIELDS["UnsubscribeConfirmation"] = SNS_FIELDS["SubscriptionConfirmation"]
SNS_HASHES = {"1": "-sha1", "2": "-sha256"}


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *arguments], input=data, stdout=subprocess.PIPE, check=True).stdout


def signature(private_key, data, digest="-sha256"):
    """RSA: PKCS #1 v1.5; ECDSA: the two numbers in DER. In base64, on one line."""
    return base64.b64encode(openssl("dgst", digest, "-sign", private_key, data=data)).decode()


def mailgun(payload, key, timestamp=None, token=None):
    signed = payload["signature"]
    signed["timestamp"] = timestamp or signed["timestamp"]
    signed["token"] = token or signed["token"]
    text = f"{signed['timestamp']}{signed['token']}"
    signed["signature"] = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return payload


def sendgrid(body, private_key, timestamp):
    return signature(private_key, timestamp.encode() + body)


def sns_text(envelope):
    fields = (field for field in SNS_FIELDS[envelope["Type"]] if envelope.get(field) is not None)
    return "".join(f"{field}\n{envelope[field]}\n" for field in fields)


def sns(envelope, private_key, version="2"):
    text = sns_text(envelope).encode()
    return envelope | {"SignatureVersion": version, "Signature": signature(private_key, text, SNS_HASHES[version])}


def public(private_key):
    return base64.b64encode(openssl("pkey", "-in", private_key, "-pubout", "-outform", "DER")).decode()


def show(value):
    sys.stdout.buffer.write((json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())


def main():
    match sys.argv[1:]:
        case ["mailgun", key, *more] if len(more) <= 2:
            show(mailgun(json.load(sys.stdin.buffer), key, *more))
        case ["sendgrid", private_key, timestamp]:
            print(sendgrid(sys.stdin.buffer.read(), private_key, timestamp))
        case ["sns", private_key, *more] if len(more) <= 1 and set(more) <= set(SNS_HASHES):
            show(sns(json.load(sys.stdin.buffer), private_key, *more))
        case ["public", private_key]:
            print(public(private_key))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
