import { randomUUIDv7 } from 'node:crypto';
import { createLog } from '../log.ts';
import { createCentral } from '../sync/central/central.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import { createSystemClock } from '../system-clock.ts';
import { nextLedger } from './fleet-journal.ts';
import type { FleetSite } from './fleet-site.ts';

const READ_AT_ONCE = 1_000;

/** What central's store holds of a fleet, once it has stopped. */
export function lookAtLedger(dir: string, tenant: string, sites: readonly FleetSite[]) {
	const clock = createSystemClock();
	const central = createCentral({
		...{ dir, tenant, clock, openLink: createMqttLinks(clock), newId: randomUUIDv7, random: Math.random },
		broker: () => ({ url: 'mqtt://127.0.0.1' }),
		log: createLog({ level: 'error', format: 'text', write: (line) => void process.stderr.write(line) }),
	});
	// A stream that nothing ever was in has none.
	const roots = central.heads().flatMap(({ root }) => (root === null ? [] : [root]));
	let [lost, wrong, current] = [0, 0, 0];
	for (const { site, journal, roots: rootsOf } of sites) {
		let [upTo, ledger] = [0, ''];
		for (;;) {
			const events = central.events(site, journal.gatewayEpoch(), upTo, READ_AT_ONCE);
			for (const { seq, id } of events) {
				// Not the next one: doubled, or in another order.
				if (seq !== upTo + 1) wrong += 1;
				upTo = seq;
				ledger = nextLedger(ledger, id);
			}
			if (events.length < READ_AT_ONCE) break;
		}
		lost += journal.lastSeq() - upTo;
		if (upTo === journal.lastSeq() && ledger !== journal.ledger()) wrong += 1;
		const held = rootsOf();
		current += roots.every((root) => held.includes(root)) ? 1 : 0;
	}
	void central.stop();
	return { ledger: { lost, wrong }, current };
}
