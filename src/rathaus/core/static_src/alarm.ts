/**
 * Rings while a part within `data-rings` shows something with `data-alarm`, and says so in the window's title.
 *
 * A browser plays no sound in a window that nobody has touched: then the page says that one click switches it on. Of
 * several windows of one browser a single one rings.
 */
import { play } from "./tones";

const SECONDS_BETWEEN_RINGS = 6;
const ALARM = [880, 660, 880, 660]; // up and down, as no telephone does
const GENTLE = [784, 659, 523];
let sound: AudioContext | undefined;
let rungAt = 0;
let known = "";

export function ringAlarms(): void {
  const notices = document.querySelector<HTMLElement>("[data-rings]");
  if (!notices) return;
  const title = document.title;
  const look = (): void => lookAt(notices, title);
  for (const touch of ["pointerdown", "keydown"]) {
    document.addEventListener(touch, () => void switchOn().then(look), { once: true });
  }
  notices.addEventListener("live:shown", look);
  window.setInterval(look, 1000);
  look();
}

function lookAt(notices: HTMLElement, title: string): void {
  const calls = [...notices.querySelectorAll<HTMLElement>("[data-alarm]")];
  const names = calls.map((call) => call.dataset.alarm ?? "");
  document.title = [...names, title].join(" · ");
  if (calls.length > 0) ring(names.join(), notices.dataset.rings === "gentle" ? GENTLE : ALARM);
  else known = "";
  const silent = sound?.state !== "running";
  notices.querySelectorAll<HTMLElement>("[data-silent]").forEach((hint) => (hint.hidden = !silent));
}

function ring(now: string, tones: readonly number[]): void {
  sound ??= new AudioContext(); // runs at once where the browser allows it
  const isNew = now !== known;
  if (sound.state !== "running" || (!isNew && Date.now() - rungAt < SECONDS_BETWEEN_RINGS * 1000)) return;
  known = now;
  rungAt = Date.now();
  void oneWindow(sound, tones);
}

async function oneWindow(speaker: AudioContext, tones: readonly number[]): Promise<void> {
  if (!isSecureContext) return ringOut(speaker, tones); // windows cannot agree there
  await navigator.locks.request("alarm", { ifAvailable: true }, async (mine) => {
    if (!mine) return;
    ringOut(speaker, tones);
    await new Promise((done) => window.setTimeout(done, 2000));
  });
}

function ringOut(speaker: AudioContext, tones: readonly number[]): void {
  document.documentElement.dataset.rung = String(rungAt);
  play(speaker, tones, { apart: 0.22, lasting: 0.3, loud: 0.4 });
}

async function switchOn(): Promise<void> {
  sound ??= new AudioContext();
  await sound.resume();
}
