// Lists knots with a package that the repository carries.
const http = require("http");
const ropes = require("ropes");
const answer = (method, path) => {
  if (path === "/") return [200, ropes.join(", ") + "\n"];
  return [404, "no such page\n"];
};

http.createServer((request, response) => {
  const [status, text] = answer(request.method, request.url);
  response.writeHead(status, { "Content-Type": "text/plain" });
  response.end(text);
}).listen(8080);
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
