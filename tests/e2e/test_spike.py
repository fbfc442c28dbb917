"""A spike: far more is told about a topic than in the weeks before, and the team is told so once, whatever happens to the
daemon meanwhile. Slowly it grows again, and the team is told when it has doubled."""

import os
import random
import subprocess

from harness import Case, Feed, wait_for
from test_main_job import config


def stories(first, count):
    # Each about something else: what tells the same news would be one story.
    dice = random.Random(first)
    words = lambda: " ".join("".join(dice.choice("aeioulmnrst") for _ in range(7)) for _ in range(40))
    return [(f"g{i}", f"acmebank and {words()[:30]}", f"http://h{i}.example/{i}", words()) for i in range(first, first + count)]


class Spike(Case):
    def setUp(self):
        super().setUp()
        subprocess.run([os.environ["E2E_ORDINARY_WEEKS"], self.folder / "store", "brand", "blog"], check=True)
        self.web = self.server()
        self.feed = Feed()
        self.web.routes["/feed"] = self.feed
        for name in ("team", "other"):
            self.web.routes[f"/{name}"] = lambda e: (204, {}, b"")
        routes = ("routes:\n  - {when: {topic: brand}, channels: [team], limit: {alerts: 1, per: 30d}}\n"
                  "  - {when: {topic: outage}, channels: [other]}\n")
        self.config = config(self.folder, [f"{{name: blog, type: feed, url: '{self.web.url('/feed')}'}}"],
                             [f"{{name: {n}, type: webhook, url: '{self.web.url('/' + n)}'}}" for n in ("team", "other")],
                             routes)

    def spikes(self, channel="team"):
        return [r for r in self.web.to(f"/{channel}") if r.json()["data"]["kind"] == "spike"]

    def hear(self, daemon, *entries):
        self.feed.add(*entries)
        total = len(self.feed.entries)
        wait_for(lambda: daemon.command("mentions", "--json", "--limit", "0", check=False).stdout.count("\n") == total,
                 f"{total} mentions")

    def test_it_is_told_once_and_again_when_it_has_doubled(self):
        daemon = self.daemon(self.config)
        self.web.wait(lambda: self.web.to("/feed"), "the first poll")
        self.hear(daemon, *stories(0, 40))
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.spikes(), [])  # nobody has looked yet
        for _ in range(4):  # each looks at once; what is told is told, and what was under way comes again as the same
            daemon.start()
            self.web.wait(lambda: self.spikes(), "the spike")
            daemon.kill()
        self.assertEqual(len({{k.lower(): v for k, v in r.headers.items()}["webhook-id"] for r in self.spikes()}), 1)
        data = self.spikes()[0].json()["data"]
        self.assertRegex(data["headline"], r"^brand: 40 stories in an hour, usually [23]")
        self.assertIn("Terms: acmebank 40", data["text"])
        self.assertEqual(data["total"], 40)
        self.assertEqual(data["severity"], "high")
        self.assertEqual(self.spikes("other"), [])  # its topic has none

        daemon.start()
        self.hear(daemon, *stories(100, 60))
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        self.web.wait(lambda: self.spikes()[-1].json()["data"]["headline"].startswith("brand: 100 stories"), "its doubling")
        self.assertEqual(daemon.stop(), 0)

    def test_what_is_usual_is_no_spike(self):
        daemon = self.daemon(self.config)
        self.web.wait(lambda: self.web.to("/feed"), "the first poll")
        self.hear(daemon, *stories(0, 5))
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        polls = len(self.web.to("/feed"))
        self.web.wait(lambda: len(self.web.to("/feed")) > polls + 1, "a daemon at work")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.spikes(), [])


if __name__ == "__main__":
    import unittest
    unittest.main()
