"""How channels are treated: no faster than they allow, a backlog as digests, and what happens when one is gone."""

import json
import threading
import time
import unittest

from harness import Case, Feed, earshot, wait_for
from test_main_job import config


def entries(*numbers):
    return [(f"g{n}", f"acmebank number {n}", f"http://blog.example/{n}", "x") for n in numbers]


class Everywhere(dict):
    """Every path has the same answer."""

    def __init__(self, status, body):
        super().__init__()
        self.answer = lambda exchange: (status, {}, body)

    def get(self, path, default=None):
        return self.answer


class Manners(Case):
    def setUp(self):
        super().setUp()
        self.web, self.feed = self.server(), Feed()
        self.web.routes["/feed"] = self.feed
        self.source = f"{{name: blog, type: feed, url: '{self.web.url('/feed')}', interval: 1s}}"

    def hook(self, name="team", path="/hook", extra=""):
        return f"{{name: {name}, type: webhook, url: '{self.web.url(path)}'{extra}}}"

    def told(self, path="/hook", refused=()):
        """What a channel was told, in order, what it refused left out."""
        return [r.json()["data"] for r in self.web.to(path) if r not in refused]

    def test_a_storm_goes_out_at_the_services_pace(self):
        self.web.routes["/api/webhooks/1/x"] = lambda e: (200, {}, b'{"id":"1"}')
        self.feed.add(*entries(*range(12)))
        daemon = self.daemon(config(self.folder, [self.source],
                                    [f"{{name: team, type: discord, url: '{self.web.url('/api/webhooks/1/x')}'}}"]))
        self.web.wait(lambda: len(self.web.to("/api/webhooks/1/x")) == 12, "twelve alerts")
        daemon.stop()
        times = [r.at for r in self.web.to("/api/webhooks/1/x")]
        for i in range(len(times) - 5):  # five in two seconds, in no window more
            self.assertGreaterEqual(times[i + 5] - times[i], 1.95)
        self.assertLess(times[4] - times[0], 1.5, "the five that are allowed at once go at once")

    def test_a_receiver_of_events_is_asked_first_and_sets_the_pace(self):
        allowed = {"WebHook-Allowed-Origin": "earshot.acme.example", "WebHook-Allowed-Rate": "60"}
        self.web.routes["/bus"] = lambda e: (200, allowed, b"") if e.method == "OPTIONS" else (202, {}, b"")
        self.feed.add(*entries(*range(3)))
        daemon = self.daemon(config(self.folder, [self.source], [
            f"{{name: team, type: cloudevents, url: '{self.web.url('/bus')}', handshake: {{origin: earshot.acme.example}}}}"]))
        self.web.wait(lambda: len(self.web.to("/bus")) == 4, "a question and three alerts")
        asked, *posted = self.web.to("/bus")
        self.assertEqual([asked.method, *(r.method for r in posted)], ["OPTIONS", "POST", "POST", "POST"])
        self.assertEqual(asked.body, b"")
        for request in self.web.to("/bus"):
            self.assertEqual(request.headers["WebHook-Request-Origin"], "earshot.acme.example")
        for one, next in zip(posted, posted[1:]):
            self.assertGreaterEqual(next.at - one.at, 0.95)
        daemon.stop()
        daemon.start()
        self.feed.add(*entries(3))
        self.web.wait(lambda: len(self.web.to("/bus")) == 6, "after a restart it is asked again")
        daemon.stop()
        self.assertEqual([r.method for r in self.web.to("/bus")[4:]], ["OPTIONS", "POST"])
        tried = daemon.command("alert", "team")  # asks as well, and waits for the moment in between
        self.assertEqual([r.method for r in self.web.to("/bus")[6:]], ["OPTIONS", "POST"])
        self.assertIn("again in 2 s", tried.stderr)
        self.assertIn("team: delivered", tried.stderr)

    def test_a_backlog_becomes_digests_in_order_and_loses_nothing(self):
        down = threading.Event()
        down.set()
        refused = []

        def answer(exchange):
            if down.is_set():
                refused.append(exchange)
                return 503, {"Retry-After": "1"}, b""
            return 200, {}, b""

        self.web.routes["/hook"] = answer
        self.feed.add(*entries(*reversed(range(70))))
        daemon = self.daemon(config(self.folder, [self.source], [self.hook(extra=", max_size: 1000000, backlog: {over: 10, after: 2s}")]))
        self.web.wait(lambda: len(refused) >= 3, "refusals")
        down.clear()
        seen = lambda: [m["title"] for d in self.told(refused=refused) for m in d.get("mentions", [d.get("mention")])]
        self.web.wait(lambda: len(seen()) >= 70, "all mentions")
        self.feed.add(*entries(70))
        self.web.wait(lambda: len(seen()) >= 71, "one that came later")
        told = self.told(refused=refused)
        self.assertEqual(sorted(seen()), sorted(f"acmebank number {n}" for n in range(71)), "each once")
        kinds = [d["kind"] for d in told]
        self.assertEqual(kinds, ["mention", "digest", "digest", "mention"])  # what was tried, 50, 19, and the new one
        self.assertEqual([d["total"] for d in told], [1, 50, 19, 1])
        self.assertIn("could not keep up", told[1]["headline"])
        for digest in told[1:3]:
            order = [m["published"] + m["id"] for m in digest["mentions"]]
            self.assertEqual(len(set(order)), digest["total"])
        # Which of them went where can be told.
        wait_for(lambda: daemon.log().count(" delivered ") >= 4, "everything settled")
        mention = told[1]["mentions"][30]["id"]
        why = json.loads(daemon.command("why", mention, "--json").stdout)
        self.assertIn(told[1]["delivery_id"], json.dumps(why))
        self.assertIn("alerts that waited became this digest", json.dumps(why))
        daemon.stop()

    def test_every_alert_after_all_where_that_is_wanted(self):
        left = [503, 503]
        self.web.routes["/hook"] = lambda e: (left.pop(0), {"Retry-After": "1"}, b"") if left else (200, {}, b"")
        self.feed.add(*entries(*range(15)))
        daemon = self.daemon(config(self.folder, [self.source], [self.hook(extra=", backlog: {then: each, over: 5, after: 1s}")]))
        self.web.wait(lambda: len(self.web.to("/hook")) == 17, "two refusals and every alert")
        daemon.stop()
        self.assertEqual({d["kind"] for d in self.told()}, {"mention"})

    def test_a_channel_that_is_gone_is_told_of_once_and_keeps_its_alerts(self):
        gone = threading.Event()
        gone.set()
        refused = []

        def answer(exchange):
            if gone.is_set():
                refused.append(exchange)
                return 410, {}, b"deleted"
            return 200, {}, b""

        self.web.routes["/hook"] = answer
        self.web.routes["/other"] = lambda e: (200, {}, b"")
        self.feed.add(*entries(2, 1))
        daemon = self.daemon(config(self.folder, [self.source], [self.hook(), self.hook("care", "/other")],
                                    "routes: [{when: {}, channels: [team, care]}]"))
        # What was under way when the daemon ended may come again: it is the same alert.
        health = lambda: list({d["delivery_id"]: d for d in self.told("/other") if d["kind"] == "health"}.values())
        self.web.wait(lambda: health(), "the other channel to be told", limit=40)
        self.assertEqual(health()[0]["headline"], "Channel team cannot be written to")
        self.assertIn("410", health()[0]["text"])
        self.assertEqual(daemon.stop(), 0)
        # Still gone after a restart: tried at once, told no second time.
        before = len(refused)
        daemon.start()
        self.web.wait(lambda: len(refused) > before, "another try")
        self.feed.add(*entries(3))
        self.web.wait(lambda: len([d for d in self.told("/other") if d["kind"] == "mention"]) == 3, "what came since, elsewhere")
        daemon.stop()
        self.assertEqual(len(health()), 1)
        self.assertEqual(daemon.status()["dead_letters"], [])
        # Mended: everything it was owed, and the other one hears that, too.
        gone.clear()
        daemon.start()
        self.web.wait(lambda: len(self.told(refused=refused)) == 3, "all that was kept")
        self.web.wait(lambda: len(health()) == 2, "that it works again")
        daemon.stop()
        self.assertEqual(health()[1]["headline"], "Channel team works again")
        self.assertEqual(sorted(d["mention"]["title"] for d in self.told(refused=refused)),
                         [f"acmebank number {n}" for n in (1, 2, 3)])

    def test_every_kind_of_alert_can_be_looked_at_in_every_channel(self):
        secret = "0123456789abcdef01234567"
        sinks = {  # e-mail has its own test; Rocket.Chat takes ten messages a minute, and eleven kinds too long
            "slack": ("url: '{url}'", b"ok"), "discord": ("url: '{url}'", b'{"id":"1"}'), "mattermost": ("url: '{url}'", b"ok"),
            "teams": ("url: '{url}'", b""), "googlechat": ("url: '{url}?key=k&token=t'", b'{"name":"spaces/A/messages/B"}'),
            "webhook": ("url: '{url}'", b""), "cloudevents": ("url: '{url}'", b""),
            "matrix": ("url: '{base}', token: " + secret + ", room: '!r:example.org'", b'{"event_id":"$a"}'),
            "zulip": ("url: '{base}', email: a@b.example, key: " + secret + ", to: mentions", b'{"result":"success","id":1}'),
            "telegram": ("url: '{base}', token: '1:" + secret + "', chat: '5'", b'{"ok":true,"result":{"message_id":7}}'),
            "ntfy": ("url: '{base}', topic: alerts", b'{"id":"x","event":"message"}'),
        }
        servers, channels = {}, []
        for name, (settings, accepted) in sinks.items():
            server = servers[name] = self.server()
            server.routes = Everywhere(202 if name == "teams" else 200, accepted)
            channels.append(f"{{name: {name}, type: {name}, {settings.format(url=server.url('/hook'), base=server.url(''))}}}")
        daemon = self.daemon(config(self.folder, [self.source], channels, " "), start=False)
        results = {}

        def show(name):
            results[name] = earshot("alert", name, "--kind", "all", "--config", daemon.config)

        threads = [threading.Thread(target=show, args=(name,)) for name in sinks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kinds = ["mention", "story", "growth", "digest", "rollup", "spike", "escalation", "health", "report", "test", "edit"]
        for name in sinks:
            with self.subTest(sink=name):
                self.assertEqual(results[name].returncode, 0, results[name].stderr)
                self.assertEqual(results[name].stderr.splitlines(), [f"{name}: {kind}: delivered" for kind in kinds])
                self.assertEqual(len(servers[name].requests), len(kinds))
        self.assertEqual(earshot("alert", "webhook", "--kind", "nonsense", "--config", daemon.config).returncode, 2)


if __name__ == "__main__":
    unittest.main()
