"""The main job: a feed over HTTP and HTTPS → mentions kept once → alerts in the team's channel."""

import base64
import hashlib
import hmac
import json
import pathlib
import signal
import socket
import unittest

from harness import Authority, Case, Feed, Server, rss, wait_for

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


def config(folder, sources, channels, extra=""):
    """A configuration with fast polls on loopback; `sources` and `channels` are YAML list entries."""
    listed = lambda entries: "".join(f"  - {e}\n" for e in entries)
    return f"""
storage: {{path: {folder}/store}}
fetch: {{interval: {{min: 1s, max: 1s}}, per_host: {{connections: 4, delay: 0s}}, allow_private: [127.0.0.0/8, "::1/128"], backfill: 1d}}
topics:
  - {{name: brand, query: '"Acme Bank" OR acmebank', labels: {{team: pr}}}}
  - {{name: outage, query: 'acmebank AND (outage OR storing)', severity: high}}
sources:
{listed(sources)}channels:
{listed(channels)}{extra or "routes: [{when: {}, channels: [team]}]"}
"""


class MainJob(Case):
    def test_feed_to_webhook(self):
        web = self.server()
        feed = Feed([("g1", "Acme Bank opens a branch", "http://blog.example/1", "In <b>Utrecht</b>"),
                     ("g2", "Weather", "http://blog.example/2", "Rain")])
        web.routes["/feed"] = feed
        web.routes["/hook"] = lambda e: (204, {}, b"")
        daemon = self.daemon(config(self.folder, [f"{{name: blog, type: feed, url: '{web.url('/feed')}'}}"],
                                    [f"{{name: team, type: webhook, url: '{web.url('/hook')}', secret: {SECRET}}}"]))
        web.wait(lambda: len(web.to("/hook")) == 1, "the first alert")
        alert = web.to("/hook")[0]
        body = alert.json()
        self.assertEqual(body["type"], "mention.created")
        self.assertEqual(body["data"]["mention"]["title"], "Acme Bank opens a branch")
        self.assertEqual(body["data"]["mention"]["source"], "blog")
        self.assertIn("brand", body["data"]["mention"]["topics"])

        # Signed by Standard Webhooks over exactly the bytes sent.
        headers = {k.lower(): v for k, v in alert.headers.items()}
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + alert.body
        want = base64.b64encode(hmac.new(b"0123456789abcdef0123456789abcdef", signed, hashlib.sha256).digest()).decode()
        self.assertIn(f"v1,{want}", headers["webhook-signature"].split(" "))

        feed.add(("g3", "Storing bij acmebank", "http://blog.example/3", "De app ligt eruit"))
        web.wait(lambda: len(web.to("/hook")) == 2, "the alert of the entry that came later")
        second = web.to("/hook")[1].json()["data"]
        self.assertEqual(sorted(second["mention"]["topics"]), ["brand", "outage"])
        self.assertEqual(second["severity"], "high")

        # The same feed answered again gives nothing new, and the daemon asks conditionally.
        asked = len(web.to("/feed"))
        web.wait(lambda: len(web.to("/feed")) >= asked + 2, "two more polls")
        self.assertEqual(len(web.to("/hook")), 2)
        self.assertEqual(web.to("/feed")[-1].headers.get("If-None-Match"), '"v1"')
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(sorted(m["title"] for m in daemon.mentions()), ["Acme Bank opens a branch", "Storing bij acmebank"])
        self.assertEqual(len(daemon.mentions("--all")), 3)  # what no topic wanted is kept a while
        for secret in (SECRET, SECRET.removeprefix("whsec_")):
            self.assertNotIn(secret, daemon.log())

    def test_slack_form(self):
        web = self.server()
        web.routes["/feed"] = Feed([("g1", "acmebank <!channel> & more", "http://blog.example/1", "text")])
        web.routes["/services/T0/B0/s3cr3t"] = lambda e: (200, {"Content-Type": "text/plain"}, b"ok")
        daemon = self.daemon(config(self.folder, [f"{{name: blog, type: feed, url: '{web.url('/feed')}'}}"],
                                    [f"{{name: team, type: slack, url: '{web.url('/services/T0/B0/s3cr3t')}'}}"]))
        web.wait(lambda: web.to("/services/T0/B0/s3cr3t"), "the message")
        message = web.to("/services/T0/B0/s3cr3t")[0]
        self.assertEqual(message.headers["Content-Type"].split(";")[0], "application/json")
        self.assertTrue(message.json()["text"])
        self.assertTrue(message.json()["blocks"])
        self.assertNotIn("<!channel>", message.json()["text"])  # elements of a rich_text block are never parsed
        self.assertNotIn('"mrkdwn"', message.body.decode())
        daemon.stop()
        self.assertNotIn("s3cr3t", daemon.log() + json.dumps(daemon.status()))

    def test_https_with_a_checked_name(self):
        authority = Authority(self.folder)
        web = self.server(tls=authority)
        hook = self.server()
        web.routes["/feed"] = Feed([("g1", "acmebank", "http://blog.example/1", "text")])
        hook.routes["/hook"] = lambda e: (200, {}, b"ok")
        daemon = self.daemon(config(self.folder,
                                    [f"{{name: good, type: feed, url: '{web.url('/feed', 'localhost')}'}}",
                                     f"{{name: wrong-name, type: feed, url: '{web.url('/feed', '127.0.0.1')}'}}"],
                                    [f"{{name: team, type: webhook, url: '{hook.url('/hook')}'}}"]),
                             env={"SSL_CERT_FILE": authority.ca})
        hook.wait(lambda: hook.to("/hook"), "the alert from the HTTPS feed")
        wait_for(lambda: "wrong-name" in daemon.log(), "the report on the certificate that names another host")
        daemon.stop()
        self.assertEqual([m["source"] for m in daemon.mentions()], ["good"])
        states = {s["name"]: s for s in daemon.status()["sources"]}
        self.assertIn("certificate", states["wrong-name"]["error"].lower())

    def test_same_url_from_two_sources_is_one_mention(self):
        web = self.server()
        entry = ("http://news.example/story?utm_source=a", "acmebank in the news")
        web.routes["/a"] = Feed([("id-a", entry[1], "http://news.example/story?utm_source=a", "x")])
        web.routes["/b"] = Feed([("id-b", entry[1], "http://news.example/story?utm_source=b#top", "x"),
                                 ("id-c", "acmebank again", "http://news.example/other", "x")])
        web.routes["/hook"] = lambda e: (200, {}, b"")
        daemon = self.daemon(config(self.folder, [f"{{name: {n}, type: feed, url: '{web.url('/' + n)}'}}" for n in "ab"],
                                    [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"]))
        web.wait(lambda: len(web.to("/hook")) == 2 and len(web.to("/a")) > 2 and len(web.to("/b")) > 2, "two alerts")
        daemon.stop()
        self.assertEqual(len(web.to("/hook")), 2)
        self.assertEqual(len(daemon.mentions()), 2)

    def test_backfill_is_stored_and_raises_no_alert(self):
        web = self.server()
        old = rss([("g1", "acmebank of old", "http://blog.example/1", "x")])
        old = old.replace(old[old.index("<pubDate>"):old.index("</pubDate>")], "<pubDate>Mon, 02 Mar 2020 10:00:00 GMT")
        fresh = Feed([])
        web.routes["/old"] = lambda e: (200, {"Content-Type": "application/rss+xml"}, old)
        web.routes["/fresh"] = fresh
        web.routes["/hook"] = lambda e: (200, {}, b"")
        text = config(self.folder, [f"{{name: {n}, type: feed, url: '{web.url('/' + n)}'}}" for n in ("old", "fresh")],
                      [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"]).replace(", backfill: 1d", "")
        daemon = self.daemon(text)
        web.wait(lambda: len(web.to("/old")) >= 2 and len(web.to("/fresh")) >= 2, "two polls of each")
        fresh.add(("g2", "acmebank today", "http://blog.example/2", "x"))
        web.wait(lambda: web.to("/hook"), "the alert of what appeared after the first poll")
        daemon.stop()
        self.assertEqual([r.json()["data"]["mention"]["title"] for r in web.to("/hook")], ["acmebank today"])
        self.assertEqual(len(daemon.mentions()), 2)

    def test_bad_feeds_spoil_nothing(self):
        web = self.server()
        web.routes["/good"] = Feed([("g1", "acmebank", "http://blog.example/1", "x")])
        web.routes["/html"] = lambda e: (200, {"Content-Type": "text/html"}, "<html><body>acmebank</body></html>")
        web.routes["/gone"] = lambda e: (410, {}, b"")
        web.routes["/drop"] = lambda e: None
        web.routes["/bomb"] = lambda e: (200, {"Content-Type": "application/rss+xml"},
                                         '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel></rss>')
        web.routes["/hook"] = lambda e: (200, {}, b"")
        names = ("good", "html", "gone", "drop", "bomb")
        daemon = self.daemon(config(self.folder, [f"{{name: {n}, type: feed, url: '{web.url('/' + n)}'}}" for n in names]
                                    + ["{name: nowhere, type: feed, url: 'http://feeds.invalid/x'}"],
                                    [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"]))
        web.wait(lambda: web.to("/hook"), "the good feed's alert")
        web.wait(lambda: all(web.to("/" + n) for n in names), "a poll of each")
        wait_for(lambda: all(f"source={n}" in daemon.log() for n in ("html", "gone", "drop", "nowhere")), "a report on each bad source")
        self.assertEqual(daemon.stop(), 0)
        states = {s["name"]: s for s in daemon.status()["sources"]}
        self.assertFalse(states["good"].get("error"))
        for name in ("html", "gone", "drop", "nowhere"):
            self.assertTrue(states[name]["error"], name)

    def test_alerts_to_the_console(self):
        web = self.server()
        web.routes["/feed"] = Feed([("g1", "acmebank \x1b[31mred", "http://blog.example/1", "x")])
        daemon = self.daemon(config(self.folder, [f"{{name: blog, type: feed, url: '{web.url('/feed')}'}}"],
                                    ["{name: team, type: console}"]))
        wait_for(lambda: "acmebank" in daemon.out(), "the alert on standard output")
        daemon.stop()
        self.assertIn("http://blog.example/1", daemon.out())
        self.assertNotIn("\x1b", daemon.out())

    def test_a_local_file_as_a_source(self):
        (self.folder / "items.jsonl").write_text(json.dumps({"id": "1", "title": "acmebank", "url": "http://a.example/1", "published": "2026-01-01T00:00:00Z"}) + "\n")
        web = self.server()
        web.routes["/hook"] = lambda e: (200, {}, b"")
        daemon = self.daemon(config(self.folder, [f"{{name: try, type: file, path: '{self.folder}/items.jsonl', backfill: 3650d}}"],
                                    [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"]))
        web.wait(lambda: web.to("/hook"), "the alert")
        daemon.stop()


class Service(Case):
    def test_notifies_systemd(self):
        path = str(self.folder / "notify")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(path)
        listener.settimeout(30)
        web = self.server()
        web.routes["/feed"] = Feed()
        text = config(self.folder, [f"{{name: blog, type: feed, url: '{web.url('/feed')}'}}"], ["{name: team, type: console}"])
        daemon = self.daemon(text, env={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
        seen = ""

        def until(word):
            nonlocal seen
            while word not in seen:
                seen += listener.recv(4096).decode() + "\n"

        until("READY=1")
        until("WATCHDOG=1")
        daemon.signal(signal.SIGHUP)
        until("RELOADING=1")
        self.assertIn("MONOTONIC_USEC=", seen)
        seen = ""
        until("READY=1")
        daemon.signal(signal.SIGTERM)
        until("STOPPING=1")
        self.assertEqual(daemon.process.wait(5), 0)

    def test_reload_takes_good_and_refuses_broken_configuration(self):
        web = self.server()
        feed = Feed([("g1", "acmebank one", "http://blog.example/1", "x")])
        web.routes["/feed"] = feed
        web.routes["/hook"] = web.routes["/other"] = lambda e: (200, {}, b"")
        text = config(self.folder, [f"{{name: blog, type: feed, url: '{web.url('/feed')}'}}"],
                      [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"])
        daemon = self.daemon(text)
        web.wait(lambda: web.to("/hook"), "the first alert")

        daemon.config.write_text(text.replace("query:", "qery:"))
        daemon.signal(signal.SIGHUP)
        daemon.wait_log("did you mean")
        feed.add(("g2", "acmebank two", "http://blog.example/2", "x"))
        web.wait(lambda: len(web.to("/hook")) == 2, "an alert by the old configuration")

        daemon.config.write_text(text.replace("/hook", "/other"))
        daemon.signal(signal.SIGHUP)
        daemon.wait_log("configuration reloaded")
        feed.add(("g3", "acmebank three", "http://blog.example/3", "x"))
        web.wait(lambda: web.to("/other"), "an alert by the new configuration")
        self.assertEqual(len(web.to("/hook")), 2)
        self.assertEqual(daemon.stop(), 0)

    def test_a_second_daemon_is_refused_by_name(self):
        web = self.server()
        web.routes["/feed"] = Feed()
        text = config(self.folder, [f"{{name: blog, type: feed, url: '{web.url('/feed')}'}}"], ["{name: team, type: console}"])
        first = self.daemon(text)
        web.wait(lambda: web.to("/feed"), "a poll")
        second = first.command("run", check=False)
        self.assertEqual(second.returncode, 1)
        self.assertIn(f"already running (pid {first.process.pid})", second.stderr)
        self.assertEqual(first.stop(), 0)


if __name__ == "__main__":
    unittest.main()
