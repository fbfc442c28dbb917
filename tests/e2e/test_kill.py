"""SIGKILL in mid-work, again and again: every mention stored once, every alert delivered at least once, and repeats only
with the same delivery id. KILL_ROUNDS sets how often (12 unless told)."""

import collections
import os
import random
import unittest

from harness import Case, Feed, wait_for
from test_main_job import config

ROUNDS = int(os.environ.get("KILL_ROUNDS", "12"))
SOURCES, ENTRIES = 8, 12


class Kill(Case):
    def test_nothing_is_lost_and_nothing_is_kept_twice(self):
        dice = random.Random(int(os.environ.get("KILL_SEED", "1")))
        web = self.server()
        feeds = [Feed() for _ in range(SOURCES)]
        for i, feed in enumerate(feeds):
            web.routes[f"/feed{i}"] = feed
        web.routes["/hook"] = lambda e: (200, {}, b"") if dice.random() > 0.004 else (503, {"Retry-After": "0"}, b"")
        daemon = self.daemon(config(self.folder, [f"{{name: s{i}, type: feed, url: '{web.url(f'/feed{i}')}'}}" for i in range(SOURCES)],
                                    [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"]), start=False)
        expected = set()
        for round_number in range(ROUNDS):
            for i, feed in enumerate(feeds):
                new = [(f"{i}-{round_number}-{n}", f"acmebank {i} {round_number} {n}", f"http://h{i}.example/{round_number}/{n}", "x")
                       for n in range(ENTRIES)]
                feed.add(*new)
                expected |= {t for _, t, _, _ in new}
            # Killed at a point that the server sees: after so many requests, polls and deliveries alike.
            target = len(web.requests) + dice.randint(1, 120)
            daemon.start()
            web.wait(lambda: len(web.requests) >= target or daemon.process.poll() is not None, "work to kill")
            self.assertIsNone(daemon.process.poll(), f"the daemon ended by itself\n{daemon.log()[-3000:]}")
            daemon.kill()

        daemon.start()
        delivered = lambda: {r.json()["data"]["mention"]["title"] for r in web.to("/hook")}
        web.wait(lambda: delivered() >= expected, f"{len(expected)} alerts")
        wait_for(lambda: [c["owed"] for c in daemon.status()["channels"]] == [0], "an empty outbox")
        self.assertEqual(daemon.stop(), 0)

        stored = collections.Counter(m["title"] for m in daemon.mentions())
        self.assertEqual(set(stored), expected)
        self.assertEqual({t: n for t, n in stored.items() if n > 1}, {})
        by_title = collections.defaultdict(set)
        for request in web.to("/hook"):
            by_title[request.json()["data"]["mention"]["title"]].add({k.lower(): v for k, v in request.headers.items()}["webhook-id"])
        self.assertEqual({t: i for t, i in by_title.items() if len(i) > 1}, {}, "a repeat with another delivery id")
        print(f"\n{ROUNDS} kills: {len(expected)} mentions expected, {sum(stored.values())} stored, "
              f"{len(web.to('/hook'))} delivery tries, {len(by_title)} alerts", flush=True)


if __name__ == "__main__":
    unittest.main()
