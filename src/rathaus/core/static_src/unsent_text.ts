import { opensAnotherWindow } from "./double_click";

/** A text of the workspace that was typed and not sent: the browser asks before a click elsewhere loses it. */
export function guardUnsentTexts(): void {
  let sent: EventTarget | null = null;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && !opensAnotherWindow(event)) sent = event.target;
  });
  window.addEventListener("beforeunload", (event) => {
    const texts = document.querySelectorAll<HTMLTextAreaElement>(".is-workspace form textarea");
    if ([...texts].some((text) => text.form !== sent && text.value !== text.defaultValue)) event.preventDefault();
  });
}
