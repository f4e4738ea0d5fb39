"""Keeps what is in its volume."""
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DATA = Path("/data")


def answer(method, path):
    if (method, path) == ("GET", "/"):
        return 200, (DATA / "first").read_text()
    if (method, path) == ("POST", "/more"):
        (DATA / "second").write_text("more")
        return 201, "more\n"
    return 404, "no such page\n"


class Handler(BaseHTTPRequestHandler):
    def reply(self):
        try:
            status, text = answer(self.command, self.path)
        except OSError as error:
            status, text = 500, f"{type(error).__name__}\n"
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = reply


ThreadingHTTPServer(("", 8080), Handler).serve_forever()
