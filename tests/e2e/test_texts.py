"""A channel that says things its own way: in real alerts, in trial alerts, in `earshot texts`; and what `check` refuses."""

import json
import unittest

from harness import Case, Feed, earshot
from test_main_job import config
from test_web import free_port

TEXTS = """
    texts:
      status: "{severity, select, other {{kind}}} für {topic} ({label_team})"
      kind_mention: "Presse <!here>"
      byline: "{where} · von {author} · {when}"
      note: |
        Leitfaden: https://wiki.example/{topic}
        Nach {where} rückfragen
      take: "Meins"
"""


class Texts(Case):
    def setUp(self):
        super().setUp()
        self.web = self.server()
        self.web.routes["/feed"] = Feed([("g1", "acmebank @all", "http://blog.example/1", "x")])
        for path in ("/own", "/shipped"):
            self.web.routes[path] = lambda e: (200, {}, b"ok")

    def config(self, own=TEXTS):
        return config(self.folder, [f"{{name: blog, type: feed, url: '{self.web.url('/feed')}', backfill: 1d}}"],
                      [f"name: own\n    type: mattermost\n    language: de\n    url: '{self.web.url('/own')}'{own}",
                       f"{{name: shipped, type: mattermost, language: de, url: '{self.web.url('/shipped')}'}}"],
                      "routes: [{when: {}, channels: [own, shipped]}]\nserver: {listen: '127.0.0.1:" f"{free_port()}', public_url: 'https://earshot.example'}}")

    def posted(self, path):
        return json.loads(self.web.to(path)[0].body)["attachments"][0]

    def test_alerts_speak_as_their_channel_wants(self):
        daemon = self.daemon(self.config())
        self.web.wait(lambda: self.web.to("/own") and self.web.to("/shipped"), "an alert in each channel")
        daemon.stop()
        own, shipped = self.posted("/own"), self.posted("/shipped")
        self.assertEqual(own["pretext"].replace("\\", "").replace("\u200b", ""), "Presse <!here> für brand (pr)")
        self.assertNotIn("<!here", own["pretext"])  # a team's own text is escaped, too
        self.assertRegex(own["text"], r"blog\.example · \w+\.? \d")  # there is no author, so no "von"
        self.assertNotIn("von", own["text"])
        self.assertIn("Leitfaden: ", own["text"])
        self.assertIn("Nach blog.example rückfragen", own["text"])
        self.assertIn("[Meins](", own["text"])
        self.assertRegex(shipped["pretext"], r"Normal · Neue Erwähnung · brand$")
        self.assertNotIn("Leitfaden", shipped["text"])
        self.assertIn("[Ich übernehme](", shipped["text"])

    def test_trial_alerts_and_the_list_say_the_same(self):
        path = self.folder / "earshot.yaml"
        secret = self.folder / "secret"
        secret.write_text("of-nobodys-business\n")
        path.write_text(self.config(TEXTS + f'      done: "${{file:{secret}}}"\n'))
        done = earshot("alert", "own", "--config", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Eine Testmeldung von Earshot", self.web.to("/own")[0].body.decode())
        listed = earshot("texts", "own", "--config", path)
        self.assertIn('\n# as shipped: "Ich übernehme"\ntake: "Meins"\n', listed.stdout)
        self.assertIn('\nopen: "Öffnen"\n', listed.stdout)
        told = json.loads(earshot("texts", "own", "--json", "--config", path).stdout)
        self.assertNotIn("of-nobodys-business", listed.stdout + json.dumps(told))
        self.assertEqual(told["take"], {"pattern": "Meins", "shipped": "Ich übernehme", "arguments": [],
                                        "description": "The button by which somebody takes a mention."})
        # What is listed may be written into the configuration as it is.
        again = "\n    texts:\n" + "".join(f"      {line}\n" for line in earshot("texts", "--language", "fr").stdout.splitlines())
        path.write_text(self.config(again))
        checked = earshot("check", "--config", path)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        self.assertEqual(earshot("texts", "owm", "--config", path).returncode, 1)
        self.assertIn('did you mean "own"', earshot("texts", "owm", "--config", path).stderr)

    def test_what_could_not_be_said_is_refused_with_its_place(self):
        path = self.folder / "earshot.yaml"
        path.write_text(self.config(TEXTS.replace("{author}", "{autor}")))
        line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "autor" in text)
        for command in ("check", "run"):
            done = earshot(command, "--config", path)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f'earshot.yaml:{line}:31: error: "byline": there is no {{autor}} here', done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
