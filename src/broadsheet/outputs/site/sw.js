// Pages that were read can be read again without a connection. What is on the net comes first; a kept copy stands in
// for it; a page that was never read leads to the front page. Source: Service Workers, W3C.
const OURS = `broadsheet ${registration.scope} `, CACHE = OURS + "VERSION", HOME = registration.scope, MOST = 150;

addEventListener("install", event => event.waitUntil(
  caches.open(CACHE).then(cache => cache.addAll([HOME, `${HOME}style.css`, `${HOME}pages.css`])).then(() => skipWaiting())));

addEventListener("activate", event => event.waitUntil(
  caches.keys().then(names => Promise.all(
    names.filter(name => name.startsWith(OURS) && name !== CACHE).map(name => caches.delete(name)))
  ).then(() => clients.claim())));

addEventListener("fetch", event => {
  if (event.request.method === "GET" && event.request.url.startsWith(HOME)) event.respondWith(answer(event));
});

async function answer(event) {
  const { request } = event, cache = await caches.open(CACHE);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && fresh.type === "basic" && !fresh.redirected) event.waitUntil(keep(cache, request, fresh.clone()));
    return fresh;
  } catch (lost) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    return request.mode === "navigate" && request.url !== HOME ? Response.redirect(HOME) : Response.error();
  }
}

async function keep(cache, request, fresh) {
  await cache.put(request, fresh);
  const kept = (await cache.keys()).filter(({ url }) => url !== HOME && !url.endsWith(".css"));
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST)).map(old => cache.delete(old)));
}
