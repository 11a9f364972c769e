/** Whether the page with the form stays, because the answer comes in another window. */
export function opensAnotherWindow(event: SubmitEvent): boolean {
  return event.submitter?.getAttribute("formtarget") === "_blank";
}

/** A form marked `data-once` is sent once; a second click while the answer is on its way is ignored. */
export function guardDoubleClicks(): void {
  const sent = new WeakSet<HTMLFormElement>();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-once")) return;
    if (opensAnotherWindow(event)) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    form.setAttribute("aria-busy", "true");
    // A page that comes back from the browser's memory, or a download as answer, must stay usable.
    window.setTimeout(() => release(form), 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));

  function release(form: HTMLFormElement): void {
    sent.delete(form);
    form.removeAttribute("aria-busy");
  }
}
