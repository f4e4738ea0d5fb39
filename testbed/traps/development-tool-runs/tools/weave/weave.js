#!/usr/bin/env node
// Serves the file that it is given.
const http = require("http");
const text = require("fs").readFileSync(process.argv[2], "utf8");
const answer = (method, path) => {
  if (path === "/") return [200, text];
  return [404, "no such page\n"];
};

http.createServer((request, response) => {
  const [status, text] = answer(request.method, request.url);
  response.writeHead(status, { "Content-Type": "text/plain" });
  response.end(text);
}).listen(8080);
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
