/** The call display: its clock, and a chime for each new call once somebody has switched the sound on. */
import { play } from "../../core/static_src/tones";

const SECONDS_BETWEEN_LOOKS = 5;
const TONES = [784, 659, 523]; // g, e, c: a falling triad carries through a hall

const clock = document.querySelector<HTMLElement>("[data-clock]");
if (clock) {
  const show = (): void => {
    clock.textContent = new Date().toLocaleTimeString("de-AT", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Vienna" });
  };
  show();
  window.setInterval(show, SECONDS_BETWEEN_LOOKS * 1000);
}

const calls = document.querySelector<HTMLElement>("[data-chime]");
const button = document.querySelector<HTMLButtonElement>("[data-sound]");
if (calls && button) ring(calls, button);

function ring(part: HTMLElement, switchOn: HTMLButtonElement): void {
  let sound: AudioContext | undefined;
  let known = marks(part);
  switchOn.hidden = false;
  switchOn.addEventListener("click", () => {
    sound = new AudioContext();
    play(sound, TONES);
    const label = switchOn.querySelector("span");
    if (label) label.textContent = switchOn.dataset.on ?? "";
    switchOn.disabled = true;
  });
  part.addEventListener("live:shown", () => {
    const now = marks(part);
    if (sound && now.some((mark) => !known.includes(mark))) play(sound, TONES);
    known = now;
  });
}

function marks(part: HTMLElement): string[] {
  return [...part.querySelectorAll<HTMLElement>("[data-call]")].map((row) => row.dataset.call ?? "");
}
