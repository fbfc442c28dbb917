"""How sources are doing: told once to the channels named for it, shown by `earshot status`, never a mention."""

import unittest

from harness import Case, Feed


class Health(Case):
    def test_a_broken_source_is_told_once_and_so_is_its_recovery(self):
        web = self.server()
        good = Feed([("g1", "acmebank", "http://blog.example/1", "x")])
        ill = {"now": True}
        web.routes["/feed"] = lambda e: (500, {}, b"") if ill["now"] else good(e)
        web.routes["/ops"] = web.routes["/team"] = lambda e: (204, {}, b"")
        daemon = self.daemon(f"""
storage: {{path: {self.folder}/store}}
fetch: {{interval: {{min: 1s, max: 1s}}, per_host: {{delay: 0s}}, allow_private: [127.0.0.0/8]}}
health: {{channels: [ops]}}
topics: [{{name: brand, query: acmebank}}]
sources: [{{name: blog, type: feed, url: '{web.url('/feed')}', backfill: 1d}}]
channels:
  - {{name: ops, type: webhook, url: '{web.url('/ops')}'}}
  - {{name: team, type: webhook, url: '{web.url('/team')}'}}
routes: [{{when: {{}}, channels: [team]}}]
""")
        web.wait(lambda: web.to("/ops"), "the alert that the source is broken")
        told = web.to("/ops")[0].json()
        self.assertEqual(told["type"], "health.changed")
        self.assertIn("blog is broken", str(told["data"]))
        self.assertIn("500", str(told["data"]))
        words = daemon.command("status").stdout
        self.assertIn("broken since", words)
        state = daemon.status()["sources"][0]
        self.assertEqual(state["health"], "broken")
        self.assertTrue(state["health_since"])
        asked = len(web.to("/feed"))
        web.wait(lambda: len(web.to("/feed")) >= asked + 2, "two more polls")
        self.assertEqual(len(web.to("/ops")), 1)

        ill["now"] = False
        web.wait(lambda: len(web.to("/ops")) == 2 and web.to("/team"), "the alert that it works again, and the mention's")
        self.assertIn("works again", str(web.to("/ops")[1].json()["data"]))
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual([m["title"] for m in daemon.mentions("--all")], ["acmebank"])
        self.assertEqual(len(web.to("/team")), 1)
        self.assertEqual(daemon.status()["sources"][0]["health"], "ok")


if __name__ == "__main__":
    unittest.main()
