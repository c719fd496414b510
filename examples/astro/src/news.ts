import { getCollection } from "astro:content";

export const site = { title: "News", feed: "/atom.xml" };

/** Records to show, newest first. `published: false` means nothing to Astro. */
export async function records() {
  const found = await getCollection("news", ({ data }) => data.published || Boolean(process.env.UNPUBLISHED));
  return found.sort((a, b) => b.data.publishedDateTime.valueOf() - a.data.publishedDateTime.valueOf());
}

export const utc = (date: Date) => date.toISOString().slice(0, 16).replace("T", " ");
