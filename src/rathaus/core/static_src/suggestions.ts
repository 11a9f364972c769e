/** Results while typing: asks the address in `data-suggest` and shows the list of links it answers with. */

const PAUSE_MS = 180;
const LEAST_LETTERS = 2;

export function suggestWhileTyping(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-suggest]")) {
    const list = document.getElementById(input.getAttribute("aria-controls") ?? "");
    if (list) new Suggestions(input, list);
  }
}

class Suggestions {
  private timer = 0;
  private request = new AbortController();

  constructor(
    private readonly input: HTMLInputElement,
    private readonly list: HTMLElement,
  ) {
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.fromInput(event));
    list.addEventListener("keydown", (event) => this.inList(event));
    input.form?.addEventListener("focusout", (event) => this.left(event));
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
  }

  private async ask(): Promise<void> {
    this.request.abort();
    const query = this.input.value.trim();
    if (query.length < LEAST_LETTERS) return this.hide();
    this.request = new AbortController();
    const address = new URL(this.input.dataset.suggest ?? "", window.location.href);
    address.searchParams.set("q", query);
    try {
      const answer = await fetch(address, { signal: this.request.signal });
      if (answer.ok) this.show(await answer.text());
    } catch (error) {
      // Cancelled by the next letter, or offline: the form itself still works.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      this.hide();
    }
  }

  private show(fragment: string): void {
    this.list.innerHTML = fragment;
    this.list.hidden = this.links().length === 0;
    this.announce(this.links().length);
  }

  private hide(): void {
    this.list.hidden = true;
  }

  private announce(count: number): void {
    const status = this.input.form?.querySelector<HTMLElement>("[data-suggest-status]");
    if (!status) return;
    const words = count === 0 ? status.dataset.none : count === 1 ? status.dataset.one : status.dataset.many;
    status.textContent = (words ?? "").replace("{number}", String(count));
  }

  private links(): HTMLAnchorElement[] {
    return [...this.list.querySelectorAll("a")];
  }

  private fromInput(event: KeyboardEvent): void {
    if (event.key === "Escape") this.hide();
    if (event.key === "ArrowDown" && !this.list.hidden) {
      event.preventDefault();
      this.links()[0]?.focus();
    }
  }

  private inList(event: KeyboardEvent): void {
    const links = this.links();
    const here = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === "Escape") {
      this.hide();
      this.input.focus();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      links[Math.min(here + 1, links.length - 1)]?.focus();
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      (links[here - 1] ?? this.input).focus();
    }
  }

  private left(event: FocusEvent): void {
    if (event.relatedTarget instanceof Node && this.input.form?.contains(event.relatedTarget)) return;
    window.setTimeout(() => this.hide(), 150);
  }
}
