import { expect, test } from 'vitest';
import { createOutbox } from '../../../src/gateway/services/journal/outbox.ts';
import { chainStart, nextChain } from '../../../src/gateway/store/journal-hashes.ts';
import { anAudit } from '../../support/lane-entries.ts';
import { openTempStore } from '../../support/temp-store.ts';

test('the journal leaves with hashes central can follow, and a cursor of its own', () => {
	const store = openTempStore();
	const outbox = createOutbox({ store, nowMs: () => 5 });
	store.journal.append(anAudit('a1'));
	store.journal.append(anAudit('a2'));
	expect(outbox.after(0, 10).map(({ seq, entry }) => [seq, entry])).toEqual([
		[1, anAudit('a1')],
		[2, anAudit('a2')],
	]);
	let chain = chainStart(outbox.gatewayEpoch());
	expect(outbox.chainAt(0)).toBe(chain.toHex());
	for (const event of outbox.after(0, 10)) {
		chain = nextChain(chain, event.seq, Uint8Array.fromHex(event.commitment));
		expect(event.chain).toBe(chain.toHex());
	}
	outbox.setAcked(2);
	expect([outbox.ackedSeq(), outbox.lastSeq()]).toEqual([2, 2]);
	store.journal.erase([1]);
	expect(outbox.after(0, 1)).toMatchObject([{ entry: null, commitment: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
	const before = outbox.gatewayEpoch();
	expect(outbox.startEpoch()).not.toBe(before);
	expect([outbox.lastSeq(), outbox.ackedSeq()]).toEqual([0, 0]);
});
