/** A question about an access, as it stands in an address. */
export interface ExplainAddress {
	readonly holder?: string | undefined;
	readonly kind?: 'holder' | 'plate' | 'tag' | undefined;
	readonly q?: string | undefined;
	readonly lane?: string | undefined;
	readonly direction?: string | undefined;
	/** As a `datetime-local` field writes it; absent: now. */
	readonly at?: string | undefined;
}

export function explainHref(asked: ExplainAddress): string {
	const set = Object.entries(asked).filter((entry): entry is [string, string] => Boolean(entry[1]));
	return set.length === 0 ? '/explain' : `/explain?${new URLSearchParams(set)}`;
}
