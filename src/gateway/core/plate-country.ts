/** Current series of countries whose plates have fixed places for letters (A) and digits (9); ISO 3166-1 alpha-2. */
const SERIES: Readonly<Record<string, readonly string[]>> = {
	BE: ['9AAA999', 'AAA999'],
	ES: ['9999AAA'],
	FR: ['AA999AA'],
	GB: ['AA99AAA'],
	IT: ['AA999AA'],
	LU: ['AA9999'],
	NL: [
		'AA99AA',
		'99AAA9',
		'9AAA99',
		'AA999A',
		'A999AA',
		'99AAAA',
		'AAAA99',
		'99AA99',
		'AA9999',
		'9999AA',
		'AAA99A',
		'9AA999',
	],
	PT: ['AA99AA', '99AA99', '9999AA', 'AA9999'],
};

const LETTER_OF: Readonly<Record<string, string>> = { 0: 'O', 1: 'I', 2: 'Z', 3: 'B', 5: 'S', 6: 'G', 8: 'B' };
const DIGIT_OF: Readonly<Record<string, string>> = {
	O: '0',
	D: '0',
	Q: '0',
	I: '1',
	L: '1',
	Z: '2',
	B: '8',
	S: '5',
	G: '6',
};

/**
 * What a normalised read would be with a letter wherever its country has one, and a digit likewise: the camera's
 * country as a hint among plates it may have confused. Empty when the country is not known or nothing fits.
 */
export function plateByCountry(normalised: string, country: string | undefined): readonly string[] {
	const series = country === undefined ? undefined : SERIES[country];
	if (series === undefined) return [];
	const fitted = series.flatMap((pattern) => fitTo(normalised, pattern) ?? []);
	return [...new Set(fitted)];
}

function fitTo(plate: string, pattern: string): string | undefined {
	if (plate.length !== pattern.length) return undefined;
	let fitted = '';
	for (const [at, char] of [...plate].entries()) {
		const wanted = pattern[at] === '9' ? digitFor(char) : letterFor(char);
		if (wanted === undefined) return undefined;
		fitted += wanted;
	}
	return fitted;
}

function digitFor(char: string): string | undefined {
	return /\d/.test(char) ? char : DIGIT_OF[char];
}

function letterFor(char: string): string | undefined {
	return /[A-Z]/.test(char) ? char : LETTER_OF[char];
}
