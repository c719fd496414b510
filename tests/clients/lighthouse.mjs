// Audit pages with one Chromium: node lighthouse.mjs CHROMIUM RUNS URL... prints a JSON list, one page an item:
// {url, scores: {category: 0 to 1}, runs: [performance of each], failed: [audit ids]}. A page is audited again, up to RUNS times,
// while its performance is below 1: a busy machine only ever makes it look slower; the median run counts.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, runs, ...urls] = process.argv.slice(2);
const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const onlyCategories = ["performance", "accessibility", "best-practices", "seo"];
const chrome = await launch({ chromePath, chromeFlags, logLevel: "error" });
const performance = (result) => result.categories.performance.score;

async function audit(url) {
  const results = [];
  while (results.length < Number(runs) && (results.length === 0 || performance(results.at(-1)) < 1)) {
    const { lhr } = await lighthouse(url, { port: chrome.port, onlyCategories, logLevel: "error" });
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    results.push(lhr);
  }
  const ordered = results.toSorted((a, b) => performance(a) - performance(b));
  const median = ordered[ordered.length >> 1];
  const audits = Object.values(median.audits).filter((one) => one.score !== null && one.score < 1);
  return {
    url,
    scores: Object.fromEntries(onlyCategories.map((name) => [name, median.categories[name].score])),
    runs: results.map(performance),
    failed: audits.map((one) => `${one.id}: ${one.displayValue ?? one.title}`),
  };
}

try {
  const found = [];
  for (const url of urls) found.push(await audit(url));
  console.log(JSON.stringify(found));
} finally {
  chrome.kill();
}
