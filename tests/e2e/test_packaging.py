"""What is installed works from where it is installed: the unit, the program, its plugins, and the example configurations."""

import os
import pathlib
import shutil
import subprocess
import unittest

from harness import EARSHOT, Case, earshot

BUILD = pathlib.Path(EARSHOT).parents[1]
SOURCE = pathlib.Path(__file__).parents[2]


class Packaging(Case):
    def setUp(self):
        super().setUp()
        self.prefix = self.folder / "usr"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", self.prefix], check=True, capture_output=True)
        self.program = self.prefix / "bin" / "earshot"
        self.env = {k: v for k, v in os.environ.items() if k != "EARSHOT_PLUGIN_PATH"}

    def test_the_installed_program_finds_its_plugins(self):
        done = subprocess.run([self.program, "plugins", "--json"], capture_output=True, text=True, env=self.env)
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("feed", "file", "console", "webhook", "slack"):
            self.assertIn(f'"{name}"', done.stdout)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_systemd_accepts_the_unit(self):
        unit = self.folder / "earshot.service"
        text = (self.prefix / "lib/systemd/system/earshot.service").read_text()
        unit.write_text(text.replace("/usr/bin/earshot", str(self.program)))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_every_example_configuration_is_good(self):
        for file in ("earshot.yaml", "quickstart.yaml"):
            done = subprocess.run([self.program, "check", "--config", SOURCE / "config" / file], capture_output=True, text=True, env=self.env)
            self.assertEqual(done.returncode, 0, f"{file}\n{done.stdout}{done.stderr}")


class Help(Case):
    def test_every_subcommand_teaches_with_examples(self):
        top = earshot("--help")
        self.assertEqual(top.returncode, 0)
        names = [line.split()[0] for line in top.stdout[top.stdout.index("Subcommands:"):].splitlines()[1:] if line.startswith("  ") and line[2] != " "]
        self.assertIn("watch", names)
        for name in names:
            done = earshot(name, "--help")
            self.assertEqual(done.returncode, 0, name)
            self.assertIn("Example", done.stdout, f"{name} --help shows no example")

    def test_wrong_usage_is_2(self):
        self.assertEqual(earshot().returncode, 2)
        self.assertEqual(earshot("nonsense").returncode, 2)
        self.assertEqual(earshot("run", "--nonsense").returncode, 2)


if __name__ == "__main__":
    unittest.main()
