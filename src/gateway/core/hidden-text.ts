/**
 * Characters that end lines, steer terminals, turn text around or are not seen: controls, formats
 * (direction marks of UAX 9, zero width), line and paragraph separators, private use, lone surrogates.
 */
const HIDING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** One line that shows what it holds: hiding characters as `\u` escapes, which JSON reads back as they were. */
export function escapeHidden(text: string): string {
	return text.replaceAll(HIDING, (character) =>
		Array.from(
			{ length: character.length },
			(_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
		).join(''),
	);
}
