"""Plugins as others write them: built by a project of their own against Earshot as it is installed, then loaded, listed,
explained, run over their cases and over documents. Usage: test_examples.py BUILD_FOLDER SOURCE_FOLDER CMAKE"""

import json
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, SOURCE, CMAKE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
EXAMPLES = SOURCE / "tests/support/plugins"


def run(*command, **options):
    options = {"capture_output": True, "text": True, "timeout": 300} | options
    return subprocess.run([str(c) for c in command], **options)


def must(*command, **options):
    done = run(*command, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="earshot-examples-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prefix = cls.folder / "usr"
        must(CMAKE, "--install", BUILD, "--component", "devel", "--prefix", cls.prefix)
        cls.build = cls.folder / "build"
        must(CMAKE, "-S", EXAMPLES, "-B", cls.build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={cls.prefix}",
             "-DCMAKE_C_FLAGS=-Wall -Wextra -Wpedantic -Werror", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror")
        must(CMAKE, "--build", cls.build, "-j1")
        cls.plugins = cls.build / "plugins"

    def earshot(self, *arguments, **options):
        env = os.environ | {"EARSHOT_PLUGIN_PATH": str(self.plugins)}
        return run(BUILD / "bin/earshot", *arguments, env=env, **options)

    def document(self, text, name="list.txt"):
        file = self.folder / name
        file.write_text(text)
        return file

    def test_one_symbol_is_visible(self):
        for plugin in ("sources/lines.so", "sinks/one-line.so"):
            symbols = must("nm", "-D", "--defined-only", self.plugins / plugin).stdout.split("\n")
            self.assertEqual([s.split()[-1] for s in symbols if s], ["earshot_plugin_v1"])

    def test_their_cases_pass(self):
        done = run(BUILD / "tests/cases/cases", EXAMPLES, self.plugins)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("[  PASSED  ] 5 tests", done.stdout)

    def test_a_wrong_case_fails_and_says_where(self):
        copy = self.folder / "copy"
        shutil.copytree(EXAMPLES, copy)
        expected = copy / "sources/lines/testdata/two-lines/expected.json"
        expected.write_text(expected.read_text().replace("First", "Worst"))
        done = run(BUILD / "tests/cases/cases", copy, self.plugins)
        self.assertEqual(done.returncode, 1)
        self.assertIn('items[0].title:\n    expected "Worst"\n    got      "First"', done.stdout)
        must(BUILD / "tests/cases/cases", "--update", copy, self.plugins)
        self.assertEqual(expected.read_text(), (EXAMPLES / "sources/lines/testdata/two-lines/expected.json").read_text())

    def test_plugins_lists_them(self):
        done = self.earshot("plugins")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = [line.split() for line in done.stdout.splitlines()]
        self.assertEqual([line[:3] for line in lines],
                         [["KIND", "NAME", "VERSION"], ["source", "lines", "1.0"], ["sink", "one-line", "1.0"]])
        both = json.loads(self.earshot("plugins", "--json").stdout)
        self.assertEqual([(p["kind"], p["name"], p["capabilities"]) for p in both],
                         [("source", "lines", []), ("sink", "one-line", ["console"])])
        self.assertEqual(both[0]["schema"]["required"], ["url"])

    def test_plugins_explains_one(self):
        done = self.earshot("plugins", "lines")
        self.assertEqual(done.returncode, 0)
        self.assertIn("\n  url     URL, required\n          Where the list is. Lines are only ever added to it.\n", done.stdout)
        self.assertIn("\n  author  text, default , characters at most 200\n", done.stdout.replace('""', ""))
        self.assertIn("Sample\n# A plain list on the web", done.stdout)
        done = self.earshot("plugins", "lins")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr, 'earshot plugins: no plugin "lins"; did you mean "lines"?\n')

    def test_a_broken_neighbour_is_told_and_spoils_nothing(self):
        broken = self.plugins / "sinks/broken.so"
        broken.write_text("not a shared object")
        self.addCleanup(broken.unlink)
        done = self.earshot("plugins")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(len(done.stdout.splitlines()), 3)
        self.assertEqual(done.stderr, f"earshot plugins: {broken}: cannot be loaded: file too short\n")

    def test_parse_prints_one_json_object(self):
        file = self.document("https://example.com/1 First \u20ac\nhttps://example.com/2\n")
        done = self.earshot("parse", "--type", "lines", file)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, '{"feed":{"type":"lines"},"items":[{"id":"https://example.com/1","url":'
                         '"https://example.com/1","title":"First \u20ac"},{"id":"https://example.com/2","url":'
                         '"https://example.com/2"}],"warnings":[]}\n')
        again = self.earshot("parse", "--type", "lines", "--url", "https://x.example/", "-", input=file.read_text())
        self.assertEqual(again.stdout, done.stdout)

    def test_parse_is_pretty_on_a_terminal(self):
        file = self.document("https://example.com/1 First\n")
        master, slave = pty.openpty()
        done = self.earshot("parse", "--type", "lines", file, capture_output=False, stdout=slave, stderr=subprocess.PIPE)
        os.close(slave)
        text = os.read(master, 65536).decode().replace("\r\n", "\n")
        os.close(master)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(text.startswith('{\n  "feed": {\n    "type": "lines"\n  },\n  "items": [\n'), text)

    def test_parse_exits_1_with_one_line_where_there_is_no_feed(self):
        page = self.document("<html>\n", "page.html")
        for arguments, said in (((page,), f"{page}: this is no list of lines but a page"),
                                ((self.folder / "none.txt",), f"{self.folder}/none.txt: No such file or directory"),
                                ((self.folder,), f"{self.folder}: Is a directory")):
            done = self.earshot("parse", "--type", "lines", *arguments)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual(done.stderr, f"earshot parse: {said}\n")
        done = self.earshot("parse", "--type", "line", page)
        self.assertEqual((done.returncode, done.stderr),
                         (1, 'earshot parse: no source plugin "line"; did you mean "lines"?\n'))

    def test_wrong_usage_exits_2(self):
        for arguments in (("parse",), ("parse", "--nonsense", "x"), ("parse", "--url", "nonsense", "x"), ("plugins", "a", "b")):
            self.assertEqual(self.earshot(*arguments).returncode, 2, arguments)

    def test_a_large_document_is_not_cut(self):
        title = "x" * 900_000
        file = self.document("".join(f"https://example.com/{i} {title}\n" for i in range(40)), "large.txt")
        done = self.earshot("parse", "--type", "lines", file)
        self.assertEqual(done.returncode, 0, done.stderr)
        parsed = json.loads(done.stdout)
        self.assertEqual((len(parsed["items"]), parsed["warnings"]), (40, []))
        self.assertEqual(parsed["items"][39]["title"], title)

    def test_they_install_where_earshot_looks(self):
        must(CMAKE, "--install", self.build, "--prefix", self.prefix)
        (self.prefix / "bin").mkdir()
        shutil.copy(BUILD / "bin/earshot", self.prefix / "bin/earshot")
        env = {k: v for k, v in os.environ.items() if k != "EARSHOT_PLUGIN_PATH"}
        done = run(self.prefix / "bin/earshot", "plugins", "--json", env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([p["name"] for p in json.loads(done.stdout)], ["lines", "one-line"])

    def test_pkg_config_is_enough(self):
        env = os.environ | {"PKG_CONFIG_PATH": str(self.prefix / "share/pkgconfig")}
        flags = must("pkg-config", "--cflags", "--libs", "earshot", env=env).stdout.split()
        built = self.folder / "by-hand.so"
        must("cc", "-std=c11", "-shared", "-fPIC", "-o", built, EXAMPLES / "sinks/one-line/one_line.c", *flags)
        symbols = must("nm", "-D", "--defined-only", built).stdout.split("\n")
        self.assertEqual([s.split()[-1] for s in symbols if s], ["earshot_plugin_v1"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
