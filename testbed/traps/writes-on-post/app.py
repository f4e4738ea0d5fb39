"""Keeps notes beside its code, in a folder that it makes."""
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NOTES = Path("data")


def answer(method, path):
    if (method, path) == ("GET", "/"):
        return 200, "send a note\n"
    if (method, path) == ("POST", "/notes"):
        NOTES.mkdir(exist_ok=True)
        (NOTES / "note.txt").write_text("kept")
        return 201, "kept\n"
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
