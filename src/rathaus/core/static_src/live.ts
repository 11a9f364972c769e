/**
 * A part of a page that changes by itself: `<div data-live="/line/" data-part="/part/">`.
 *
 * On the line the house says *that* something changed; the part is then fetched again. Whenever the line opens anew, after
 * a restart of the house too, the part is fetched as well, since something may have been missed.
 */
const SECONDS_UNTIL_AGAIN = 5;
const shown = new WeakMap<HTMLElement, string>();

export function watchParts(): void {
  document.querySelectorAll<HTMLElement>("[data-live][data-part]").forEach(watch);
}

function watch(part: HTMLElement): void {
  let fetching = false;
  let again = false;

  async function refresh(): Promise<void> {
    again = true;
    if (fetching) return;
    fetching = true;
    while (again) {
      again = false;
      await fetchPart(part);
    }
    fetching = false;
  }

  function open(): void {
    const line = new EventSource(part.dataset.live ?? "");
    line.addEventListener("open", () => void refresh());
    line.addEventListener("message", () => void refresh());
    line.addEventListener("error", () => {
      part.toggleAttribute("data-stale", true);
      if (line.readyState === EventSource.CLOSED) window.setTimeout(open, SECONDS_UNTIL_AGAIN * 1000);
    });
    window.addEventListener("pagehide", () => line.close(), { once: true });
  }
  window.addEventListener("pageshow", (event) => event.persisted && open());
  open();
}

async function fetchPart(part: HTMLElement): Promise<void> {
  try {
    const answer = await fetch(part.dataset.part ?? "", { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = await answer.text();
    if (fresh !== shown.get(part)) show(part, fresh);
    part.toggleAttribute("data-stale", false);
  } catch {
    part.toggleAttribute("data-stale", true); // the line opens again by itself, and then the part is fetched
  }
}

function show(part: HTMLElement, fresh: string): void {
  const focused = part.contains(document.activeElement) ? document.activeElement?.id : undefined;
  part.innerHTML = fresh;
  shown.set(part, fresh);
  if (focused) document.getElementById(focused)?.focus();
  part.dispatchEvent(new CustomEvent("live:shown", { bubbles: true }));
}
