/** Small improvements of pages that already work without them. */
import { guardDoubleClicks } from "./double_click";
import { focusErrorSummary } from "./error_summary";
import { suggestWhileTyping } from "./suggestions";

guardDoubleClicks();
focusErrorSummary();
suggestWhileTyping();

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}
