/** After a refused form the reader, also one who listens, starts at the list of errors. */
export function focusErrorSummary(): void {
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}
