/**
 * A part of a page that changes by itself: `<div data-live="/line/" data-part="/part/">`.
 *
 * On the line the house says *that* something changed; the part is then fetched again. Whenever the line opens anew, after
 * a restart of the house too, the part is fetched as well, since something may have been missed.
 *
 * With `data-shared` all windows of a browser share one line: a browser keeps few connections to a house open at once, and
 * a part that stands on every page would take all of them.
 */
const SECONDS_UNTIL_AGAIN = 5;
const shown = new WeakMap<HTMLElement, string>();
const refreshing = new Set<() => Promise<void>>();

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

  function open(changed: () => void): void {
    const line = new EventSource(part.dataset.live ?? "");
    line.addEventListener("open", changed);
    line.addEventListener("message", changed);
    line.addEventListener("error", () => {
      part.toggleAttribute("data-stale", true);
      if (line.readyState === EventSource.CLOSED) window.setTimeout(() => open(changed), SECONDS_UNTIL_AGAIN * 1000);
    });
    window.addEventListener("pagehide", () => line.close(), { once: true });
  }

  const start = (): void => (part.hasAttribute("data-shared") ? share(part, open, refresh) : open(() => void refresh()));
  window.addEventListener("pageshow", (event) => event.persisted && start());
  refreshing.add(refresh);
  start();
}

/** Whichever window holds the lock has the line and tells the others; when it closes, the next one opens a line. */
function share(part: HTMLElement, open: (changed: () => void) => void, refresh: () => Promise<void>): void {
  if (!isSecureContext) return open(() => void refresh()); // windows cannot agree there
  const name = `live:${part.dataset.live}`;
  const windows = new BroadcastChannel(name);
  windows.addEventListener("message", () => void refresh());
  window.addEventListener("pagehide", () => windows.close(), { once: true });
  const changed = (): void => {
    windows.postMessage("");
    void refresh();
  };
  void navigator.locks.request(name, () => {
    open(changed);
    return new Promise<never>(() => undefined); // until the window closes
  });
  void refresh();
}

async function fetchPart(part: HTMLElement): Promise<void> {
  try {
    // A redirect leads to a sign-in, which is no part of this page.
    const request = { headers: { Accept: "text/html" }, cache: "no-store", redirect: "error" } as const;
    const answer = await fetch(part.dataset.part ?? "", request);
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = await answer.text();
    if (fresh !== shown.get(part)) show(part, fresh);
    part.toggleAttribute("data-stale", false);
  } catch {
    part.toggleAttribute("data-stale", true); // the line opens again by itself, and then the part is fetched
  }
}

function show(part: HTMLElement, fresh: string): void {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const typed = focused instanceof HTMLInputElement ? focused.value : undefined;
  part.innerHTML = fresh;
  shown.set(part, fresh);
  const again = focused?.id ? document.getElementById(focused.id) : null;
  if (again instanceof HTMLInputElement && typed !== undefined) again.value = typed;
  again?.focus();
  part.dispatchEvent(new CustomEvent("live:shown", { bubbles: true }));
}

/**
 * A form with `data-quiet` is sent while the page stays as it is: what somebody is writing elsewhere on it is not lost. The
 * parts show what came of it. Whatever else the house answers, a sign-in say, is shown as for any other form.
 */
export function sendQuietly(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || !form.hasAttribute("data-quiet")) return;
    event.preventDefault();
    void send(form, event.submitter);
  });
}

const DONE = 204;
const CHANGED_MEANWHILE = 409;

async function send(form: HTMLFormElement, pressed: HTMLElement | null): Promise<void> {
  const body = new FormData(form, pressed);
  const request = { method: "POST", body, headers: { "X-Quiet": "1" }, redirect: "manual" } as const;
  const status = await fetch(form.action, request).then(
    (answer) => answer.status,
    () => 0,
  );
  if (status === DONE || status === CHANGED_MEANWHILE) {
    await Promise.all([...refreshing].map((refresh) => refresh()));
    return;
  }
  if (pressed instanceof HTMLButtonElement && pressed.name) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value }));
  }
  form.submit();
}
