import { fileURLToPath, URL } from "node:url";
import { defineConfig } from "vitest/config";

const repository = fileURLToPath(new URL("..", import.meta.url));
const frontend = fileURLToPath(new URL(".", import.meta.url));
const entries = [
  "base",
  "gallery",
  "empties",
  "errands",
  "existing",
  "grid",
  "image",
  "label",
  "results",
  "review",
  "upload",
  "runs",
  "run",
  "train",
];

// The root is the repository, so that a template names an entry by the path a reader can open:
// {% vite_asset 'frontend/src/label/main.ts' %}.
export default defineConfig({
  root: repository,
  base: "/static/",
  publicDir: false,
  envDir: false,
  cacheDir: `${frontend}node_modules/.vite`,
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  build: {
    outDir: `${frontend}dist`,
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: Object.fromEntries(entries.map((name) => [name, `${frontend}src/${name}/main.ts`])),
    },
  },
  test: { root: frontend, include: ["src/**/*.test.ts"], environment: "node" },
});
