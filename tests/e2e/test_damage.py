"""Files of the store that a disk damaged: the daemon says so, names the folder and ends; it never goes on as if nothing
had been there."""

import pathlib
import shutil
import unittest

from harness import Case, Feed, wait_for
from test_main_job import config


class Damage(Case):
    def setUp(self):
        super().setUp()
        web = self.server()
        web.routes["/feed"] = Feed([(f"g{n}", f"acmebank {n}", f"http://blog.example/{n}", "x") for n in range(50)])
        web.routes["/hook"] = lambda e: (204, {}, b"")
        self.daemon_ = self.daemon(config(self.folder, [f"{{name: blog, type: feed, url: '{web.url('/feed')}'}}"],
                                          [f"{{name: team, type: webhook, url: '{web.url('/hook')}'}}"]))
        web.wait(lambda: len(web.to("/hook")) >= 50, "50 alerts")
        self.assertEqual(self.daemon_.stop(), 0)
        self.kept = len(self.daemon_.mentions())
        self.assertEqual(self.kept, 50)
        self.store = pathlib.Path(self.folder, "store")

    def files(self, pattern):
        found = [f for f in self.store.rglob(pattern) if f.is_file() and f.stat().st_size > 0]
        self.assertTrue(found, f"{pattern} in {sorted(p.name for p in self.store.rglob('*'))}")
        return found

    def refuses(self):
        start = len(self.daemon_.log())
        self.daemon_.start()
        wait_for(lambda: self.daemon_.process.poll() is not None, "the daemon's end", 20)
        self.assertNotEqual(self.daemon_.process.returncode, 0)
        said = self.daemon_.log()[start:]
        self.assertIn(str(self.store), said)
        return said

    def test_a_manifest_full_of_noise(self):
        for file in self.files("MANIFEST-*"):
            file.write_bytes(b"\xa5" * file.stat().st_size)
        self.refuses()

    def test_a_manifest_that_is_gone(self):
        for file in self.files("MANIFEST-*"):
            file.unlink()
        self.refuses()

    def to_tables(self):
        """What is only in the log so far is written into tables; a backup does it."""
        copy = pathlib.Path(self.folder, "copy")
        self.daemon_.command("backup", str(copy))
        if not list(self.store.rglob("*.sst")):
            shutil.rmtree(self.store)
            copy.rename(self.store)

    def test_tables_full_of_noise(self):
        self.to_tables()
        for file in self.files("*.sst"):
            file.write_bytes(b"\xa5" * file.stat().st_size)
        self.refuses()

    def test_tables_that_are_gone(self):
        self.to_tables()
        for file in self.files("*.sst"):
            file.unlink()
        self.refuses()

    def test_a_log_with_a_hole_in_its_middle(self):
        """A torn end is a crash and heals; what was acknowledged before the end is not given up in silence."""
        for file in self.files("*.log"):
            data = bytearray(file.read_bytes())
            middle = len(data) // 2
            data[middle:middle + 64] = b"\xa5" * 64
            file.write_bytes(data)
        self.refuses()


if __name__ == "__main__":
    unittest.main()
