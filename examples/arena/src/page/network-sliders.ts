/**
 * The sliders for round trip, jitter and loss. In: what they begin with, hands and keys. Out: the
 * settings at each change. Must not know: what becomes of them.
 */
import { NETWORK_SETTINGS_MAX, NOTHING_ADDED, isNothingAdded } from './network-settings.ts';
import type { NetworkSettings } from './network-settings.ts';

export interface NetworkSliderElements {
  readonly roundTrip: HTMLInputElement;
  readonly jitter: HTMLInputElement;
  readonly loss: HTMLInputElement;
  readonly resetNetwork: HTMLButtonElement;
  /** Gets the keys back from a slider that a pointer has moved. */
  readonly view: HTMLElement;
}

interface Slider {
  readonly input: HTMLInputElement;
  readonly name: keyof NetworkSettings;
  readonly describe: (value: number) => string;
}

export class NetworkSliders {
  readonly #sliders: readonly Slider[];
  readonly #reset: HTMLButtonElement;
  readonly #onChange: (settings: NetworkSettings) => void;

  constructor(options: {
    elements: NetworkSliderElements;
    settings: NetworkSettings;
    onChange: (settings: NetworkSettings) => void;
  }) {
    const { elements, settings, onChange } = options;
    this.#onChange = onChange;
    this.#reset = elements.resetNetwork;
    this.#sliders = [
      { input: elements.roundTrip, name: 'roundTripMs', describe: (ms) => `${ms} ms` },
      { input: elements.jitter, name: 'jitterMs', describe: (ms) => `0–${ms} ms` },
      { input: elements.loss, name: 'lossPercent', describe: (percent) => `${percent} %` },
    ];
    for (const { input, name } of this.#sliders) {
      input.max = String(NETWORK_SETTINGS_MAX[name]);
      input.addEventListener('input', () => this.#handleChange());
      input.addEventListener('pointerup', () => elements.view.focus());
    }
    this.#reset.addEventListener('click', (event) => {
      this.#set(NOTHING_ADDED);
      this.#handleChange();
      // `detail` 0 is the keyboard, which stays where it is.
      if (event.detail > 0) elements.view.focus();
    });
    this.#set(settings);
  }

  get settings(): NetworkSettings {
    const settings = { ...NOTHING_ADDED };
    for (const { input, name } of this.#sliders) settings[name] = input.valueAsNumber;
    return settings;
  }

  #handleChange(): void {
    this.#describe();
    this.#onChange(this.settings);
  }

  #set(settings: NetworkSettings): void {
    for (const { input, name } of this.#sliders) input.valueAsNumber = settings[name];
    this.#describe();
  }

  #describe(): void {
    for (const { input, describe } of this.#sliders) {
      const value = input.valueAsNumber;
      const text = value === 0 ? 'none' : describe(value);
      input.ariaValueText = text;
      for (const label of input.labels ?? []) {
        const output = label.querySelector('output');
        if (output !== null) output.textContent = text;
      }
    }
    this.#reset.ariaDisabled = String(isNothingAdded(this.settings));
  }
}
