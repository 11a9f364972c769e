/** Shows and hides questions at once where the server would after the next step, and fills in addresses. */
import { type Condition, holds } from "./conditions";

const PAUSE_MS = 200;
const LEAST_LETTERS = 2;

export function improveApplication(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-application]")) {
    showAndHide(form);
    form.querySelectorAll<HTMLElement>("[data-address]").forEach(searchAddresses);
  }
}

function showAndHide(form: HTMLFormElement): void {
  const questions = [...form.querySelectorAll<HTMLElement>("[data-show]")].map((element) => ({
    element,
    condition: JSON.parse(element.dataset.show ?? "") as Condition,
  }));
  const update = (): void => {
    // What one question shows may decide about another: at most as many rounds as there are questions.
    for (let round = 0; round < questions.length; round += 1) {
      let changed = false;
      for (const { element, condition } of questions) {
        const hidden = !holds(condition, (name) => visibleAnswers(form, name));
        changed ||= hidden !== element.hidden;
        element.hidden = hidden;
      }
      if (!changed) return;
    }
  };
  form.addEventListener("input", update);
  update();
}

function visibleAnswers(form: HTMLFormElement, name: string): string[] {
  const controls = [...form.elements].filter((element) => element.getAttribute("name") === name);
  return controls.flatMap((control) => {
    if (control.closest("[hidden]")) return [];
    if (control instanceof HTMLInputElement && ["radio", "checkbox"].includes(control.type)) {
      return control.checked ? [control.value] : [];
    }
    const value = (control as HTMLInputElement).value.trim();
    return value === "" || (control as HTMLInputElement).type === "hidden" ? [] : [value];
  });
}

function searchAddresses(field: HTMLElement): void {
  const input = field.querySelector<HTMLInputElement>("[data-address-search]");
  const list = field.querySelector<HTMLElement>("[data-address-matches]");
  if (!input || !list) return;
  let timer = 0;
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void showMatches(input, list), PAUSE_MS);
  });
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button") : null;
    if (!button) return;
    event.preventDefault();
    takeOver(field, button.dataset);
    list.replaceChildren();
    input.value = "";
  });
  if (!list.childElementCount) void showMatches(input, list); // somebody typed before this script was there
}

async function showMatches(input: HTMLInputElement, list: HTMLElement): Promise<void> {
  const query = input.value.trim();
  if (query.length < LEAST_LETTERS) return list.replaceChildren();
  const address = new URL(input.dataset.addressSearch ?? "", window.location.href);
  address.searchParams.set("q", query);
  const answer = await fetch(address).catch(() => null); // offline: the search button still works later
  if (answer?.ok && input.value.trim() === query) list.innerHTML = await answer.text();
}

function takeOver(field: HTMLElement, match: DOMStringMap): void {
  for (const part of ["street", "number", "postcode", "place"]) {
    const input = field.querySelector<HTMLInputElement>(`input[name$=".${part}"]`);
    if (input) input.value = match[part] ?? "";
  }
  field.querySelector<HTMLInputElement>('input[name$=".door"]')?.focus();
}
