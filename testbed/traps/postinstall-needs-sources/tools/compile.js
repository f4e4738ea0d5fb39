// Turns the menu into a module, at install time.
const fs = require("fs");
const lines = fs.readFileSync("menu.txt", "utf8").trim().split("\n");
fs.mkdirSync("generated", { recursive: true });
fs.writeFileSync("generated/menu.js", `module.exports = ${JSON.stringify(lines)};\n`);
