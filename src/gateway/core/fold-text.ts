/**
 * The form texts are searched in: lower case, no accents, only letters, digits and single spaces, so that
 * `1-ABC-123` finds `1ABC123` and `elodie` finds `Élodie`.
 */
export function foldText(text: string): string {
	return text.normalize('NFKD').toLowerCase().replace(NOT_SEARCHED, '').replace(/\s+/g, ' ').trim();
}

/** Accents are marks of their own after NFKD. */
const NOT_SEARCHED = /[^\p{L}\p{N}\s]/gu;
