import type { Outbox } from '../../src/gateway/services/journal/outbox.ts';
import type { Central } from '../../src/sync/central/central.ts';

/** What is wrong with central's record of a site, once everything has settled; in the manner of Jepsen's set and counter checks. */
export function checkLedger(
	outbox: Pick<Outbox, 'epochs' | 'after'>,
	central: Pick<Central, 'events' | 'histories'>,
	site: string,
): string[] {
	const wrong: string[] = [];
	const effects = new Map<string, string>();
	for (const gatewayEpoch of central.histories(site)) {
		central.events(site, gatewayEpoch, 0, 1_000_000).forEach(({ seq, id, again }, place) => {
			if (seq !== place + 1) wrong.push(`${gatewayEpoch}: ${place + 1} is missing`);
			if (again) return;
			const before = effects.get(id);
			if (before !== undefined) wrong.push(`${id} counts twice: ${before} and ${gatewayEpoch}/${seq}`);
			effects.set(id, `${gatewayEpoch}/${seq}`);
		});
	}
	for (const { gatewayEpoch, lastSeq, ackedSeq } of outbox.epochs()) {
		if (ackedSeq !== lastSeq) wrong.push(`${gatewayEpoch}: ${ackedSeq} of ${lastSeq} are acknowledged`);
		for (const { seq, entry } of outbox.after(gatewayEpoch, 0, 1_000_000))
			if (entry !== null && !effects.has(entry.id)) wrong.push(`${gatewayEpoch}/${seq} ${entry.id} is lost`);
	}
	return wrong;
}

/** Ids that count at central, over all histories of the site. */
export function effectsOf(central: Pick<Central, 'events' | 'histories'>, site: string): string[] {
	return central
		.histories(site)
		.flatMap((gatewayEpoch) => central.events(site, gatewayEpoch, 0, 1_000_000))
		.flatMap(({ id, again }) => (again ? [] : [id]));
}
