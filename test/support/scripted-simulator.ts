import type { DeviceSimulator } from '../../src/drivers/driver.ts';

/** A device that keeps what it hears and says what it is told: `stimulate(id, hex)`. */
export interface ScriptedSimulator extends DeviceSimulator {
	heard(): Uint8Array;
	forget(): void;
}

export function createScriptedSimulator(): ScriptedSimulator {
	let heard: number[] = [];
	return {
		heard: () => Uint8Array.from(heard),
		forget() {
			heard = [];
		},
		receive(bytes) {
			heard.push(...bytes);
			return [];
		},
		stimulate: (_, hex) => ({ answers: [{ bytes: Uint8Array.fromHex(hex), delayMs: 0 }] }),
		outputs: () => ({}),
	};
}
