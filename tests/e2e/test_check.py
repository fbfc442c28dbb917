"""`earshot check` on a file with ten different mistakes finds all ten, each at its place."""

import pathlib
import unittest

from harness import Case, earshot

TEN = """\
timezone: Europe/Amsterdom
fetch: {interval: {min: 5 minutes}}
topics:
  - {name: brand, qery: acme}
  - {name: brand, query: 'acme AND (bank'}
sources:
  - {name: blog, type: feed, url: not a url}
  - {name: blog, type: feed, url: https://a.example/feed}
  - {name: x, type: fed, url: https://a.example/feed}
channels:
  - {name: pr, type: slack, url: "${file:/nonexistent/secret}"}
routes:
  - when: {topic: brnd}
    channels: [pr, care]
"""


class Command(Case):
    def test_wrong_usage(self):
        done = earshot()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("earshot run", done.stderr)
        done = earshot("chek", "--config", "x")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn('did you mean "check"?', done.stderr)
        done = earshot("zzzzzz")
        self.assertEqual(done.returncode, 2)
        self.assertIn('unknown command "zzzzzz"', done.stderr)


class Run(Case):
    def test_every_log_level_that_the_help_names(self):
        for level in ("debug", "info", "warn", "error"):
            done = earshot("run", "--config", self.folder / "none.yaml", "--log-level", level)
            self.assertIn("none.yaml does not exist", done.stderr)
        done = earshot("run", "--config", self.folder / "none.yaml", "--log-level", "loud")
        self.assertEqual(done.returncode, 2)
        self.assertIn("loud not in {debug,info,warn,error}", done.stderr)


CONFIG = pathlib.Path(__file__).resolve().parents[2] / "config"


class Cases(Case):
    def test_the_cases_that_are_shipped_hold(self):
        done = earshot("test", "--config", CONFIG / "earshot.yaml", CONFIG / "tests.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("4 cases, 0 failed", done.stdout)

    def test_what_is_not_as_expected_is_said_with_its_place(self):
        path = self.folder / "tests.yaml"
        path.write_text((CONFIG / "tests.yaml").read_text().replace("severity: normal", "severity: high"))
        done = earshot("test", "--config", CONFIG / "earshot.yaml", path)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"tests.yaml:\d+:\d+: error: .*severity: expected high, got normal")
        self.assertIn("4 cases, 1 failed", done.stdout)
        path.write_text("cases:\n  - nme: x\n")
        done = earshot("test", "--config", CONFIG / "earshot.yaml", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn('did you mean "name"', done.stderr)


class Check(Case):
    def test_ten_mistakes_at_once(self):
        path = self.folder / "earshot.yaml"
        path.write_text(TEN)
        done = earshot("check", "--config", path)
        self.assertEqual(done.returncode, 1)
        out = done.stdout + done.stderr
        for line, words in ((1, "Europe/Amsterdam"), (2, "5 minutes"), (4, 'did you mean "query"'), (5, "brand"), (5, "^"), (7, "URL"), (8, "blog"),
                            (9, "feed"), (11, "/nonexistent/secret"), (13, "brnd"), (14, "care")):
            self.assertIn(words, out)
            self.assertIn(f"earshot.yaml:{line}:", out)
        self.assertGreaterEqual(out.count("error: "), 10)

    def test_a_missing_file_and_a_yaml_error(self):
        done = earshot("check", "--config", self.folder / "none.yaml")
        self.assertEqual(done.returncode, 1)
        self.assertIn("none.yaml does not exist; name the file with --config", done.stderr + done.stdout)
        path = self.folder / "earshot.yaml"
        path.write_text("sources: [\n  {name: a\n")
        self.assertEqual(earshot("check", "--config", path).returncode, 1)


if __name__ == "__main__":
    unittest.main()
