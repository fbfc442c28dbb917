"""Routes that wait: groups, digests, limits, quiet hours and silences, on the real binary; and SIGKILL while they wait."""

import json
import time
import unittest

from harness import Case, Feed, earshot, wait_for
from test_main_job import config


def entries(*titles):
    return [(t, f"acmebank {t}", f"http://blog.example/{t}", "x") for t in titles]


def kinds(requests):
    return [r.json()["data"]["kind"] for r in requests]


def titles(request):
    data = request.json()["data"]
    listed = data.get("mentions") or [data["mention"]]
    return {m["title"].removeprefix("acmebank ") for m in listed}


class Routes(Case):
    def play(self, routes, feed=None):
        self.web = self.server()
        self.feed = feed or Feed()
        self.web.routes["/feed"] = self.feed
        self.web.routes["/hook"] = lambda e: (204, {}, b"")
        return self.daemon(config(self.folder, [f"{{name: blog, type: feed, url: '{self.web.url('/feed')}'}}"],
                                  [f"{{name: team, type: webhook, url: '{self.web.url('/hook')}'}}"], f"routes: [{routes}]"))

    def alerts(self):
        return self.web.to("/hook")

    def polled(self):
        """The daemon has asked for the feed as it is now, and answered for it."""
        count = len(self.web.to("/feed"))
        self.web.wait(lambda: len(self.web.to("/feed")) >= count + 2, "two more polls")

    def test_a_group_is_one_alert_and_then_its_growth(self):
        daemon = self.play("{when: {}, channels: [team], group: {by: [topic], wait: 2s, repeat: 1s}}")
        self.feed.add(*entries("one", "two", "three"))
        self.web.wait(lambda: len(self.alerts()) == 1, "the group's alert")
        self.assertEqual(titles(self.alerts()[0]), {"one", "two", "three"})
        self.feed.add(*entries("four"))
        self.web.wait(lambda: len(self.alerts()) == 2, "its growth")
        self.assertEqual(kinds(self.alerts()), ["story", "growth"])
        self.assertEqual(self.alerts()[1].json()["data"]["total"], 4)
        self.assertEqual(daemon.stop(), 0)

    def test_a_digest_survives_kills_while_it_fills(self):
        daemon = self.play("{when: {}, channels: [team], digest: {every: 15s}}")
        for name in ("one", "two", "three"):
            self.feed.add(*entries(name))
            wait_for(lambda: name in json.dumps(daemon.mentions() if daemon.status()["sources"] else []), f"{name} in the store")
            daemon.kill()
            daemon.start()
        told = lambda: set().union(set(), *(titles(a) for a in self.alerts()))
        self.web.wait(lambda: told() == {"one", "two", "three"}, "every mention in a digest")
        self.assertEqual(set(kinds(self.alerts())), {"digest"})
        self.assertEqual(sum(len(titles(a)) for a in self.alerts()), 3, "none is told twice")
        self.polled()  # after the last kill it may have just begun
        self.assertEqual(daemon.stop(), 0)

    def test_what_is_too_much_is_rolled_into_one_that_lists_it(self):
        daemon = self.play("{when: {}, channels: [team], limit: {alerts: 2, per: 3s}}")
        names = [f"n{i}" for i in range(9)]
        self.feed.add(*entries(*names))
        self.web.wait(lambda: len(self.alerts()) == 3, "two alerts and the roll-up")
        self.assertEqual(kinds(self.alerts()), ["mention", "mention", "rollup"])
        rollup = self.alerts()[2].json()["data"]
        self.assertEqual(rollup["total"], 7)
        self.assertEqual(set().union(*(titles(a) for a in self.alerts())), set(names))
        self.assertGreaterEqual(self.alerts()[2].at - self.alerts()[0].at, 2.5)
        self.assertEqual(daemon.stop(), 0)

    def test_quiet_hours_gather_until_their_end_also_over_a_kill(self):
        now = time.gmtime(time.time())
        minute = now.tm_hour * 60 + now.tm_min
        clock = lambda m: f"{m % 1440 // 60:02}:{m % 60:02}"
        ahead = 1 if now.tm_sec < 40 else 2  # time enough to hear of it before the quiet ends
        daemon = self.play("{when: {}, channels: [team], quiet: {from: '%s', to: '%s', then: digest, except: [high]}}"
                           % (clock(minute - 60), clock(minute + ahead)))
        end = time.time() - time.time() % 60 + 60 * ahead
        self.feed.add(*entries("night", "owl"))
        wait_for(lambda: len(daemon.mentions()) == 2 if daemon.status()["sources"] else False, "both in the store")
        daemon.kill()
        self.assertEqual(self.alerts(), [])
        daemon.start()
        self.feed.add(("loud", "acmebank outage loud", "http://blog.example/loud", "x"))
        self.web.wait(lambda: self.alerts(), "what disturbs all the same")
        self.assertEqual(kinds(self.alerts()), ["mention"])
        self.web.wait(lambda: len(self.alerts()) == 2, "the digest after the quiet", limit=180)
        self.assertGreaterEqual(time.time(), end)
        self.assertEqual(titles(self.alerts()[1]), {"night", "owl"})
        self.assertEqual(kinds(self.alerts())[1], "digest")
        self.assertEqual(daemon.stop(), 0)

    def test_a_silence_is_made_listed_and_ended_beside_the_running_daemon(self):
        daemon = self.play("{when: {}, channels: [team]}")
        self.web.wait(lambda: self.web.to("/feed"), "a poll")
        made = daemon.command("silence", "add", "giveaway", "--until", "1h", "--by", "Ann", "--why", "our own campaign").stdout
        name = made.split()[0]
        listed = json.loads(daemon.command("silence", "list", "--json").stdout)
        self.assertEqual((listed["id"], listed["query"], listed["by"], listed["why"], listed["holds"]),
                         (name, "giveaway", "Ann", "our own campaign", True))
        self.feed.add(*entries("giveaway", "news"))
        self.web.wait(lambda: self.alerts(), "what no silence holds back")
        wait_for(lambda: [c["owed"] for c in daemon.status()["channels"]] == [0], "the delivery settled")
        daemon.kill()  # a silence is not lost by a crash
        daemon.start()
        self.feed.add(*entries("giveaway-two", "more-news"))
        self.web.wait(lambda: len(self.alerts()) == 2, "the second that no silence holds back")
        self.assertEqual([titles(a) for a in self.alerts()], [{"news"}, {"more-news"}])
        self.assertEqual(len(daemon.mentions()), 4)  # heard and kept
        daemon.command("silence", "end", name)
        self.feed.add(*entries("giveaway-three"))
        self.web.wait(lambda: len(self.alerts()) == 3, "the first after its end")
        self.assertEqual(daemon.stop(), 0)

        # Without a daemon the same commands change the store themselves.
        self.assertEqual(daemon.command("silence", "list", check=False).returncode, 1)
        second = daemon.command("silence", "add", "outage", "--until", "30m", "--why", "tests").stdout.split()[0]
        self.assertIn(second, daemon.command("silence", "list").stdout)
        self.assertEqual(daemon.command("silence", "add", "(broken", "--until", "1h", "--why", "x", check=False).returncode, 2)
        self.assertEqual(daemon.command("silence", "add", "a", "--until", "yesterday", "--why", "x", check=False).returncode, 2)
        self.assertEqual(daemon.command("silence", "end", "s-00000000", check=False).returncode, 1)

    def test_what_nobody_claims_in_time_is_told_to_others(self):
        self.web = self.server()
        self.feed = Feed()
        self.web.routes["/feed"] = self.feed
        for hook in ("/team", "/boss"):
            self.web.routes[hook] = lambda e: (204, {}, b"")
        daemon = self.daemon(config(
            self.folder, [f"{{name: blog, type: feed, url: '{self.web.url('/feed')}'}}"],
            [f"{{name: {n}, type: webhook, url: '{self.web.url('/' + n)}'}}" for n in ("team", "boss")],
            "routes: [{name: care, when: {}, channels: [team], escalate: {after: 8s, channels: [boss]}}]"))
        self.feed.add(*entries("taken", "left"))
        self.web.wait(lambda: len(self.web.to("/team")) == 2, "both alerts")
        ids = {m["title"].removeprefix("acmebank "): m["id"] for m in daemon.mentions()}
        self.assertIn("Ann", daemon.command("claim", ids["taken"][:10], "--by", "Ann").stdout)
        self.assertEqual({w["what"] for w in daemon.status()["waits"]}, {"escalation"})
        self.assertIn("escalation", daemon.command("status").stdout)
        daemon.kill()  # neither the claim nor what waits is lost
        daemon.start()
        self.web.wait(lambda: self.web.to("/boss"), "the escalation")
        wait_for(lambda: not daemon.status()["waits"], "nothing waits any more")
        told = [r.json()["data"] for r in self.web.to("/boss")]
        self.assertEqual([(t["kind"], t["total"]) for t in told], [("escalation", 1)])
        self.assertEqual(titles(self.web.to("/boss")[0]), {"left"})
        self.assertEqual(json.loads(daemon.command("why", ids["taken"], "--json").stdout)["claim"]["state"], "claimed")
        daemon.command("claim", ids["left"], "--not-relevant")
        listed = [json.loads(line) for line in daemon.command("claim", "--json").stdout.splitlines()]
        self.assertEqual({(c["mention"], c["state"]) for c in listed}, {(ids["taken"], "claimed"), (ids["left"], "not relevant")})
        self.assertEqual(listed[0]["topics"], ["brand"])
        self.assertEqual(daemon.stop(), 0)

    def test_an_edit_is_a_revision_and_told_only_where_a_route_asks(self):
        self.web = self.server()
        self.feed = Feed()
        self.web.routes["/feed"] = self.feed
        for hook in ("/quiet", "/curious"):
            self.web.routes[hook] = lambda e: (204, {}, b"")
        daemon = self.daemon(config(
            self.folder, [f"{{name: blog, type: feed, url: '{self.web.url('/feed')}'}}"],
            [f"{{name: {n}, type: webhook, url: '{self.web.url('/' + n)}'}}" for n in ("quiet", "curious")],
            "routes: [{when: {}, channels: [quiet]}, {when: {}, channels: [curious], alert_on: edit, digest: {every: 1s}}]"))
        self.feed.add(("1", "acmebank fails", "http://blog.example/1", "x"))
        self.web.wait(lambda: self.web.to("/quiet") and self.web.to("/curious"), "the alerts")
        with self.feed.lock:
            self.feed.entries[0] = ("1", "acmebank does not fail", "http://blog.example/1", "x")
            self.feed.version += 1
        self.web.wait(lambda: len(self.web.to("/curious")) == 2, "the alert of the edit")
        self.assertEqual(titles(self.web.to("/curious")[1]), {"does not fail"})
        mention = daemon.mentions()[0]
        self.assertEqual(mention["title"], "acmebank does not fail")
        why = json.loads(daemon.command("why", mention["id"], "--json").stdout)
        self.assertEqual([r["title"] for r in why["revisions"]], ["acmebank fails"])
        self.assertIn("until then: acmebank fails", daemon.command("why", mention["id"]).stdout)
        self.assertEqual(len(self.web.to("/quiet")), 1)
        self.assertEqual(daemon.stop(), 0)

    def test_a_route_silences_by_its_configuration(self):
        daemon = self.play("{when: {}, channels: [team], silence: {query: giveaway, by: Ann, why: our own}}")
        self.feed.add(*entries("giveaway"))
        self.polled()
        self.feed.add(*entries("news"))
        self.web.wait(lambda: self.alerts(), "the alert")
        self.assertEqual([titles(a) for a in self.alerts()], [{"news"}])
        self.assertEqual(daemon.stop(), 0)


class Archive(Case):
    def test_a_backup_beside_the_running_daemon_comes_back_and_replay_looks_on(self):
        web = self.server()
        feed = Feed()
        web.routes["/feed"] = feed
        web.routes["/hook"] = lambda e: (204, {}, b"")
        daemon = self.daemon(config(self.folder, [f"{{name: blog, type: feed, url: '{web.url('/feed')}'}}"],
                                    [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"]))
        feed.add(*entries("one"))
        web.wait(lambda: len(web.to("/hook")) == 1, "the first alert")
        wait_for(lambda: [c["owed"] for c in daemon.status()["channels"]] == [0], "the delivery settled")
        copy = self.folder / "copies" / "1"
        refused = daemon.command("backup", str(copy), check=False)  # its parent does not exist
        self.assertEqual(refused.returncode, 1)
        self.assertIn("its log says why", refused.stderr)
        copy.parent.mkdir()
        daemon.command("backup", str(copy))
        self.assertIn("is there already", daemon.command("backup", str(copy), check=False).stderr)
        feed.add(*entries("two"))
        web.wait(lambda: len(web.to("/hook")) == 2, "the second alert")

        same = json.loads(daemon.command("replay", "--json").stdout)
        self.assertEqual((same["mentions"], same["topics"]["brand"]["was"], same["topics"]["brand"]["now"]), (2, 2, 2))
        self.assertEqual((same["channels"]["team"]["gained"], same["channels"]["team"]["alerts"]), (0, 2))
        other = self.folder / "new.yaml"
        other.write_text(daemon.config.read_text().replace("acmebank", "two"))
        changed = json.loads(earshot("replay", "--config", other, "--json", env=daemon.env).stdout)
        self.assertEqual(changed["channels"]["team"]["lost"], 1)
        self.assertEqual(changed["topics"]["brand"]["lost_examples"][0]["title"], "acmebank one")
        self.assertIn("CHANNEL", daemon.command("replay").stdout)

        self.assertIn("already running", daemon.command("restore", str(copy), check=False).stderr)
        self.assertEqual(daemon.stop(), 0)
        daemon.command("restore", str(copy))
        self.assertEqual([m["title"] for m in daemon.mentions()], ["acmebank one"])
        daemon.start()
        web.wait(lambda: len(web.to("/hook")) == 3, "what was heard since the backup, again")
        first, again = web.to("/hook")[1:]
        self.assertEqual(titles(again), {"two"})
        ids = [{k.lower(): v for k, v in r.headers.items()}["webhook-id"] for r in (first, again)]
        self.assertEqual(ids[0], ids[1])
        self.assertEqual(daemon.stop(), 0)


WIRE = ("acmebank said on Monday that its app had stopped working after a faulty update. Customers in Utrecht could not pay "
        "for most of the morning. The bank apologised and promised a report to everybody within a week.")


class Stories(Case):
    def test_wire_copy_of_two_outlets_is_one_alert_and_why_tells_it(self):
        web = self.server()
        first, second = Feed(), Feed()
        web.routes["/wire"], web.routes["/paper"] = first, second
        web.routes["/hook"] = lambda e: (204, {}, b"")
        daemon = self.daemon(config(
            self.folder, [f"{{name: {n}, type: feed, url: '{web.url('/' + n)}'}}" for n in ("wire", "paper")],
            [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"],
            "routes: [{when: {}, channels: [team], group: {by: [story], wait: 1s, repeat: 1s}}]"))
        first.add(("w1", "Outage at the bank", "http://wire.example/1", WIRE),
                  ("w2", "Outage at the bank", "http://wire.example/2", "acmebank opens a branch in Gent, and that is other news under the same headline."))
        web.wait(lambda: len(web.to("/hook")) == 2, "an alert for each story")
        second.add(("p1", "Nobody could pay", "http://paper.example/9", "(own report) " + WIRE + " Read more tomorrow."))
        web.wait(lambda: len(web.to("/hook")) == 3, "the growth of the first")
        grown = web.to("/hook")[2].json()["data"]
        self.assertEqual((grown["kind"], grown["total"]), ("growth", 2))
        self.assertIn("2 outlets", grown["text"])
        self.assertIn("first: wire.example", grown["text"])
        ids = {m["item_id"]: m["id"] for m in daemon.mentions()}
        why = json.loads(daemon.command("why", ids["p1"][:8], "--json").stdout)
        self.assertEqual(why["story"]["mentions"], [ids["w1"], ids["p1"]])
        self.assertEqual(why["story"]["like"], ids["w1"])
        self.assertEqual([(r["channel"], r["fate"]) for r in why["routes"]], [("team", "waits")])
        wait_for(lambda: json.loads(daemon.command("why", ids["p1"], "--json").stdout)["delivered"], "the delivery on record")
        self.assertEqual(why["mention"]["topics"], ["brand"])
        text = daemon.command("why", ids["p1"]).stdout
        for part in ("heard", "matched", "story", "routes", "delivered", "acmebank"):
            self.assertIn(part, text)
        self.assertEqual(daemon.command("why", "zzzzzz", check=False).returncode, 1)

        # A person splits and merges beside the running daemon; it sticks.
        show = lambda key: json.loads(daemon.command("story", "show", ids[key], "--json").stdout)
        self.assertEqual(show("p1")["outlets"], ["wire.example", "paper.example"])
        daemon.command("story", "split", ids["p1"], "--by", "Ann")
        self.assertEqual((show("p1")["ids"], show("w1")["ids"]), ([ids["p1"]], [ids["w1"]]))
        daemon.command("story", "merge", ids["w2"], ids["p1"], "--by", "Ann")
        daemon.kill()
        daemon.start()
        self.assertEqual(show("p1")["ids"], [ids["w2"], ids["p1"]])
        self.assertEqual(json.loads(daemon.command("why", ids["p1"], "--json").stdout)["story"]["by"], "Ann")
        self.assertIn("by Ann", daemon.command("story", "show", ids["w2"]).stdout)
        self.assertEqual(daemon.command("story", "split", "zzzzzz", check=False).returncode, 1)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
