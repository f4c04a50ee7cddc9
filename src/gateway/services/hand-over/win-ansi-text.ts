/** Beyond Latin-1, what Windows-1252 has, and with it the fonts that every reader of PDF files brings (ISO 32000-2, D.2). */
const BEYOND = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

/**
 * Text as those fonts show it. Other letters, and what would not be seen or would turn the text around, stand as `\u{…}`: a
 * report is never silently another one. What is hashed is the text itself.
 */
export function winAnsiText(text: string): string {
	return text
		.normalize('NFC')
		.replaceAll(/\r\n?/g, '\n')
		.replaceAll(/[\u2009\u202f\u00a0]/g, ' ')
		.replaceAll(/[^\n\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff]/gu, (character) =>
			BEYOND.has(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
		);
}
