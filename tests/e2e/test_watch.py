"""`earshot watch`: no configuration at all."""

import gzip
import json
import signal
import subprocess
import unittest

from harness import EARSHOT, Case, Feed, earshot, rss, wait_for


class Watch(Case):
    def setUp(self):
        super().setUp()
        self.web = self.server()
        self.feed = Feed([("g1", "Acme Bank opens", "http://blog.example/1", "x"), ("g2", "Rain", "http://blog.example/2", "x")])
        self.web.routes["/feed"] = self.feed

    def test_once_exits_0_when_something_matched(self):
        done = earshot("watch", "--once", '"acme bank"', self.web.url("/feed"))
        self.assertEqual(done.returncode, 0, done.stderr)
        [line] = done.stdout.splitlines()
        self.assertIn("Acme Bank opens", line)
        self.assertIn("http://blog.example/1", line)
        self.assertNotIn("\x1b", line)

    def test_once_exits_1_when_nothing_did(self):
        done = earshot("watch", "--once", "nobody", self.web.url("/feed"))
        self.assertEqual((done.returncode, done.stdout), (1, ""))

    def test_a_wrong_query_is_shown_with_a_caret(self):
        done = earshot("watch", "--once", "acme AND (bank", self.web.url("/feed"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("^", done.stderr)

    def test_wrong_usage(self):
        self.assertEqual(earshot("watch", "acme").returncode, 2)
        self.assertEqual(earshot("watch", "acme", "gopher://x/").returncode, 2)

    def test_json(self):
        done = earshot("watch", "--once", "--json", '"acme bank"', self.web.url("/feed"))
        [mention] = map(json.loads, done.stdout.splitlines())
        self.assertEqual(mention["title"], "Acme Bank opens")
        self.assertEqual(mention["matched"][0]["field"], "title")

    def test_a_gzip_file_that_is_served_as_it_lies(self):
        document = gzip.compress(rss([("g9", "Acme Bank packs up", "http://blog.example/9", "x")]).encode())
        self.web.routes["/feed.xml.gz"] = lambda e: (200, {"Content-Type": "application/x-gzip"}, document)
        done = earshot("watch", "--once", "acme", self.web.url("/feed.xml.gz"))
        self.assertIn("Acme Bank packs up", done.stdout, done.stderr)
        path = self.folder / "feed.xml.gz"
        path.write_bytes(document)
        parsed = json.loads(earshot("parse", str(path)).stdout)
        self.assertEqual(parsed["items"][0]["title"], "Acme Bank packs up")
        path.write_bytes(document[:-9])
        self.assertIn("is a gzip file, and", earshot("parse", str(path)).stderr)

    def test_a_source_that_cannot_be_reached_is_named(self):
        done = earshot("watch", "--once", "acme", self.web.url("/feed"), "http://feeds.invalid/x")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("feeds.invalid", done.stderr)

    def test_shows_what_comes_later_until_interrupted(self):
        process = subprocess.Popen([EARSHOT, "watch", "--interval", "1s", "acme", self.web.url("/feed")], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        self.assertIn("Acme Bank opens", process.stdout.readline())
        self.feed.add(("g3", "Acme again", "http://blog.example/3", "x"))
        self.assertIn("Acme again", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(5), 0)


if __name__ == "__main__":
    unittest.main()
