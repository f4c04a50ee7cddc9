/** Longer text is cut: nobody reads more, and a page stays a page. */
const SHOWN_CHARACTERS = 200;

/**
 * Characters that hide, reorder or break what is written around them: controls, bidirectional controls
 * (UAX 9), zero-width and other format characters, line separators, private use and lone surrogates.
 */
const HIDING = /\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/u;

export type TextPiece = { readonly kind: 'text' | 'hidden'; readonly text: string };

/** Cuts text from outside into what is readable and what hides; a hiding character is named, such as `U+202E`. */
export function cutUntrusted(text: string, most = SHOWN_CHARACTERS): readonly TextPiece[] {
	const pieces: TextPiece[] = [];
	let readable = '';
	let shown = 0;
	const flush = () => {
		if (readable !== '') pieces.push({ kind: 'text', text: readable });
		readable = '';
	};
	for (const character of text) {
		if (shown === most) {
			readable += '…';
			break;
		}
		shown += 1;
		if (HIDING.test(character)) {
			flush();
			pieces.push({ kind: 'hidden', text: codePointName(character) });
		} else {
			readable += character;
		}
	}
	flush();
	return pieces;
}

/** The same as one string, for titles and labels where no element can stand. */
export function plainUntrusted(text: string): string {
	return cutUntrusted(text)
		.map((piece) => (piece.kind === 'hidden' ? `[${piece.text}]` : piece.text))
		.join('');
}

/** JSON for reading; hiding characters stay escaped so that nothing is where it does not stand. */
export function readableJson(value: unknown): string {
	return readableText(JSON.stringify(value, null, 2));
}

/** A text of many lines, the same way. */
export function readableText(text: string): string {
	const hiding = new RegExp(HIDING.source, 'gu');
	return text
		.split('\n')
		.map((line) => line.replace(hiding, escapeUnits))
		.join('\n');
}

function codePointName(character: string): string {
	const codePoint = character.codePointAt(0) ?? 0;
	return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

function escapeUnits(character: string): string {
	return Array.from({ length: character.length }, (_, index) => {
		return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
	}).join('');
}
