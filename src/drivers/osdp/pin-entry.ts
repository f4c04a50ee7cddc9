import { LIMITS } from '../../gateway/core/limits.ts';

/** Keys of one keypad on their way to a PIN. Pure: time is input. */
export interface PinEntry {
	/** Digits, `*` and `#` in the order they were pressed. @returns the PINs that ended with them */
	press(keys: string, nowMs: number): readonly string[];
	forget(): void;
}

/**
 * `#` ends a PIN and `*` begins anew; with `digits` it ends by itself. Too few or too many digits are no PIN, and
 * after a while without a key somebody else begins.
 */
export function createPinEntry(digits?: number): PinEntry {
	let pressed = '';
	let lastKeyMs = Number.NEGATIVE_INFINITY;

	function end(): readonly string[] {
		const pin = pressed;
		pressed = '';
		return pin.length >= LIMITS.pinDigitsFewest && pin.length <= LIMITS.pinDigitsMost ? [pin] : [];
	}

	function pressOne(key: string): readonly string[] {
		if (key === '#') return end();
		if (key === '*') {
			pressed = '';
			return [];
		}
		// Other keys (F1, a door bell) are no digits. One too many is kept, so that the entry is none.
		if (/^[0-9]$/.test(key) && pressed.length <= LIMITS.pinDigitsMost) pressed += key;
		return pressed.length === digits ? end() : [];
	}

	return {
		press(keys, nowMs) {
			if (nowMs - lastKeyMs > LIMITS.pinIdleMs) pressed = '';
			lastKeyMs = nowMs;
			return [...keys].flatMap(pressOne);
		},
		forget() {
			pressed = '';
		},
	};
}
