// Keeps a page of pieces live: server-sent events replace each piece by its id; where there are none, the page is asked
// for its pieces every ten seconds.
"use strict";

(() => {
  const REFRESH_MS = 10000;
  const FAILURES_TOLD = 2; // a restart of the service is over in a moment
  const PIECES = ["alarms", "counters", "messages", "modems", "feeders"];
  const state = document.querySelector("[data-live]");
  if (!state) return;
  const waiting = new Map();
  let source;
  let failures = 0;

  function tell(live) {
    for (const each of state.querySelectorAll("[data-when]")) each.hidden = (each.dataset.when === "live") !== live;
  }

  // What somebody's keyboard is in stays until it has left.
  function put(name, html) {
    const place = document.getElementById(`live-${name}`);
    const focused = place !== document.activeElement && place.contains(document.activeElement);
    if (focused) return waiting.set(name, html);
    waiting.delete(name);
    if (place.innerHTML !== html) place.innerHTML = html;
  }

  addEventListener("focusout", () => setTimeout(() => waiting.forEach((html, name) => put(name, html))));

  async function refresh() {
    try {
      const answer = await fetch(state.dataset.refresh, { headers: { "HX-Request": "true" } });
      if (answer.headers.has("HX-Redirect")) return location.reload(); // signed out
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const name of PIECES) put(name, page.getElementById(`live-${name}`).innerHTML);
    } catch {
      // not reachable now: asked again soon
    }
  }

  function connect() {
    source = new EventSource(state.dataset.live);
    for (const name of PIECES) source.addEventListener(name, (event) => put(name, event.data));
    source.addEventListener("over", () => location.reload());
    source.addEventListener("open", () => {
      failures = 0;
      tell(true);
    });
    source.addEventListener("error", () => {
      failures += 1;
      const refused = source.readyState === EventSource.CLOSED;
      if (failures >= FAILURES_TOLD || refused) tell(false);
      if (refused) refresh();
    });
  }

  connect();
  setInterval(() => {
    if (source.readyState === EventSource.OPEN || document.hidden) return;
    refresh();
    if (source.readyState === EventSource.CLOSED) connect();
  }, REFRESH_MS);
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && connect());
})();
