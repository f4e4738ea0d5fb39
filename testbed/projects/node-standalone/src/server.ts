import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { page } from "./page";

const ms = require("ms");
// static files lie beside the standalone folder
const files = join(__dirname, "..", "static");

createServer((request, response) => {
  const path = request.url ?? "/";
  const reply = (status: number, type: string, body: string | Buffer) => {
    response.writeHead(status, { "Content-Type": type });
    response.end(body);
  };
  if (path === "/") return reply(200, "text/html", page("Weather"));
  if (path === "/api/wind") return reply(200, "application/json", JSON.stringify({ wind: ms(7200000) }));
  if (/^\/_next\/static\/[a-z.]+$/.test(path)) {
    try {
      return reply(200, "text/css", readFileSync(join(files, path.slice("/_next/static/".length))));
    } catch {
      // below
    }
  }
  reply(404, "text/plain", "no such page\n");
}).listen(Number(process.env.PORT ?? 3000));
process.on("SIGTERM", () => process.exit(0));
