/** ISO 3166-1 alpha-3 of countries whose plates are seen in Europe and around, to alpha-2. */
const ALPHA_2: Readonly<Record<string, string>> = {
	...{ ALB: 'AL', AND: 'AD', ARM: 'AM', AUT: 'AT', AZE: 'AZ', BEL: 'BE', BGR: 'BG', BIH: 'BA', BLR: 'BY', CHE: 'CH' },
	...{ CYP: 'CY', CZE: 'CZ', DEU: 'DE', DNK: 'DK', ESP: 'ES', EST: 'EE', FIN: 'FI', FRA: 'FR', GBR: 'GB', GEO: 'GE' },
	...{ GRC: 'GR', HRV: 'HR', HUN: 'HU', IRL: 'IE', ISL: 'IS', ISR: 'IL', ITA: 'IT', KAZ: 'KZ', LIE: 'LI', LTU: 'LT' },
	...{ LUX: 'LU', LVA: 'LV', MAR: 'MA', MCO: 'MC', MDA: 'MD', MKD: 'MK', MLT: 'MT', MNE: 'ME', NLD: 'NL', NOR: 'NO' },
	...{ POL: 'PL', PRT: 'PT', ROU: 'RO', RUS: 'RU', SMR: 'SM', SRB: 'RS', SVK: 'SK', SVN: 'SI', SWE: 'SE', TUN: 'TN' },
	...{ TUR: 'TR', UKR: 'UA', VAT: 'VA' },
};

/**
 * ISO 3166-1 alpha-2 of what the camera says. Its numbers index a table that differs by model and is not
 * public, and `NON` means none: both give undefined.
 */
export function parseCountry(...texts: readonly (string | undefined)[]): string | undefined {
	for (const text of texts) {
		const code = text?.toUpperCase() ?? '';
		if (/^[A-Z]{2}$/.test(code)) return code;
		if (Object.hasOwn(ALPHA_2, code)) return ALPHA_2[code];
	}
	return undefined;
}
