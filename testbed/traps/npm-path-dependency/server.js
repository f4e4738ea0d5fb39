// Strikes the hour with a library of the project.
const http = require("http");
const chime = require("chime");
const answer = (method, path) => {
  if (path === "/") return [200, chime(1) + "\n"];
  if (path === "/3") return [200, chime(3) + "\n"];
  return [404, "no such page\n"];
};

http.createServer((request, response) => {
  const [status, text] = answer(request.method, request.url);
  response.writeHead(status, { "Content-Type": "text/plain" });
  response.end(text);
}).listen(8080);
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
