"""Serve a built site as a host on the web does: compressed, with a 404."""

import gzip
import threading
from collections import Counter
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

PREFIX = "/handbook/"  # below a path, as project sites are
BUILT_FOR = b"http://browser.test/handbook/"  # the SITE_URL of the build


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = self.server.folder / path.removeprefix(PREFIX)
        if path.endswith("/"):
            file /= "index.html"
        found = path.startswith(PREFIX) and file.is_file()
        if not found:
            file = self.server.folder / "404.html"
        kind = guess_type(file.name)[0] or "application/octet-stream"
        body = file.read_bytes()
        self.send_response(200 if found else 404)
        texts = ".json", ".svg", ".xml"  # which some systems name otherwise
        if kind.startswith("text/") or file.suffix in texts:
            kind += "; charset=utf-8"
            body = body.replace(BUILT_FOR, self.server.url.encode())
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                self.send_header("Content-Encoding", "gzip")
                body = gzip.compress(body)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.sent[path] += len(body)

    def log_message(self, *arguments: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Serve a folder below `url` until the block is left.

    `sent` counts the bytes of the bodies by their path.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.sent: Counter[str] = Counter()

    @cached_property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{PREFIX}"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.serve_forever).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()
