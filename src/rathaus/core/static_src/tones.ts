/** A few tones one after the other. */
export function play(sound: AudioContext, tones: readonly number[], { apart = 0.28, lasting = 1.1, loud = 0.5 } = {}): void {
  tones.forEach((frequency, number) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const begin = sound.currentTime + number * apart;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(loud, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + lasting);
    tone.connect(volume).connect(sound.destination);
    tone.start(begin);
    tone.stop(begin + lasting + 0.1);
  });
}
