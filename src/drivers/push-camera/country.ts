/** ISO 3166-1 alpha-3 of countries whose plates cameras know, to alpha-2. */
const ALPHA_2: Readonly<Record<string, string>> = {
	...{ ALB: 'AL', AND: 'AD', ARM: 'AM', AUT: 'AT', AZE: 'AZ', BEL: 'BE', BGR: 'BG', BIH: 'BA', BLR: 'BY', CHE: 'CH' },
	...{ CYP: 'CY', CZE: 'CZ', DEU: 'DE', DNK: 'DK', ESP: 'ES', EST: 'EE', FIN: 'FI', FRA: 'FR', GBR: 'GB', GEO: 'GE' },
	...{ GRC: 'GR', HRV: 'HR', HUN: 'HU', IRL: 'IE', ISL: 'IS', ISR: 'IL', ITA: 'IT', KAZ: 'KZ', LIE: 'LI', LTU: 'LT' },
	...{ LUX: 'LU', LVA: 'LV', MAR: 'MA', MCO: 'MC', MDA: 'MD', MKD: 'MK', MLT: 'MT', MNE: 'ME', NLD: 'NL', NOR: 'NO' },
	...{ POL: 'PL', PRT: 'PT', ROU: 'RO', RUS: 'RU', SMR: 'SM', SRB: 'RS', SVK: 'SK', SVN: 'SI', SWE: 'SE', TUN: 'TN' },
	...{ TUR: 'TR', UKR: 'UA', VAT: 'VA', ARE: 'AE', ARG: 'AR', AUS: 'AU', BRA: 'BR', CAN: 'CA', CHL: 'CL', CHN: 'CN' },
	...{ COL: 'CO', EGY: 'EG', HKG: 'HK', IDN: 'ID', IND: 'IN', JPN: 'JP', KOR: 'KR', KWT: 'KW', MEX: 'MX', MYS: 'MY' },
	...{ NZL: 'NZ', OMN: 'OM', PER: 'PE', PHL: 'PH', QAT: 'QA', SAU: 'SA', SGP: 'SG', THA: 'TH', TWN: 'TW', USA: 'US' },
	...{ VNM: 'VN', ZAF: 'ZA' },
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

/** Recognition engines name a region: `be`, `us-mo`, or `eu-at` of a European model; `eu` alone is no country. */
export function parseRegion(text: string | undefined): string | undefined {
	const [first, second] = text?.toUpperCase().split('-') ?? [];
	return first === 'EU' ? parseCountry(second) : parseCountry(first);
}
