"""A list of trees."""
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

PAGE = Path(__file__).parent / "templates" / "list.html"
TREES = ["oak", "ash", "elm"]


async def home(request):
    rows = "".join(f"<li>{tree}</li>" for tree in TREES)
    return HTMLResponse(PAGE.read_text().replace("{{ trees }}", rows))


async def health(request):
    return JSONResponse({"status": "ok"})


app = Starlette(routes=[Route("/", home), Route("/health", health)])
