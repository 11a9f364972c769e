// Says in the page what a passkey's own window does not: that it was closed or that the key is unknown.

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const note = document.querySelector<HTMLElement>("[data-passkey-failed]");
  if (note === null) return;
  note.hidden = false;
  note.querySelector<HTMLElement>("[tabindex], .kern-alert")?.scrollIntoView({ block: "center" });
});

export {};
