"""What tests/postfix.sh has Python do: find free ports, configure the servers and see that they hold what they promise, read what came
back and whom a ledger suppresses."""
import email, email.policy, imaplib, json, pathlib, pwd, random, smtplib, socket, sqlite3, ssl, string, sys, time

# A domain for each fate. What is full is tried for four seconds, and told of as late after one.
MAIN_CF = """
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
maillog_file = $folder/postfix.log
maillog_file_prefixes = $folder
myhostname = mx.example.com
mydestination =
local_recipient_maps =
alias_maps =
notify_classes =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = $folder/localhost.pem
smtpd_tls_key_file = $folder/localhost.key
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_error_sleep_time = 0
transport_maps = inline:{ { ok.test = discard: }, { dead.test = smtp:[127.0.0.1]:$dead },
    { full.test = smtp:[127.0.0.1]:$full }, { policy.test = smtp:[127.0.0.1]:$policy } }
virtual_mailbox_domains = example.com, away.test
virtual_mailbox_base = $folder/mailboxes
virtual_mailbox_maps = inline:{ bounce@example.com=bounces/, reader@away.test=away/ }
virtual_uid_maps = static:$uid
virtual_gid_maps = static:$gid
recipient_delimiter = +
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
delay_warning_time = 1s
maximal_queue_lifetime = 4s
bounce_queue_lifetime = 4s
"""
MASTER_CF = """
127.0.0.1:$starttls inet n - n - - smtpd -o syslog_name=postfix/starttls
127.0.0.1:$implicit inet n - n - - smtpd -o syslog_name=postfix/implicit -o smtpd_tls_wrappermode=yes
pickup unix n - n 1 1 pickup
qmgr unix n - n 1 1 qmgr
cleanup unix n - n - 0 cleanup
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
rewrite unix - - n - - trivial-rewrite
retry unix - - n - - error
tlsmgr unix - - n - 1 tlsmgr
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
""" + "".join(f"{name} unix - - n - - {name}\n" for name in ("proxymap", "smtp", "discard", "error"))
# The mailbox of each user, and AUTH for Postfix; a wrong password is refused without a pause.
DOVECOT_CONF = """
base_dir = $folder/dovecot
state_dir = $folder/dovecot
log_path = $folder/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <$folder/localhost.pem
ssl_key = <$folder/localhost.key
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:$folder/mailboxes/%u
passdb {
    driver = static
    args = password=geheim
}
userdb {
    driver = static
    args = uid=$uid gid=$gid home=$folder/mailboxes/%u
}
service auth {
    unix_listener $folder/queue/private/auth {
        user = postfix
        mode = 0600
    }
}
service anvil {
    unix_listener anvil-auth-penalty {
        mode = 0
    }
}
service imap-login {
    inet_listener imap {
        port = $imap
    }
    inet_listener imaps {
        port = $imaps
        ssl = yes
    }
}
"""


def must(holds, what):
    if not holds:
        sys.exit(f"postfix: {what}")


def refused(kind, command, *args, **named):
    try:
        command(*args, **named)
    except kind:
        return True
    return False


def ports(*names):
    """A free port for each name, below those that the system gives to clients."""
    left = list(names)
    for port in random.sample(range(10000, 32000), 1000):
        with socket.socket() as probe:
            if left and probe.connect_ex(("127.0.0.1", port)):
                print(f"{left.pop()}={port}")


def configure(folder, *settings):
    """Writes what Postfix and Dovecot are started with."""
    folder, nobody = pathlib.Path(folder), pwd.getpwnam("nobody")
    settings = dict(setting.split("=") for setting in settings) | {"folder": folder, "uid": nobody.pw_uid, "gid": nobody.pw_gid}
    (folder / "postfix").mkdir()
    for path, text in ("postfix/main.cf", MAIN_CF), ("postfix/master.cf", MASTER_CF), ("dovecot.conf", DOVECOT_CONF):
        (folder / path).write_text(string.Template(text.lstrip()).substitute(settings))


def listening(port):
    for _ in range(150):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
    must(False, f"nothing listens on port {port}")


def servers(ca, **port):
    """They ask for what tidings must bring, and nobody knows our CA but through its file."""
    known, unknown, untrusted = ssl.create_default_context(cafile=ca), ssl.create_default_context(), ssl.SSLCertVerificationError
    for number in port.values():
        listening(number)
    with smtplib.SMTP("localhost", port["starttls"]) as relay:
        relay.ehlo()
        must(not relay.has_extn("auth"), "AUTH is offered without TLS")
        must(relay.mail("news@example.com")[0] == 530, "MAIL is taken without TLS")
        relay.starttls(context=known)
        relay.ehlo()
        must(relay.has_extn("auth"), "AUTH is not offered over TLS")
        relay.mail("news@example.com")
        must(relay.rcpt("reader@ok.test")[0] == 554, "RCPT is taken without AUTH")
        relay.rset()
        must(refused(smtplib.SMTPAuthenticationError, relay.login, "probe", "falsch"), "a wrong password is taken")
        relay.login("probe", "geheim")
    with smtplib.SMTP_SSL("localhost", port["implicit"], context=known) as relay:
        relay.login("probe", "geheim")
    with smtplib.SMTP("localhost", port["starttls"]) as relay:
        must(refused(untrusted, relay.starttls, context=unknown), "the system knows our CA")
    must(refused(untrusted, smtplib.SMTP_SSL, "127.0.0.1", port["implicit"], context=known), "the certificate is one for 127.0.0.1")
    with imaplib.IMAP4_SSL("localhost", port["imaps"], ssl_context=known) as mailbox:
        mailbox.login("probe", "geheim")
    with imaplib.IMAP4("localhost", port["imap"]) as mailbox:
        mailbox.starttls(known)
        mailbox.login("probe", "geheim")
        must(mailbox.select("INBOX")[0] == "OK", "IMAP has no INBOX")


def reports(maildir):
    """What has come: whose copy each message is about, and what it says. Each copy's sender has a token of its own."""
    found, tokens = [], {}
    for path in pathlib.Path(maildir).glob("new/*"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        local, _, domain = message["Delivered-To"].partition("@")
        token = local.removeprefix("bounce+")
        must(domain == "example.com" and token not in ("", local), f"no token in {message['Delivered-To']}")
        must(message["Return-Path"] == "<>", f"an answer has a sender of its own: {message['Return-Path']}")
        report = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
        if report:
            _, fields = report[0].get_payload()
            whose, says = fields["Final-Recipient"].split("@")[1], f"{fields['Action']} {fields['Status']}"
        else:
            whose, says = message["From"].addresses[0].domain, message["Auto-Submitted"]
        found.append(f"{whose} {says}")
        must(tokens.setdefault(token, whose) == whose, f"{whose} and {tokens[token]} have one token")
    print(*sorted(found), sep=", ")


def latest(what):
    """Of the latest issue in the document that status writes: its id, or how many of its copies are in a state."""
    issue = json.load(sys.stdin)["issues"][0]
    print(issue["id"] if what == "id" else issue["deliveries"][what])


def suppressed(ledger):
    """Who must not be written to any more, and why."""
    rows = sqlite3.connect(ledger).execute("SELECT DISTINCT email, reason FROM suppression JOIN delivery USING (subscriber) ORDER BY 1")
    print(*(f"{who} {why}" for who, why in rows), sep=", ")


socket.setdefaulttimeout(20)
command, *arguments = sys.argv[1:]
if command == "servers":
    servers(arguments[0], **{name: int(port) for name, port in (argument.split("=") for argument in arguments[1:])})
else:
    {"ports": ports, "configure": configure, "reports": reports, "latest": latest, "suppressed": suppressed}[command](*arguments)
