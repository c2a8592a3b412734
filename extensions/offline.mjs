// A service worker: where there is no network, it answers with the pages of
// the site that were visited, and with what they need. Practice pads start
// it, once Python has come (practice.mjs). The network comes first. Another
// version of the site, which offline.py names here, fetches all that was kept
// anew: no page meets the scripts of another version.

const VERSION = "";
const PREFIX = `numpy-handbook ${self.registration.scope} `;
const KEPT = PREFIX + VERSION;

/** Fetch for later what is not here yet. */
async function add(urls, options) {
  const kept = await caches.open(KEPT);
  const here = new Set((await kept.keys()).map(({ url }) => url));
  const missing = urls.filter(
    (url) => url.startsWith(self.registration.scope) && !here.has(url),
  );
  const requests = missing.map((url) => new Request(url, options));
  // what fails is left out
  await Promise.allSettled(requests.map((request) => kept.add(request)));
}

/** Return the names of what other versions kept. */
async function others() {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith(PREFIX) && name !== KEPT);
}

async function renew() {
  for (const name of await others()) {
    const old = await (await caches.open(name)).keys();
    const urls = old.map(({ url }) => url);
    await add(urls, { cache: "no-cache" });
  }
  await self.skipWaiting();
}

async function takeOver() {
  await Promise.all((await others()).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(event) {
  const { request } = event;
  let response;
  try {
    response = await fetch(request);
  } catch (error) {
    const cache = await caches.open(KEPT);
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
  if (response.status === 200 && !response.redirected) {
    event.waitUntil(keep(request, response.clone()));
  }
  return response;
}

async function keep(request, response) {
  try {
    await (await caches.open(KEPT)).put(request, response);
  } catch {
    // there is no room
  }
}

self.addEventListener("install", (event) => event.waitUntil(renew()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => event.waitUntil(add(event.data)));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(self.registration.scope)) {
    event.respondWith(answer(event));
  }
});
