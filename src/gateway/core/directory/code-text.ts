const SHOWN = 4;
/** Fewer hidden characters could be found by trying. */
const HIDDEN_AT_LEAST = 8;
const ALL_HIDDEN = '•••';

/** What is shown in the place of a QR code's text or a PIN: of a long one its end, enough to tell two apart, worth nothing to open with. */
export function maskCode(text: string): string {
	const characters = Array.from(text);
	return characters.length < SHOWN + HIDDEN_AT_LEAST ? ALL_HIDDEN : `…${characters.slice(-SHOWN).join('')}`;
}

/** What a code is called in logs and labels, in any language: `QR …k3Qx`. */
export function codeName(kind: 'qr' | 'pin', text: string): string {
	return `${kind === 'qr' ? 'QR' : 'PIN'} ${maskCode(text)}`;
}

/** Whether a text is what `maskCode` leaves. */
export function isMaskedCode(text: string): boolean {
	return text === ALL_HIDDEN || (text.startsWith('…') && Array.from(text).length === SHOWN + 1);
}
