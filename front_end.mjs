// Bundles every domain's static_src/main.ts and main.css into its static/<domain>/ folder, in one call of esbuild.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const packages = fileURLToPath(new URL("src/rathaus", import.meta.url));
const entryPoints = readdirSync(packages).flatMap((domain) =>
  ["main.ts", "main.css"]
    .map((name) => join(packages, domain, "static_src", name))
    .filter((source) => existsSync(source))
    .map((source) => ({ in: source, out: join(domain, "static", domain, "main") })),
);

await build({
  entryPoints,
  outdir: packages,
  bundle: true,
  minify: true,
  format: "iife", // pages load several of them: none may see the names of another
  target: ["es2022", "firefox115", "chrome109", "safari16.4"],
  external: ["*.woff2", "*.svg", "*.png"],
  legalComments: "none",
  logLevel: "warning",
});
console.log(entryPoints.map((entry) => entry.out).join("\n"));
