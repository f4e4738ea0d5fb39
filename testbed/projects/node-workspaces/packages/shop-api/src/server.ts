import { createServer } from "node:http";
import { items, price } from "@shop/prices";

const ms = require("ms");
const started = Date.now();

const server = createServer((request, response) => {
  const path = request.url ?? "/";
  const reply = (status: number, body: unknown) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body) + "\n");
  };
  if (path === "/" || path === "/items") return reply(200, { items });
  if (path === "/health") return reply(200, { status: "ok", maxAge: ms("5 minutes") });
  if (path === "/uptime") return reply(200, { up: Date.now() - started >= 0 });
  const item = path.match(/^\/price\/(\w+)$/)?.[1];
  if (!item) return reply(404, { error: "no such page" });
  const found = price(item);
  return found ? reply(200, { item, price: found }) : reply(404, { error: "not sold here" });
});

server.listen(3000, () => console.log("shop on port 3000"));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
