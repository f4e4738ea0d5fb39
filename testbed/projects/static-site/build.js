// Pages of Markdown to pages of HTML.
const fs = require("fs");
const { marked } = require("marked");

fs.mkdirSync("public", { recursive: true });
for (const name of fs.readdirSync("pages")) {
  const body = marked.parse(fs.readFileSync(`pages/${name}`, "utf8"));
  fs.writeFileSync(`public/${name.replace(".md", ".html")}`, `<!doctype html>\n<meta charset="utf-8">\n${body}`);
}
