"""Counts visits in a database beside it."""
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import redis

DATABASE = redis.Redis(host=os.environ.get("REDIS_HOST", "localhost"), socket_connect_timeout=1)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, text = 404, "no such page"
        if self.path in ("/", "/health"):
            status, text = 200, "ok"
        elif self.path == "/visits":
            try:
                status, text = 200, f"{DATABASE.incr('visits')} visits"
            except redis.RedisError:
                status, text = 503, "no database"
        body = (text + "\n").encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", 8080), Handler).serve_forever()
