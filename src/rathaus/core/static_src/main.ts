/** Small improvements of pages that already work without them. */
import { ringAlarms } from "./alarm";
import { guardDoubleClicks } from "./double_click";
import { focusErrorSummary } from "./error_summary";
import { sendQuietly, watchParts } from "./live";
import { suggestWhileTyping } from "./suggestions";
import { guardUnsentTexts } from "./unsent_text";

guardDoubleClicks();
guardUnsentTexts();
focusErrorSummary();
suggestWhileTyping();
watchParts();
sendQuietly();
ringAlarms();

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}
