"""The store's disk is full, and then has room again; and a disk that may only be read. On a file system of its own, which
takes root to mount: skipped without."""

import os
import subprocess
import unittest

from harness import Case, Feed, wait_for
from test_main_job import config

MiB = 1 << 20


class Disk(Case):
    def setUp(self):
        super().setUp()
        self.store = self.folder / "store"
        self.store.mkdir(mode=0o700)
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m,mode=700", "earshot-test", self.store],
                              capture_output=True, text=True)
        if made.returncode != 0:
            self.skipTest(f"no file system can be mounted here: {made.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.store], check=True)
        self.web = self.server()
        self.feed = Feed()
        self.web.routes["/feed"] = self.feed
        self.web.routes["/hook"] = lambda e: (204, {}, b"")
        self.config = config(self.folder, [f"{{name: blog, type: feed, url: '{self.web.url('/feed')}'}}"],
                             [f"{{name: team, type: webhook, url: '{self.web.url('/hook')}'}}"])

    def entries(self, first, count, size=100):
        return [(f"g{i}", f"acmebank {i}", f"http://blog.example/{i}", f"{i} " + os.urandom(size // 2).hex())
                for i in range(first, first + count)]

    def told(self):
        return [r.json()["data"]["mention"]["title"] for r in self.web.to("/hook")]

    def test_a_full_disk_loses_nothing(self):
        daemon = self.daemon(self.config)
        self.feed.add(*self.entries(0, 10))
        self.web.wait(lambda: len(self.told()) >= 10, "ten alerts")
        room = os.statvfs(self.store)
        with open(self.store / "ballast", "wb") as ballast:
            ballast.write(b"\0" * (room.f_bavail * room.f_frsize - MiB // 2))
        total = 10
        while "is full" not in daemon.log():  # its log has room of its own, which must be used up
            self.assertLess(total, 1000, "all of it went onto a full disk")
            self.feed.entries.clear()
            self.feed.add(*self.entries(total, 30, 150_000))
            total += 30
            polls = len(self.web.to("/feed"))
            self.web.wait(lambda: len(self.web.to("/feed")) > polls + 1 or "is full" in daemon.log(), "polls")
        self.feed.add(*self.entries(total, 30))
        total += 30
        daemon.wait_log("store source=blog error=")
        stored = len(daemon.mentions())
        self.assertIn("Make room there; nothing that was stored is lost", daemon.log())
        self.assertIsNone(daemon.process.poll())
        self.assertEqual(len(daemon.mentions()), stored)  # what was stored can be read all the while
        self.assertLess(stored, total)
        (self.store / "ballast").unlink()
        self.web.wait(lambda: len(set(self.told())) >= total, "the rest, now that there is room")
        wait_for(lambda: all(c["owed"] == 0 for c in daemon.status()["channels"]), "an empty outbox")
        self.assertEqual(sorted(set(self.told())), sorted(f"acmebank {i}" for i in range(total)))
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(len(daemon.mentions()), total)

    def test_a_disk_that_may_only_be_read(self):
        daemon = self.daemon(self.config)
        self.feed.add(*self.entries(0, 10))
        self.web.wait(lambda: len(self.told()) >= 10, "ten alerts")
        self.assertEqual(daemon.stop(), 0)
        subprocess.run(["mount", "-o", "remount,ro", self.store], check=True)
        start = len(daemon.log())
        daemon.start()
        wait_for(lambda: daemon.process.poll() is not None, "the daemon's end", 20)
        self.assertEqual(daemon.process.returncode, 1)
        self.assertIn("Read-only file system", daemon.log()[start:])
        self.assertIn(str(self.store), daemon.log()[start:])
        self.assertEqual(len(daemon.mentions()), 10)  # the archive can be read
        refused = daemon.command("silence", "add", "moon", "--until", "1h", "--why", "x", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("Read-only file system", refused.stderr)
        subprocess.run(["mount", "-o", "remount,rw", self.store], check=True)
        daemon.start()
        self.feed.add(*self.entries(10, 1))
        self.web.wait(lambda: "acmebank 10" in self.told(), "an alert after that")
        self.assertEqual(len(set(self.told())), 11)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
