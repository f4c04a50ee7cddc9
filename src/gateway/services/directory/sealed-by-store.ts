import type { SiteStore } from '../../store/site-store.ts';
import { createSealedText, type SealedText } from './sealed-text.ts';

const KEY_BYTES = 32;

/** Seals with a key that the store keeps under that name, and makes when it is first needed. */
export function sealedByStore(settings: SiteStore['settings'], name: string): () => SealedText {
	let kept: SealedText | undefined;
	return () => {
		if (kept !== undefined) return kept;
		const known = settings.get(name);
		const key = known === undefined ? crypto.getRandomValues(new Uint8Array(KEY_BYTES)) : Uint8Array.fromBase64(known);
		if (known === undefined) settings.set(name, key.toBase64());
		kept = createSealedText(key);
		return kept;
	};
}
