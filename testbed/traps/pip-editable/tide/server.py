"""High tides, from a table beside this module."""
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from tide import tables


def answer(method, path):
    if path == "/":
        return 200, "high tides of " + ", ".join(sorted(tables.HIGH)) + "\n"
    if path.strip("/") in tables.HIGH:
        return 200, tables.HIGH[path.strip("/")] + "\n"
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


def main():
    ThreadingHTTPServer(("", 8080), Handler).serve_forever()
