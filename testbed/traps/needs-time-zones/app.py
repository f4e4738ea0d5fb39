"""Offsets of cities in winter, from the system's tables."""
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from datetime import datetime
from zoneinfo import ZoneInfo

CITIES = {"lisbon": "Europe/Lisbon", "tokyo": "Asia/Tokyo", "quito": "America/Guayaquil"}


def answer(method, path):
    if path == "/":
        return 200, ", ".join(CITIES) + "\n"
    if path.strip("/") in CITIES:
        noon = datetime(2024, 1, 15, 12, tzinfo=ZoneInfo(CITIES[path.strip("/")]))
        return 200, noon.isoformat() + "\n"
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
