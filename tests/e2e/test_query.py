"""`earshot query`, `match` and the advice of `check`: with a store, beside a running daemon, and without either."""

import json
import unittest

from harness import Case, Feed, earshot

CONFIG = """
storage: {{path: {folder}/store}}
fetch: {{interval: {{min: 1s, max: 1s}}, allow_private: [127.0.0.0/8]}}
topics:
  - {{name: brand, query: acmebank}}
  - {{name: exact, query: 'café', accents: keep}}
sources:
  - {{name: blog, type: feed, url: '{url}'}}
channels:
  - {{name: here, type: console}}
"""


class Query(Case):
    def test_lint_needs_nothing(self):
        done = earshot("query", "lint", "acmebank acmebank")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("said twice", done.stdout)
        self.assertNotIn("items a day", done.stdout)
        done = earshot("query", "lint", "--json", "acmebank")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (0, {"hints": [], "volume": None}))

    def test_lint_beside_a_running_daemon(self):
        web = self.server()
        web.routes["/feed"] = Feed([("g1", "acmebank opens", "http://blog.example/1", "text")])
        daemon = self.daemon(CONFIG.format(folder=self.folder, url=web.url("/feed")))
        web.wait(lambda: len(web.to("/feed")) > 2, "polls")
        done = daemon.command("query", "lint", "@{brand} crash")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("less than six hours of history", done.stderr)  # the store was opened, and says little yet
        done = daemon.command("query", "lint", "@{nobody} crash")
        self.assertIn("there is no topic called nobody", done.stderr)
        self.assertEqual(daemon.stop(), 0)

    def test_lint_says_why_there_is_no_estimate(self):
        daemon = self.daemon(CONFIG.format(folder=self.folder, url="http://127.0.0.1:9/"), start=False)
        done = daemon.command("query", "lint", "acmebank")
        self.assertEqual(done.returncode, 0)
        self.assertIn("without an estimate", done.stderr)

    def test_check_advises_without_a_store(self):
        path = self.folder / "earshot.yaml"
        path.write_text(CONFIG.format(folder=self.folder, url="https://a.example/feed").replace(
            "query: acmebank", "query: 'acmebank or acmeapp'"))
        done = earshot("check", "--config", path)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("earshot.yaml:5:36: warning: query: this looks for the word or", done.stdout)
        self.assertIn("with 1 warning", done.stdout + done.stderr)

    def test_accents_can_be_kept(self):
        item = json.dumps({"id": "1", "title": "Un café", "url": "https://a.example/1"}) + "\n"
        self.assertEqual(earshot("match", "cafe", input=item).returncode, 0)
        self.assertEqual(earshot("match", "--keep-accents", "cafe", input=item).returncode, 1)
        found = earshot("match", "--keep-accents", "café", input=item)
        self.assertEqual(json.loads(found.stdout)["matched"], [{"term": "café", "field": "title", "start": 3, "end": 8}])
        self.assertEqual(json.loads(found.stdout)["snippet"], "Un café")
        feed = self.folder / "feed.xml"
        web = Feed([("g1", "Un café", "http://blog.example/1", "x"), ("g2", "A cafe", "http://blog.example/2", "x")])

        class Asked:
            headers = {}

        feed.write_text(web(Asked)[2])
        self.assertEqual(earshot("watch", "--once", "cafe", feed).stdout.count("blog.example"), 2)
        only = earshot("watch", "--once", "--keep-accents", "cafe", feed).stdout
        self.assertIn("A cafe", only)
        self.assertNotIn("café", only)


if __name__ == "__main__":
    unittest.main()
