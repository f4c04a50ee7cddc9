import { expect, test } from 'vitest';
import { decideAccess } from '../../../src/gateway/core/access/decide-access.ts';
import { createReplay } from '../../../src/gateway/services/decisions/replay.ts';
import { aRight, facts, TUESDAY_10H } from '../../support/access-facts.ts';
import { openTempStore } from '../../support/temp-store.ts';

test('N1 everything a decision was made on comes back as it was, whatever the right costs or shares', () => {
	const booking = {
		bookingId: 'b1',
		startMs: TUESDAY_10H,
		endMs: TUESDAY_10H + 1,
		graceMs: 0,
		state: 'planned',
	} as const;
	const extras = {
		bookings: [booking, { ...booking, bookingId: 'b2', state: 'used' as const }],
		uses: { used: 2, allowed: 2 },
		wallet: { balance: 100, cost: 250, mayOverdraw: false },
		pool: { id: 'pool-1', capacity: 3, occupied: 2, reserved: 1 },
		group: { id: 'group-1', capacity: 9, occupied: 2, reserved: 1 },
	};
	const given = facts({ rights: [aRight({ strategy: 'booking', extras }), aRight({ id: 'right-2' })] });
	const decision = decideAccess(given);
	const store = openTempStore();
	const common = {
		type: 'decision',
		class: 'decision',
		laneId: 'L1',
		vendId: null,
		subject: 'x',
		holderName: null,
	} as const;
	store.journal.append({ ...common, id: 'd1', atMs: TUESDAY_10H, decision, facts: given });
	expect(store.journal.withSequel('d1')[0]?.entry).toMatchObject({ facts: given, decision });
	expect(createReplay(store).one('d1')).toEqual({ result: 'identical', decisionId: 'd1' });
	const spent = facts({ rights: [aRight({ extras: { wallet: extras.wallet } })] });
	store.journal.append({ ...common, id: 'd2', atMs: TUESDAY_10H, decision: decideAccess(spent), facts: spent });
	expect(createReplay(store).one('d2')).toMatchObject({ result: 'identical' });
});
