"""The report: what the archive of a running daemon says of a week, for people and for programs."""

import json

from harness import Case, Feed, earshot
from test_main_job import config


class Report(Case):
    def play(self, extra):
        web = self.server()
        web.routes["/feed"] = Feed([
            (f"g{i}", f"Acme Bank and its branch number {i}", f"http://blog.example/{i}",
             f"It was said in Utrecht. The people of Acme Bank have opened branch {i} without any queue. More later.")
            for i in range(6)])
        web.routes["/hook"] = lambda e: (204, {}, b"")
        daemon = self.daemon(config(self.folder, [f"{{name: blog, type: feed, url: '{web.url('/feed')}'}}"],
                                    [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"], extra))
        web.wait(lambda: len(web.to("/hook")) == 6, "every alert")
        return daemon

    def test_figures_and_quotes(self):
        daemon = self.play('routes: [{when: {}, channels: [team]}]\n'
                           'reports: [{name: weekly, at: "mon 09:00", channels: [team], topics: [brand, outage]}]')
        found = json.loads(daemon.command("report", "weekly", "--since", "7d", "--json").stdout)
        self.assertEqual(found["report"], "weekly")
        self.assertEqual(found["figures"]["mentions"], 6)
        self.assertEqual(found["figures"]["before"]["mentions"], 0)
        self.assertEqual([(t["topic"], t["mentions"]) for t in found["topics"]], [("brand", 6), ("outage", 0)])
        self.assertEqual(found["outlets"], [{"name": "blog.example", "mentions": 6}])
        self.assertEqual(sum(found["days"]), 6)
        for quote in found["quotes"]:
            self.assertRegex(quote["quote"], r"^The people of Acme Bank have opened branch \d without any queue\.$")

        taken = found["quotes"][0]["id"]
        daemon.command("claim", taken, "--by", "sam")
        daemon.command("claim", taken, "--by", "sam", "--done")
        told = daemon.command("report", "--since", "7d").stdout
        self.assertIn("weekly: ", told)
        self.assertIn("Mentions 6 · Stories ", told)
        self.assertIn("Taken: 1 · half of them within 1 min · done 1", told)
        self.assertIn("“The people of Acme Bank have opened branch", told)
        self.assertIn("Vermeldingen 6", daemon.command("report", "--since", "7d", "--language", "nl").stdout)
        self.assertEqual(daemon.stop(), 0)

    def test_without_reports_in_the_configuration_it_is_about_everything(self):
        daemon = self.play("routes: [{when: {}, channels: [team]}]")
        found = json.loads(daemon.command("report", "--json").stdout)
        self.assertNotIn("report", found)
        self.assertEqual(found["figures"]["mentions"], 6)
        wrong = daemon.command("report", "weekly", check=False)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn('there is no report "weekly"; the configuration has none', wrong.stderr)
        self.assertEqual(daemon.command("report", "--since", "soon", check=False).returncode, 2)
        self.assertEqual(daemon.stop(), 0)

    def test_its_help_teaches(self):
        told = earshot("report", "--help").stdout
        self.assertIn("earshot report --since 24h", told)
