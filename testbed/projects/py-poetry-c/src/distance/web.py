"""The distances as a WSGI application."""
from distance import distance


def app(environ, start_response):
    parts = environ["PATH_INFO"].strip("/").split("/")
    if parts == [""]:
        status, text = "200 OK", "ask for /distance/A/B\n"
    elif parts == ["health"]:
        status, text = "200 OK", "ok\n"
    elif len(parts) == 3 and parts[0] == "distance":
        status, text = "200 OK", f"{distance(parts[1], parts[2])}\n"
    else:
        status, text = "404 Not Found", "no such page\n"
    start_response(status, [("Content-Type", "text/plain")])
    return [text.encode()]
