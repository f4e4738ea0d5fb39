// Serves what the install has generated.
const http = require("http");
const menu = require("./generated/menu.js");
const answer = (method, path) => {
  if (path === "/") return [200, menu.join(", ") + "\n"];
  if (path === "/count") return [200, `${menu.length} dishes\n`];
  return [404, "no such page\n"];
};

http.createServer((request, response) => {
  const [status, text] = answer(request.method, request.url);
  response.writeHead(status, { "Content-Type": "text/plain" });
  response.end(text);
}).listen(8080);
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
