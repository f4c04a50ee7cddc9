import { expect, test } from 'vitest';
import { verifyJournal } from '../../src/compose/verify-journal.ts';
import { anAudit } from '../support/lane-entries.ts';
import { openTempStore } from '../support/temp-store.ts';

test('N7: every history of the journal is verified, the newest one is told', async () => {
	const { journal } = openTempStore();
	for (let n = 1; n <= 30; n += 1) journal.append(anAudit(`a${n}`));
	journal.draftEpoch({ gatewayEpoch: journal.gatewayEpoch(), seq: 20 }).start('ackAhead', 5);
	journal.append(anAudit('b1'));
	const seen: number[] = [];
	const options = { onProgress: (done: number) => void seen.push(done), signal: new AbortController().signal };
	const report = await verifyJournal(journal, options);
	const head = journal.chainAt(11)?.toHex();
	expect(report).toEqual({ rows: 31, firstSeq: 1, lastSeq: 11, head, histories: 2, broken: null });
	expect(seen).toEqual([30, 31]);
	const [old] = journal.epochs();
	const broken = { result: 'broken', seq: 7, problem: 'changed' } as const;
	const spoilt = { ...journal, verify: () => broken };
	expect(await verifyJournal(spoilt, options)).toMatchObject({
		broken: { seq: 7, problem: 'changed', gatewayEpoch: old?.gatewayEpoch },
		head: journal.chainAt(6, old?.gatewayEpoch)?.toHex(),
	});
});
