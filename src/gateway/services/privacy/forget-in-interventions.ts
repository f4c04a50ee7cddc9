import { FORGOTTEN_REASON } from '../../store/lane-modes.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** Rows looked at between two looks at the lanes: a few ms. */
const LOOKED_AT = 200;

/** Takes titles, descriptions, comments and parts away that name somebody. Done again it finds nothing. */
export async function forgetInInterventions(
	{ store, rest }: { readonly store: Pick<SiteStore, 'interventions' | 'transaction'>; rest(): Promise<void> },
	names: (text: string) => boolean,
): Promise<void> {
	const { interventions } = store;
	const without = (text: string) => (names(text) ? FORGOTTEN_REASON : text);

	function forgetRow(row: ReturnType<typeof interventions.interventions>[number]): void {
		const [title, description] = [without(row.title), without(row.description)];
		if (title !== row.title || description !== row.description) {
			interventions.updateIntervention({ ...row, title, description });
		}
		for (const part of interventions.parts(row.number)) {
			const [name, reference] = [without(part.name), without(part.reference)];
			if (name !== part.name || reference !== part.reference) interventions.setPartWords({ ...part, name, reference });
		}
	}

	for (let before = Number.MAX_SAFE_INTEGER; ; ) {
		const rows = interventions.interventions({ before, limit: LOOKED_AT });
		store.transaction(() => rows.forEach(forgetRow));
		const last = rows.at(-1);
		if (last === undefined) break;
		before = last.number;
		await rest();
	}
	for (let after = 0; ; ) {
		const entries = interventions.entriesAfter(after, LOOKED_AT);
		store.transaction(() => {
			for (const { entry, detail } of entries) {
				const words = Object.entries(detail).map(
					([name, value]) => [name, typeof value === 'string' ? without(value) : value] as const,
				);
				if (words.some(([name, value]) => value !== detail[name])) {
					interventions.setEntryDetail(entry, Object.fromEntries(words));
				}
			}
		});
		const last = entries.at(-1);
		if (last === undefined) break;
		after = last.entry;
		await rest();
	}
}
