"""Channels that fail: back-off, Retry-After, dead letters, order, and that one slow channel delays no other."""

import os
import threading
import unittest

from harness import LIMIT, Case, Feed, wait_for
from test_main_job import config


def entries(*numbers):
    return [(f"g{n}", f"acmebank number {n}", f"http://blog.example/{n}", "x") for n in numbers]


def ids(requests):
    return [{k.lower(): v for k, v in r.headers.items()}["webhook-id"] for r in requests]


class Deliver(Case):
    def setUp(self):
        super().setUp()
        self.web = self.server()
        self.feed = Feed()
        self.web.routes["/feed"] = self.feed
        self.source = f"{{name: blog, type: feed, url: '{self.web.url('/feed')}'}}"

    def start(self, channels, extra=""):
        return self.daemon(config(self.folder, [self.source],
                                  [f"{{name: {name}, type: webhook, url: '{self.web.url(path)}'}}" for name, path in channels], extra))

    def test_retries_carry_the_same_delivery_id_and_keep_order(self):
        left = [503, 429]
        self.web.routes["/hook"] = lambda e: (left.pop(0), {"Retry-After": "1"}, b"later") if left else (200, {}, b"")
        self.feed.add(*entries(2, 1))
        daemon = self.start([("team", "/hook")])
        self.web.wait(lambda: len(self.web.to("/hook")) == 4, "two refusals and two deliveries")
        daemon.stop()
        seen = ids(self.web.to("/hook"))
        self.assertEqual(len(set(seen[:3])), 1)
        self.assertNotEqual(seen[3], seen[0])
        times = [r.at for r in self.web.to("/hook")]
        for earlier, later in zip(times[:2], times[1:3]):
            self.assertGreaterEqual(later - earlier, 0.95)  # Retry-After: 1

    def test_what_is_refused_for_good_is_a_dead_letter_with_its_reason(self):
        self.web.routes["/hook"] = lambda e: (400, {}, b"no thanks") if b"number 1" in e.body else (200, {}, b"")
        self.feed.add(*entries(2, 1))
        daemon = self.start([("team", "/hook")])
        self.web.wait(lambda: any(b"number 2" in r.body for r in self.web.to("/hook")), "the second alert in spite of the first")
        wait_for(lambda: daemon.status()["dead_letters"], "the dead letter in the status")
        daemon.stop()
        [dead] = daemon.status()["dead_letters"]
        self.assertEqual(dead["channel"], "team")
        self.assertIn("400", dead["reason"])
        self.assertEqual(sum(b"number 1" in r.body for r in self.web.to("/hook")), 1)

    def test_a_sink_that_lets_exceptions_through_is_made_anew_and_loses_nothing(self):
        self.web.routes["/hook"] = lambda e: (200, {}, b"")
        self.feed.add(*[(f"g{n}", f"acmebank {what}", f"http://blog.example/{n}", "x")
                        for n, what in enumerate(("calm", "throws always", "throws once"))])
        daemon = self.daemon(config(self.folder, [self.source], [f"{{name: team, type: moody, url: '{self.web.url('/hook')}'}}"]),
                             env={"EARSHOT_PLUGIN_PATH": f"{os.environ['E2E_PLUGINS']}:{os.environ['EARSHOT_PLUGIN_PATH']}"})
        self.web.wait(lambda: len(self.web.to("/hook")) == 2, "the alerts that can be rendered")
        wait_for(lambda: daemon.status()["dead_letters"], "the dead letter of the one that cannot")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(sorted(r.body for r in self.web.to("/hook")), [b"acmebank calm", b"acmebank throws once"])
        [dead] = daemon.status()["dead_letters"]
        self.assertEqual((dead["title"], dead["attempts"]), ("acmebank throws always", 3))
        self.assertIn("in a mood", dead["reason"])

    def test_one_slow_channel_delays_no_other(self):
        free = threading.Event()
        self.addCleanup(free.set)

        def slow(_):
            free.wait(120)
            return 200, {}, b""

        self.web.routes["/slow"] = slow
        self.web.routes["/quick"] = lambda e: (200, {}, b"")
        self.feed.add(*entries(3, 2, 1))
        daemon = self.start([("slow", "/slow"), ("quick", "/quick")], "routes: [{when: {}, channels: [slow, quick]}]")
        self.web.wait(lambda: len(self.web.to("/quick")) == 3, "all alerts of the quick channel")
        self.assertEqual(len(self.web.to("/slow")), 1)
        free.set()
        self.web.wait(lambda: len(self.web.to("/slow")) == 3, "the slow channel's alerts, once it answers")
        daemon.stop()

    def test_channels_of_one_service_are_posted_to_at_the_same_time(self):
        together = threading.Barrier(8)  # more than the manners towards sources allow

        def answer(exchange):
            together.wait(LIMIT)
            return 200, {}, b""

        self.feed.add(*entries(1))
        names = [f"team{n}" for n in range(8)]
        for name in names:
            self.web.routes[f"/{name}"] = answer
        daemon = self.start([(name, f"/{name}") for name in names], f"routes: [{{when: {{}}, channels: [{', '.join(names)}]}}]")
        daemon.wait_log(" delivered ", 8)
        daemon.stop()

    def test_redirects_of_a_channel_are_not_followed(self):
        self.web.routes["/hook"] = lambda e: (307, {"Location": self.web.url("/elsewhere")}, b"")
        self.feed.add(*entries(1))
        daemon = self.start([("team", "/hook")])
        wait_for(lambda: daemon.status()["dead_letters"], "the dead letter")
        daemon.stop()
        self.assertEqual(self.web.to("/elsewhere"), [])

    def test_a_channel_that_was_down_gets_everything_after_a_restart(self):
        down = threading.Event()
        down.set()
        self.web.routes["/hook"] = lambda e: None if down.is_set() else (200, {}, b"")
        self.feed.add(*entries(2, 1))
        daemon = self.start([("team", "/hook")])
        self.web.wait(lambda: self.web.to("/hook"), "a first try")
        self.assertEqual(daemon.stop(), 0)
        first = ids(self.web.to("/hook"))[0]
        down.clear()
        before = len(self.web.to("/hook"))
        daemon.start()
        self.web.wait(lambda: len(self.web.to("/hook")) == before + 2, "both alerts")
        self.assertEqual(ids(self.web.to("/hook"))[before], first)
        daemon.stop()


if __name__ == "__main__":
    unittest.main()
