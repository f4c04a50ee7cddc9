/**
 * Confidence as 0–1. What is missing, no number or out of its scale is 0, so that a second read must agree.
 *
 * @param full what the vendor writes for certain: 1, 100 or 255.
 */
export function confidenceOf(value: number | undefined, full: 1 | 100 | 255): number {
	return value !== undefined && value >= 0 && value <= full ? value / full : 0;
}

/** 0–100 as an integer or a decimal; a decimal up to 1, written with its point, is a fraction. */
export function confidenceOfText(text: string | undefined): number {
	if (text === undefined || !/^\s*\d{1,3}(?:\.\d{1,12})?\s*$/.test(text)) return 0;
	const value = Number(text);
	return confidenceOf(value, text.includes('.') && value <= 1 ? 1 : 100);
}
