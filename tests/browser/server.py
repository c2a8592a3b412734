"""Serve a built site as a host on the web does: compressed, with a 404."""

import gzip
import threading
from functools import cached_property, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

PREFIX = "/handbook/"  # below a path, as project sites are


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, *arguments: object) -> None:
        self.folder = folder
        super().__init__(*arguments)

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = self.folder / path.removeprefix(PREFIX)
        if path.endswith("/"):
            file /= "index.html"
        found = path.startswith(PREFIX) and file.is_file()
        if not found:
            file = self.folder / "404.html"
        kind = guess_type(file.name)[0] or "application/octet-stream"
        body = file.read_bytes()
        self.send_response(200 if found else 404)
        if kind.startswith("text/") or file.suffix in (".json", ".svg"):
            kind += "; charset=utf-8"
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                self.send_header("Content-Encoding", "gzip")
                body = gzip.compress(body)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Serve a folder below `url` until the block is left."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(Handler, folder))

    @cached_property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{PREFIX}"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.serve_forever).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()
