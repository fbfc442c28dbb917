"""SIGKILL in mid-work, again and again, over routes that wait in every way: what is stored is what a run without a kill
stores, every mention is told to every channel exactly once, and repeats come with the same delivery id and the same
words. What people asked for meanwhile holds: what they silenced is kept and told to nobody, what they took stays taken.
EARSHOT_KILLS sets how often (12 unless told): the thousand takes its time."""

import collections
import json
import os
import pathlib
import random
import threading
import unittest

from harness import Case, Daemon, Feed, wait_for
from test_main_job import config

ROUNDS = int(os.environ.get("EARSHOT_KILLS", "12"))
SOURCES = 8
ENTRIES = 12 if ROUNDS <= 12 else 2  # in each round at each source; the feeds keep all of it
PATIENCE = 60 + ROUNDS / 4

PEOPLE = 4 if ROUNDS <= 12 else 20  # in every so manieth round somebody silences something and takes something

# Told at once and to others when nobody takes it; in digests; a few and then the rest in one; in groups.
ROUTES = """routes:
  - {when: {}, channels: [team], escalate: {after: 1s, channels: [boss]}}
  - {when: {}, channels: [daily], digest: {every: 2s}}
  - {when: {}, channels: [few], limit: {alerts: 3, per: 2s}}
  - {when: {}, channels: [many], group: {by: [source], wait: 1s, repeat: 2s}}
"""
CHANNELS = ("team", "boss", "daily", "few", "many")


class Told:
    """What one channel was told. Reads each request once, so that a thousand kills do not cost their square."""

    def __init__(self, dice, trouble=0.004):
        self.dice, self.trouble, self.lock = dice, trouble, threading.Lock()
        self.alerts, self.titles, self.tries, self.changed = {}, collections.defaultdict(set), 0, []

    def __call__(self, exchange):
        delivery = {k.lower(): v for k, v in exchange.headers.items()}["webhook-id"]
        data = exchange.json()["data"]
        listed = data.get("mentions") or [data["mention"]]
        what = (data["kind"], data.get("total", 1), tuple(m["title"] for m in listed))
        with self.lock:
            self.tries += 1
            if self.alerts.setdefault(delivery, what) != what:
                self.changed.append((delivery, self.alerts[delivery], what))
            for title in what[2]:
                self.titles[title].add(delivery)
            fine = self.dice.random() >= self.trouble
        return (200, {}, b"") if fine else (503, {"Retry-After": "0"}, b"")

    def total(self):
        with self.lock:
            return sum(total for _, total, _ in self.alerts.values())


class ToldOfGroups(Told):
    """Each alert of a group counts all that came to it so far."""

    def total(self):
        groups = collections.defaultdict(int)
        with self.lock:
            for _, total, titles in self.alerts.values():
                source = titles[0].split()[1]
                groups[source] = max(groups[source], total)
        return sum(groups.values())


def stored(daemon):
    return collections.Counter((m["id"], m["source"], m["title"], tuple(sorted(m["topics"]))) for m in daemon.mentions())


class Kill(Case):
    def test_nothing_is_lost_and_nothing_is_kept_twice(self):
        dice = random.Random(int(os.environ.get("KILL_SEED", "1")))
        web = self.server()
        feeds = [Feed() for _ in range(SOURCES)]
        for i, feed in enumerate(feeds):
            web.routes[f"/feed{i}"] = feed
        told = {name: (ToldOfGroups if name == "many" else Told)(random.Random(n)) for n, name in enumerate(CHANNELS)}
        for name in CHANNELS:
            web.routes[f"/{name}"] = told[name]
        sources = [f"{{name: s{i}, type: feed, url: '{web.url(f'/feed{i}')}'}}" for i in range(SOURCES)]
        channels = [f"{{name: {name}, type: webhook, url: '{web.url('/' + name)}'}}" for name in CHANNELS]
        daemon = self.daemon(config(self.folder, sources, channels, ROUTES), start=False)
        expected, silenced, taken = set(), set(), set()

        def people(number):
            """Somebody silences what is about to come and takes a mention that is there; by the running daemon's inbox
            or on the store itself. What they were told is done must hold."""
            daemon.command("silence", "add", f"hush{number}", "--until", "1d", "--why", f"round {number}")
            for i, feed in enumerate(feeds):
                title = f"acmebank {i} {number} hush{number}"
                feed.add((f"{i}-{number}-hush", title, f"http://h{i}.example/{number}/hush", "x"))
                expected.add(title)
                silenced.add(title)
            some = daemon.command("mentions", "--json", "--limit", "5", check=False).stdout.splitlines()
            if some:
                mention = json.loads(dice.choice(some))
                if daemon.command("claim", mention["id"], "--by", "Ann", check=False).returncode == 0:
                    taken.add(mention["id"])
                    took.add(mention["title"])

        took = set()
        for round_number in range(ROUNDS):
            for i, feed in enumerate(feeds):
                new = [(f"{i}-{round_number}-{n}", f"acmebank {i} {round_number} {n}", f"http://h{i}.example/{round_number}/{n}", "x")
                       for n in range(ENTRIES)]
                feed.add(*new)
                expected |= {t for _, t, _, _ in new}
            # Killed at a point that the server sees: after so many requests, polls and deliveries alike.
            target = len(web.requests) + dice.randint(1, 120 if ENTRIES > 2 else 40)
            if round_number % PEOPLE == 1:
                people(round_number)  # nobody is at home: on the store itself
            daemon.start()
            if round_number % PEOPLE == 3:
                people(round_number)
            web.wait(lambda: len(web.requests) >= target or daemon.process.poll() is not None, "work to kill")
            self.assertIsNone(daemon.process.poll(), f"the daemon ended by itself\n{daemon.log()[-3000:]}")
            daemon.kill()

        daemon.start()
        news = len(expected) - len(silenced)
        wait_for(lambda: all(one.total() >= news for name, one in told.items() if name != "boss") and
                 told["boss"].total() >= news - len(taken), f"{news} mentions told to each channel", PATIENCE)
        wait_for(lambda: all(c["owed"] == 0 for c in daemon.status()["channels"]), "an empty outbox", PATIENCE)
        self.assertEqual(daemon.stop(), 0)

        kept = stored(daemon)
        self.assertEqual({title for _, _, title, _ in kept}, expected)
        self.assertEqual({m: n for m, n in kept.items() if n > 1}, {})
        for name, one in told.items():
            with self.subTest(channel=name):
                if name == "boss":
                    self.assertGreaterEqual(one.total(), news - len(taken), "each that nobody took counts in one alert")
                    self.assertLessEqual(one.total(), news)
                    self.assertEqual(set(one.titles) | took, expected - silenced | took)
                else:
                    self.assertEqual(one.total(), news, "each mention counts in one alert")
                self.assertEqual(set(one.titles) & silenced, set(), "told what was silenced")
                self.assertEqual({t: i for t, i in one.titles.items() if len(i) > 1}, {}, "told by two alerts")
                self.assertEqual(one.changed, [], "a repeat that says something else")
        self.assertEqual(set(told["team"].titles), expected - silenced)
        claims = [json.loads(line) for line in daemon.command("claim", "--json", check=False).stdout.splitlines()]
        self.assertEqual({c["mention"]: (c["state"], c["by"]) for c in claims}, {m: ("claimed", "Ann") for m in taken})

        # The same feeds, never interrupted.
        unkilled = Told(random.Random(99), trouble=0)
        web.routes["/unkilled"] = unkilled
        whole = pathlib.Path(self.folder, "whole")
        whole.mkdir()
        calm = Daemon(whole, config(whole, sources, [f"{{name: team, type: webhook, url: '{web.url('/unkilled')}'}}"]))
        self.addCleanup(lambda: calm.process and calm.process.poll() is None and calm.kill())
        calm.start()
        wait_for(lambda: unkilled.total() >= len(expected), "the uninterrupted run", PATIENCE)
        self.assertEqual(calm.stop(), 0)
        self.assertEqual(kept, stored(calm))
        print(f"\n{ROUNDS} kills: {len(expected)} mentions expected, {sum(kept.values())} stored, {len(silenced)} silenced, {len(taken)} taken; alerts (tries): "
              + ", ".join(f"{name} {len(one.alerts)} ({one.tries})" for name, one in told.items()), flush=True)


if __name__ == "__main__":
    unittest.main()
