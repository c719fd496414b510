import { defineCollection, z } from "astro:content";
import { glob } from "astro/loaders";

const image = z
  .object({
    url: z.string(),
    width: z.number().int().optional(),
    height: z.number().int().optional(),
    isCached: z.literal(true).optional(),
    title: z.string().optional(),
  })
  .strict();

const provider = z.object({ name: z.string(), domain: z.string(), images: z.array(image).optional() }).strict();

const amp = { ampWebUrl: z.string().url().optional(), cdnAmpWebUrl: z.string().url().optional() };

const related = z
  .object({
    title: z.string(),
    excerpt: z.string(),
    publishedDateTime: z.date(),
    webUrl: z.string().url(),
    ...amp,
    type: z.enum(["article", "video"]),
    provider,
    quality: z.number().int().min(0),
    images: z.array(image).optional(),
  })
  .strict();

const record = z
  .object({
    category: z.literal("news"),
    title: z.string(),
    excerpt: z.string().optional(),
    publishedDateTime: z.date(),
    originalUrl: z.string().url().optional(),
    webUrl: z.string().url().optional(), // absent for a video that is embedded on a page of ours
    ...amp,
    type: z.enum(["article", "video"]),
    quality: z.number().int().min(0),
    heat: z.number().int().min(-1),
    removed: z.literal(true).optional(),
    published: z.boolean(),
    featuredContent: z.string().optional(),
    provider,
    topics: z.array(z.string()),
    images: z.array(image).optional(),
    related: z.array(related).optional(),
    secured: z.string().optional(),
  })
  .strict();

const news = defineCollection({
  loader: glob({
    base: "../site/_news",
    pattern: "*.md",
    generateId: ({ entry }) => entry.replace(/\.md$/, ""), // as it is: ids that Astro makes are shortened
  }),
  schema: record,
});

export const collections = { news };
