"""The HTTP server of the daemon: health and metrics, and hubs that push (WebSub), against a hub written here."""

import hashlib
import hmac
import http.client
import json
import re
import socket
import unittest
import urllib.parse

from harness import Authority, Case, Feed, rss, wait_for


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client:
    """Talks to the daemon; waits for it to listen by trying."""

    def __init__(self, port):
        self.port = port

    def __call__(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())
        finally:
            connection.close()


class Web(Case):
    def config(self, port, feed, team, more=""):
        return f"""
server: {{listen: '127.0.0.1:{port}'{more}}}
storage: {{path: {self.folder}/store}}
fetch: {{interval: {{min: 1s, max: 1d}}, per_host: {{delay: 0s}}, allow_private: [127.0.0.0/8]}}
topics: [{{name: brand, query: acmebank}}]
sources: [{{name: blog, type: feed, url: '{feed}', backfill: 1d}}]
channels: [{{name: team, type: webhook, url: '{team}'}}]
routes: [{{when: {{}}, channels: [team]}}]
"""

    def test_health_and_metrics(self):
        web, port = self.server(), free_port()
        web.routes["/feed"] = Feed([("g1", "acmebank", "http://blog.example/1", "x")])
        web.routes["/team"] = lambda e: (204, {}, b"")
        token = "a-token-of-the-team"
        daemon = self.daemon(self.config(port, web.url("/feed"), web.url("/team"), f", token: {token}"))
        web.wait(lambda: web.to("/team"), "the alert")
        ask = Client(port)
        self.assertEqual(ask("GET", "/healthz")[:2], (200, "ok\n"))
        self.assertEqual(ask("GET", "/metrics")[0], 401)
        bearer = {"Authorization": f"Bearer {token}"}
        numbers = {}

        def delivered():
            status, text, headers = ask("GET", "/metrics", headers=bearer)
            self.assertEqual(status, 200)
            self.assertTrue(headers["Content-Type"].startswith("text/plain; version=0.0.4"))
            numbers.update(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
            return numbers['earshot_deliveries_total{channel="team",outcome="delivered"}'] == "1"

        web.wait(delivered, "the delivery to be counted")
        self.assertEqual(numbers['earshot_items_total{outcome="new"}'], "1")
        self.assertEqual(numbers['earshot_polls_total{outcome="failed"}'], "0")
        self.assertEqual(numbers["earshot_store_writable"], "1")
        self.assertEqual(numbers["earshot_sources"], "1")
        self.assertNotIn(token, daemon.log())
        self.assertEqual(daemon.stop(), 0)

    def test_a_taken_port_keeps_nothing_else_from_working(self):
        web = self.server()
        web.routes["/feed"] = Feed([("g1", "acmebank", "http://blog.example/1", "x")])
        web.routes["/team"] = lambda e: (204, {}, b"")
        daemon = self.daemon(self.config(web.port, web.url("/feed"), web.url("/team")))
        web.wait(lambda: web.to("/team"), "the alert")
        self.assertIn("is taken by another process", daemon.log())
        self.assertEqual(daemon.stop(), 0)

    def test_a_hub_that_pushes(self):
        folder = self.folder
        authority = Authority(folder, "localhost")
        web, hub, port = self.server(), self.server(tls=authority), free_port()
        feed = Feed([("g1", "acmebank one", "http://blog.example/1", "x")])
        topic = web.url("/feed")

        def with_links(exchange):
            status, headers, body = feed(exchange)
            headers["Link"] = f'<{hub.url("/hub", "localhost")}>; rel="hub", <{topic}>; rel="self"'
            return status, headers, body

        web.routes["/feed"] = with_links
        web.routes["/team"] = lambda e: (204, {}, b"")
        hub.routes["/hub"] = lambda e: (202, {}, b"")
        public = f"http://127.0.0.1:{port}/ears"
        config = self.config(port, topic, web.url("/team"), f", public_url: '{public}'")
        daemon = self.daemon(config, env={"SSL_CERT_FILE": authority.ca})
        hub.wait(lambda: hub.to("/hub"), "the daemon to subscribe")
        asked = dict(urllib.parse.parse_qsl(hub.to("/hub")[0].body.decode()))
        self.assertEqual(asked["hub.mode"], "subscribe")
        self.assertEqual(asked["hub.topic"], topic)
        self.assertTrue(asked["hub.callback"].startswith(public + "/websub/"))
        self.assertGreaterEqual(len(asked["hub.secret"]), 20)
        ask, path = Client(port), urllib.parse.urlsplit(asked["hub.callback"]).path

        # What was not asked for is not confirmed; what was is.
        def call(**said):
            query = urllib.parse.urlencode({f"hub.{k}": v for k, v in said.items()})
            return ask("GET", f"{path}?{query}")[:2]

        self.assertEqual(call(mode="subscribe", topic="http://other.example/", challenge="c", lease_seconds=60)[0], 404)
        self.assertEqual(call(mode="unsubscribe", topic=topic, challenge="c")[0], 404)
        self.assertEqual(ask("GET", "/ears/websub/guessed")[0], 404)
        self.assertEqual(call(mode="subscribe", topic=topic, challenge="<c>1", lease_seconds=864000), (200, "<c>1"))
        web.wait(lambda: web.to("/team"), "the alert of the first poll")

        source = daemon.status()["sources"][0]
        self.assertEqual((source["hub"]["state"], source["failures"]), ("active", 0))
        self.assertIn("ok, pushed by its hub", daemon.command("status").stdout)

        # A push is told at once, though the next poll is hours away; a forged one is not.
        def push(body, secret):
            signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            return ask("POST", path, body, {"Content-Type": "application/rss+xml", "X-Hub-Signature": f"sha256={signature}"})[0]

        polls = len(web.to("/feed"))
        forged = rss([("g9", "acmebank forged", "http://blog.example/9", "x")]).encode()
        self.assertEqual(push(forged, "guess"), 202)
        fresh = rss([("g2", "acmebank two", "http://blog.example/2", "x")]).encode()
        self.assertEqual(push(fresh, asked["hub.secret"]), 200)
        web.wait(lambda: len(web.to("/team")) == 2, "the alert of what was pushed")
        self.assertEqual(push(fresh, asked["hub.secret"]), 200)  # hubs repeat themselves
        self.assertEqual(push(b"no feed at all", asked["hub.secret"]), 200)  # the source is polled instead
        web.wait(lambda: len(web.to("/feed")) > polls, "a poll instead of what could not be read")

        # The subscription outlives the daemon, killed at any moment.
        daemon.kill()
        daemon.start()
        third = rss([("g3", "acmebank three", "http://blog.example/3", "x")]).encode()

        def taken():
            try:
                return push(third, asked["hub.secret"]) == 200
            except ConnectionError:
                return False

        web.wait(taken, "the daemon to take a push after its restart")
        web.wait(lambda: len(web.to("/team")) == 3, "its alert")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(sorted(m["title"] for m in daemon.mentions("--all")),
                         ["acmebank one", "acmebank three", "acmebank two"])
        self.assertEqual(len(hub.to("/hub")), 1)
        self.assertNotIn(asked["hub.secret"], daemon.log())

    def test_a_mention_is_taken_by_a_click(self):
        web, port = self.server(), free_port()
        web.routes["/feed"] = Feed([("g1", "acmebank <b>down</b>", "http://blog.example/1", "x")])
        web.routes["/team"] = lambda e: (204, {}, b"")
        public = f"http://127.0.0.1:{port}"
        daemon = self.daemon(self.config(port, web.url("/feed"), web.url("/team"), f", public_url: '{public}'"))
        web.wait(lambda: web.to("/team"), "the alert")
        buttons = {b["label"]: b["url"] for b in web.to("/team")[0].json()["data"]["actions"]}
        self.assertEqual(list(buttons), ["I take it", "Not relevant"])
        ask, path = Client(port), urllib.parse.urlsplit(buttons["I take it"]).path

        def claims():
            out = daemon.command("claim", "--json", check=False).stdout
            return [json.loads(line) for line in out.splitlines()]

        # A preview of the link claims nothing, nor does a link that somebody made up.
        status, page, headers = ask("GET", path)
        self.assertEqual(status, 200)
        self.assertIn("Nobody has taken it yet", page)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertNotIn("<b>", page)
        self.assertEqual(ask("HEAD", path)[0], 200)
        forged = path[:-1] + ("A" if path[-1] != "A" else "B")
        self.assertEqual(ask("POST", forged, "do=take&by=Eve")[0], 404)
        self.assertIn("Nobody", ask("POST", path, "do=take&by=")[1])  # a name is wanted
        self.assertEqual(claims(), [])

        status, page, headers = ask("POST", path, "do=take&by=Ann+%3Ci%3E")
        self.assertEqual(status, 200)
        self.assertIn("Ann &lt;i&gt; has taken it", page)
        self.assertIn("Ann", ask("GET", path, headers={"Cookie": headers["Set-Cookie"].split(";")[0]})[1])
        wait_for(lambda: [c["by"] for c in claims()] == ["Ann <i>"], "the claim to be stored")

        # The link outlives the daemon, and says who has it.
        daemon.kill()
        daemon.start()

        def page_again():
            try:
                return ask("GET", path)[1]
            except ConnectionError:
                return ""

        wait_for(lambda: "has taken it" in page_again(), "the page after a restart")
        self.assertEqual(ask("POST", path, "do=done&by=Bob")[0], 200)
        wait_for(lambda: [(c["by"], c["state"]) for c in claims()] == [("Bob", "done")], "the end of it to be stored")
        self.assertEqual(daemon.stop(), 0)

    def test_a_claim_shows_the_alert_anew(self):
        web, port = self.server(), free_port()
        web.routes["/feed"] = Feed([("g1", "acmebank down", "http://blog.example/1", "x")])
        answer = lambda e: (200, {"Content-Type": "application/json"}, '{"ok":true,"result":{"message_id":17}}')
        web.routes["/bot1:secret/sendMessage"] = web.routes["/bot1:secret/editMessageText"] = answer
        telegram = f"{{name: team, type: telegram, url: '{web.url('')}', token: '1:secret', chat: '5', language: nl}}"
        config = self.config(port, web.url("/feed"), web.url("/team"))
        daemon = self.daemon(re.sub(r"channels: .*", f"channels: [{telegram}]", config, count=1))
        web.wait(lambda: web.to("/bot1:secret/sendMessage"), "the alert")
        mention = daemon.mentions("--all")[0]["id"]
        wait_for(lambda: '"remote_id":"17"' in daemon.command("why", mention, "--json").stdout.replace(" ", ""),
                 "the delivery to be stored")
        daemon.command("claim", mention, "--by", "Ann")
        web.wait(lambda: web.to("/bot1:secret/editMessageText"), "the message shown anew")
        anew = web.to("/bot1:secret/editMessageText")[0].json()
        self.assertEqual(anew["message_id"], 17)
        self.assertIn("Ann heeft het opgepakt", anew["text"])
        self.assertIn("acmebank down", anew["text"])
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(len(web.to("/bot1:secret/sendMessage")), 1)


if __name__ == "__main__":
    unittest.main()
