/** The call display: its clock, and a chime for each new call once somebody has switched the sound on. */
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
    chime(sound);
    const label = switchOn.querySelector("span");
    if (label) label.textContent = switchOn.dataset.on ?? "";
    switchOn.disabled = true;
  });
  part.addEventListener("live:shown", () => {
    const now = marks(part);
    if (sound && now.some((mark) => !known.includes(mark))) chime(sound);
    known = now;
  });
}

function marks(part: HTMLElement): string[] {
  return [...part.querySelectorAll<HTMLElement>("[data-call]")].map((row) => row.dataset.call ?? "");
}

function chime(sound: AudioContext): void {
  TONES.forEach((frequency, number) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const begin = sound.currentTime + number * 0.28;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.5, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + 1.1);
    tone.connect(volume).connect(sound.destination);
    tone.start(begin);
    tone.stop(begin + 1.2);
  });
}
