"""What the end-to-end tests share: a web server that plays any source or channel, and the real daemon.

Nothing here sleeps to wait for something: every wait is on a condition, with a limit after which the test fails and shows
the daemon's log.
"""

import contextlib
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from email.utils import formatdate
from xml.sax.saxutils import escape

EARSHOT = os.environ["EARSHOT"]
LIMIT = float(os.environ.get("E2E_LIMIT", "60"))  # seconds that a wait may last


class Exchange:
    """One request that came in: what it said, and when."""

    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.at = time.monotonic()

    def json(self):
        return json.loads(self.body)


class Server:
    """A real HTTP(S) server on loopback. `routes` maps a path to a function exchange → (status, headers, body) | None."""

    def __init__(self, tls=None):
        self.routes = {}
        self.requests = []
        self.changed = threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                exchange = Exchange(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
                with outer.changed:
                    outer.requests.append(exchange)
                    outer.changed.notify_all()
                route = outer.routes.get(self.path.split("?")[0])
                answer = route(exchange) if route else (404, {}, b"not here")
                if answer is None:  # the route wants the connection dropped
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                status, headers, body = answer
                body = body.encode() if isinstance(body, str) else body
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if status != 304:
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_HEAD = do_OPTIONS = serve

            def handle(self):
                with contextlib.suppress(ConnectionError, ssl.SSLError, TimeoutError):
                    super().handle()

            def log_message(self, *_):
                pass

        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.scheme = "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.cert, tls.key)
            self.httpd.socket = context.wrap_socket(self.httpd.socket, server_side=True)
            self.scheme = "https"
        self.port = self.httpd.server_address[1]
        threading.Thread(target=self.httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, path, host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def to(self, path):
        with self.changed:
            return [r for r in self.requests if r.path.split("?")[0] == path]

    def wait(self, condition, what, limit=LIMIT):
        """Waits until `condition()` holds; it is asked again at every request that comes in."""
        deadline = time.monotonic() + limit
        with self.changed:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"waited {limit:.0f} s in vain for {what}")
                self.changed.wait(min(left, 0.5))

    def close(self):
        self.httpd.shutdown()
        self.httpd.server_close()


class Authority:
    """A certificate authority of its own, and a certificate for `host`, made by openssl."""

    def __init__(self, folder, host="localhost"):
        self.ca, self.cert, self.key = (str(folder / n) for n in ("ca.pem", "cert.pem", "key.pem"))
        ca_key, request, extension = (str(folder / n) for n in ("ca.key", "request.pem", "extension.cnf"))
        pathlib.Path(extension).write_text(f"subjectAltName=DNS:{host}\n")

        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], check=True, capture_output=True)

        new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        openssl(*new, "-x509", "-days", "2", "-subj", "/CN=Earshot test authority", "-keyout", ca_key, "-out", self.ca)
        openssl(*new, "-subj", f"/CN={host}", "-keyout", self.key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2",
                "-extfile", extension, "-out", self.cert)


def rss(entries, title="Test feed"):
    """RSS 2.0 of entries (guid, title, link, description), the newest first as feeds have them."""
    now = formatdate(time.time(), usegmt=True)
    items = "".join(
        f"<item><guid isPermaLink='false'>{escape(g)}</guid><title>{escape(t)}</title><link>{escape(u)}</link>"
        f"<description>{escape(d)}</description><pubDate>{now}</pubDate></item>" for g, t, u, d in entries)
    return (f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{escape(title)}</title>"
            f"<link>http://feeds.example/</link><description>x</description>{items}</channel></rss>")


class Feed:
    """A feed that grows while it is being polled; thread-safe, answers conditional requests as a good server does."""

    def __init__(self, entries=()):
        self.entries, self.lock, self.version = list(entries), threading.Lock(), 0

    def add(self, *entries):
        with self.lock:
            self.entries[:0] = entries
            self.version += 1

    def __call__(self, exchange):
        with self.lock:
            etag = f'"v{self.version}"'
            if exchange.headers.get("If-None-Match") == etag:
                return 304, {"ETag": etag}, b""
            return 200, {"Content-Type": "application/rss+xml", "ETag": etag}, rss(self.entries)


class Daemon:
    """`earshot run` on a configuration, its log in a file."""

    def __init__(self, folder, config, env=None, arguments=()):
        self.folder = pathlib.Path(folder)
        self.config = self.folder / "earshot.yaml"
        self.config.write_text(config)
        self.log_path = self.folder / "log"
        self.out_path = self.folder / "out"
        self.env = {**os.environ, **(env or {})}
        self.arguments = list(arguments)
        self.process = None

    def start(self):
        with open(self.log_path, "ab") as log, open(self.out_path, "ab") as out:
            self.process = subprocess.Popen([EARSHOT, "run", "--config", str(self.config), *self.arguments], stdout=out,
                                            stderr=log, stdin=subprocess.DEVNULL, env=self.env, cwd=self.folder)
        return self

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, limit=5.0):
        """SIGTERM; the promise is an end within 5 seconds. Returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the daemon did not stop within {limit} s of SIGTERM\n{self.log()}") from None

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def out(self):
        return self.out_path.read_text(errors="replace") if self.out_path.exists() else ""

    def wait_log(self, text, count=1, limit=LIMIT):
        wait_for(lambda: self.log().count(text) >= count or self.process.poll() is not None, f"log: {text}", limit)
        if self.log().count(text) < count:
            raise AssertionError(f"the daemon ended with {self.process.returncode} before it logged {text!r}\n{self.log()}")

    def command(self, *arguments, check=True):
        """Another earshot subcommand on the same configuration; its standard output."""
        done = subprocess.run([EARSHOT, *arguments, "--config", str(self.config)], capture_output=True, text=True,
                              env=self.env, timeout=LIMIT)
        if check and done.returncode != 0:
            raise AssertionError(f"earshot {' '.join(arguments)} → {done.returncode}\n{done.stderr}")
        return done

    def mentions(self, *arguments):
        return [json.loads(line) for line in self.command("mentions", "--json", "--limit", "0", *arguments).stdout.splitlines()]

    def status(self):
        """What `earshot status` says; as good as nothing while the daemon has not made its store yet."""
        done = self.command("status", "--json", check=False)
        if done.returncode != 0 and ("there is no store" in done.stderr or "is not complete yet" in done.stderr):
            return {"sources": [], "channels": [], "dead_letters": []}
        if done.returncode != 0:
            raise AssertionError(f"earshot status → {done.returncode}\n{done.stderr}")
        return json.loads(done.stdout)


def wait_for(condition, what, limit=LIMIT):
    """For what gives no event to wait on (a file another process writes): looks again every 20 ms."""
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {limit:.0f} s in vain for {what}")
        time.sleep(0.02)


def earshot(*arguments, **options):
    """Any subcommand; returns the finished process with text output."""
    return subprocess.run([EARSHOT, *map(str, arguments)], capture_output=True, text=True, timeout=LIMIT, **options)


class Case(unittest.TestCase):
    """A test with a folder of its own, servers that end with it, and the daemon's log shown when it fails."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="earshot-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.daemons = []

    def server(self, **options):
        server = Server(**options)
        self.addCleanup(server.close)
        return server

    def daemon(self, config, start=True, **options):
        daemon = Daemon(self.folder, config, **options)
        daemon.log_tail = ""
        self.daemons.append(daemon)
        self.addCleanup(lambda: daemon.process and daemon.process.poll() is None and daemon.kill())
        return daemon.start() if start else daemon

    def run(self, result=None):
        before = len(result.failures) + len(result.errors) if result else 0
        outcome = super().run(result)
        if result and len(result.failures) + len(result.errors) > before:
            for daemon in self.daemons:
                print(f"---- the daemon's log\n{daemon.log_tail}", flush=True)
        return outcome

    def tearDown(self):
        for daemon in self.daemons:
            daemon.log_tail = daemon.log()[-6000:]
