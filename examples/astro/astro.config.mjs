import { defineConfig } from "astro/config";

export default defineConfig({ site: "https://news.example.org", cacheDir: "./.cache", vite: { cacheDir: "./.cache/vite" } });
