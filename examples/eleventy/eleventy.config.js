import path from "node:path";

export const config = { markdownTemplateEngine: false, dir: { output: "_site" } };

export default function (eleventy) {
  eleventy.addGlobalData("site", { title: "News", feed: "/atom.xml" });
  eleventy.addGlobalData("layout", "record.njk");
  // With the day, which Eleventy takes out of addresses: two records may have one headline.
  eleventy.addGlobalData("permalink", () => ({ page }) => `/news/${path.basename(page.inputPath, ".md")}/`);
  eleventy.ignores.add("README.md");

  // `published: false` means nothing to Eleventy.
  eleventy.addPreprocessor("published", "md", (data) => {
    if (data.published === false && !process.env.UNPUBLISHED) return false;
  });

  // Eleventy would order by the day of the file's name.
  eleventy.addCollection("news", (found) =>
    found.getFilteredByGlob("news/*.md").sort((a, b) => b.data.publishedDateTime - a.data.publishedDateTime),
  );

  eleventy.addFilter("utc", (date) => date.toISOString().slice(0, 16).replace("T", " "));
}
