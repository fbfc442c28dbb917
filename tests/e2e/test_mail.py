"""Alerts by e-mail to a real submission server (aiosmtpd) with STARTTLS, AUTH and a certificate of its own authority; read
by Python's own mail parser."""

import email
import email.policy
import logging
import socket
import ssl
import threading
import time
import unittest
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from harness import Authority, Case, Feed, earshot, wait_for
from test_main_job import config

PASSWORD = "correct-horse-7"
logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)  # what the server thinks of it
warnings.filterwarnings("ignore", module="aiosmtpd")


class Mailbox:
    """Takes mail as it is told to: each hook may give a reply to a step instead of accepting it."""

    def __init__(self):
        self.mails, self.tries, self.logins = [], [], []
        self.on_rcpt = self.on_data = lambda *_: None
        self.changed = threading.Condition()

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = self.on_rcpt(address)
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self.changed:
            self.tries.append((envelope.content, list(envelope.rcpt_tos), time.monotonic()))
            reply = self.on_data(message)
            if reply is None:
                self.mails.append((message, list(envelope.rcpt_tos), session.ssl is not None))
            self.changed.notify_all()
        return reply or "250 2.0.0 Ok: queued as 4F2ABC"

    def authenticate(self, server, session, envelope, mechanism, data):
        ok = isinstance(data, LoginPassword) and (data.login, data.password) == (b"u@acme.example", PASSWORD.encode())
        self.logins.append(ok)
        return AuthResult(success=ok, handled=False)

    def wait(self, count, what):
        wait_for(lambda: len(self.mails) >= count, what)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Mail(Case):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.folder)
        self.web, self.feed = self.server(), Feed()
        self.web.routes["/feed"] = self.feed
        self.web.routes["/hook"] = lambda e: (204, {}, b"")

    def mail_server(self, box, implicit=False, plain=False, port=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority.cert, self.authority.key)
        options = {} if plain else {"authenticator": box.authenticate, "auth_required": True}
        if implicit:
            options |= {"ssl_context": context, "auth_require_tls": False}
        elif not plain:
            options |= {"tls_context": context, "require_starttls": True}
        controller = Controller(box, hostname="127.0.0.1", port=port or free_port(), **options)
        controller.start()
        self.addCleanup(controller.stop)
        return controller.port

    def start(self, port, to="[anna@b.example]", extra="", more=(), login=True, start=True):
        (self.folder / "password").write_text(PASSWORD + "\n")
        user = f", user: u@acme.example, password: '${{file:{self.folder}/password}}'" if login else ""
        channel = (f"{{name: team, type: email, server: localhost, port: {port}{user}, from: 'Earshot <earshot@acme.example>', "
                   f"to: {to}{extra}}}")
        return self.daemon(config(self.folder, [f"{{name: blog, type: feed, url: '{self.web.url('/feed')}'}}"], [channel, *more],
                                  f"routes: [{{when: {{}}, channels: [{', '.join(['team'] + ['hook'] * len(more))}]}}]"),
                           start=start, env={"SSL_CERT_FILE": self.authority.ca})

    def add(self, *titles):
        self.feed.add(*[(t, t, f"http://blog.example/{i}", "People say so.") for i, t in enumerate(titles)])

    def test_a_whole_message_encrypted_and_logged_in(self):
        for implicit in (False, True):
            with self.subTest(implicit=implicit):
                box = Mailbox()
                port = self.mail_server(box, implicit)
                title = f"acmebank =?utf-8?q?x?= Über 😀 a < b & c {implicit}\r\nBcc: evil@trap.example"
                self.add(title)
                daemon = self.start(port, "[anna@b.example, 'Bjørn <ben@b.example>']", ", tls: implicit" if implicit else "")
                box.wait(1, "the mail")
                daemon.wait_log(" delivered ")  # else it would come again after the restart, as it should
                self.assertEqual(daemon.stop(), 0)
                [(mail, to, encrypted)] = box.mails
                self.assertEqual((to, box.logins), (["anna@b.example", "ben@b.example"], [True]))
                self.assertTrue(encrypted or implicit, "a port with TLS from the first byte takes nothing else")
                self.assertEqual(mail["Subject"], f"🔵 acmebank =?utf-8?q?x?= Über 😀 a < b & c {implicit} Bcc: evil@trap.example")
                self.assertEqual(str(mail["To"]), "anna@b.example, Bjørn <ben@b.example>")
                self.assertEqual(str(mail["From"]), "Earshot <earshot@acme.example>")
                self.assertIsNone(mail["Bcc"])
                self.assertEqual(mail["Auto-Submitted"], "auto-generated")
                self.assertEqual(mail["List-Id"], "team <team.earshot.acme.example>")
                self.assertLess(abs(mail["Date"].datetime.timestamp() - time.time()), 120)
                self.assertRegex(mail["References"], r"^<story-[0-9a-z]+\.earshot@acme\.example>$")
                self.assertEqual([(part.get_content_type(), part.defects) for part in mail.walk()],
                                 [("multipart/alternative", []), ("text/plain", []), ("text/html", [])])
                text, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
                self.assertIn("New mention", text)
                self.assertIn("Über 😀 a < b & c", text)
                self.assertIn("http://blog.example/0", text)
                self.assertIn("a &lt; b &amp; c", html)
                self.assertIn('href="http://blog.example/0"', html)
                self.assertNotIn(PASSWORD, daemon.log() + daemon.command("status", "--json").stdout)
                for file in (self.folder / "store").rglob("*"):
                    self.assertNotIn(PASSWORD.encode(), file.read_bytes() if file.is_file() else b"")

    def test_every_kind_of_alert_can_be_looked_at(self):
        box = Mailbox()
        daemon = self.start(self.mail_server(box), start=False)
        shown = daemon.command("alert", "team", "--kind", "all")
        kinds = ["mention", "story", "growth", "digest", "rollup", "spike", "escalation", "health", "report", "test", "edit"]
        self.assertEqual(shown.stderr.splitlines(), [f"team: {kind}: delivered" for kind in kinds])
        self.assertEqual(len(box.mails), len(kinds))
        for kind, (mail, _, _) in zip(kinds, box.mails):
            with self.subTest(kind=kind):
                self.assertEqual([part.defects for part in mail.walk()], [[], [], []])
                self.assertTrue(mail["Subject"])
                for form in ("plain", "html"):
                    self.assertGreater(len(mail.get_body((form,)).get_content().strip()), 40)
        self.assertEqual(len({mail["Message-ID"] for mail, _, _ in box.mails}), len(kinds))

    def test_not_now_and_then_the_same_message_again(self):
        box, left = Mailbox(), ["451 4.3.0 not now, try again in 1 seconds", "450 4.2.0 Greylisted, try again in 1 seconds"]
        box.on_data = lambda m: left.pop(0) if left else None
        port = self.mail_server(box)
        self.add("acmebank one")
        daemon = self.start(port)
        box.wait(1, "the mail after two refusals")
        daemon.stop()
        contents = [content for content, _, _ in box.tries]
        self.assertEqual(len(contents), 3)
        self.assertEqual(len(set(contents)), 1, "byte for byte the same, the Message-ID too")
        for earlier, later in zip(box.tries, box.tries[1:]):
            self.assertGreaterEqual(later[2] - earlier[2], 0.95)

    def test_what_is_refused_for_good_is_a_dead_letter_in_the_servers_words(self):
        box = Mailbox()
        box.on_data = lambda m: "554 5.7.1 looks like spam" if "one" in m["Subject"] else None
        port = self.mail_server(box)
        self.add("acmebank two", "acmebank one")
        daemon = self.start(port)
        box.wait(1, "the alert after the refused one")
        wait_for(lambda: daemon.status()["dead_letters"], "the dead letter")
        daemon.stop()
        [dead] = daemon.status()["dead_letters"]
        self.assertEqual((dead["title"], dead["attempts"]), ("acmebank one", 1))
        self.assertIn("554 (5.7.1 looks like spam)", dead["reason"])

    def test_who_has_it_does_not_get_it_again_across_a_kill(self):
        box, later = Mailbox(), threading.Event()
        box.on_rcpt = lambda a: {"ben": None if later.is_set() else "451 4.7.1 Greylisted, try again in 1 seconds",
                                 "cleo": "550 5.1.1 no such user"}.get(a.split("@")[0])
        port = self.mail_server(box)
        self.add("acmebank one")
        daemon = self.start(port, "[anna@b.example, ben@b.example, cleo@b.example]")
        box.wait(1, "the mail to anna")
        daemon.wait_log("delivery postponed")
        daemon.kill()
        later.set()
        daemon.start()
        box.wait(2, "the mail to ben")
        daemon.wait_log("delivered in part")
        daemon.stop()
        self.assertEqual([to for _, to, _ in box.mails], [["anna@b.example"], ["ben@b.example"]])
        self.assertEqual(box.mails[0][0]["Message-ID"], box.mails[1][0]["Message-ID"])
        self.assertIn("cleo@b.example: 550 5.1.1 no such user", daemon.log())

    def test_no_password_goes_out_in_the_open(self):
        box = Mailbox()
        port = self.mail_server(box, plain=True)  # offers no STARTTLS
        self.add("acmebank one")
        daemon = self.start(port)
        daemon.wait_log("offers no STARTTLS")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual((box.tries, box.logins), ([], []))

    def test_a_strangers_certificate_is_not_believed(self):
        box = Mailbox()
        port = self.mail_server(box)
        self.add("acmebank one")
        daemon = self.start(port, start=False)
        del daemon.env["SSL_CERT_FILE"]
        daemon.start().wait_log("not to be trusted")
        daemon.stop()
        self.assertEqual((box.tries, box.logins), ([], []))

    def test_without_encryption_only_where_it_is_said(self):
        box = Mailbox()
        port = self.mail_server(box, plain=True)
        self.add("acmebank one")
        daemon = self.start(port, extra=", tls: 'off'", login=False)
        box.wait(1, "the mail")
        daemon.stop()
        self.assertFalse(box.mails[0][2])

    def test_a_wrong_password_is_told_without_showing_it(self):
        box = Mailbox()
        port = self.mail_server(box)
        self.add("acmebank one")
        daemon = self.start(port, start=False)
        (self.folder / "password").write_text("wrong-horse-8")
        daemon.start().wait_log("does not accept user and password")
        daemon.stop()
        self.assertEqual(box.logins[0], False)
        self.assertNotIn("wrong-horse-8", daemon.log())

    def test_a_server_that_hangs_delays_no_other_channel_and_no_stop(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        self.add("acmebank three", "acmebank two", "acmebank one")
        daemon = self.start(silent.getsockname()[1], more=[f"{{name: hook, type: webhook, url: '{self.web.url('/hook')}'}}"])
        self.web.wait(lambda: len(self.web.to("/hook")) == 3, "all alerts of the other channel")
        self.assertEqual(daemon.stop(), 0)

    def test_a_test_alert(self):
        box = Mailbox()
        port = self.mail_server(box)
        daemon = self.start(port, start=False)
        done = earshot("alert", "team", "--config", daemon.config, env=daemon.env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Test alert", box.mails[0][0].get_body(("plain",)).get_content())


if __name__ == "__main__":
    unittest.main()
