import { expect, test } from 'vitest';
import { journalChecks } from '../../src/compose/doctor-journal.ts';
import { anAudit } from '../support/lane-entries.ts';
import { openTempStore, tempDir } from '../support/temp-store.ts';

test('the doctor says what waits for central and what central could not use', () => {
	const dir = tempDir();
	expect(journalChecks(dir, true)).toEqual([]);
	const store = openTempStore(dir);
	for (const id of ['a1', 'a2']) store.journal.append(anAudit(id));
	expect(journalChecks(dir, false)).toEqual([]);
	expect(journalChecks(dir, true)).toMatchObject([
		{ name: 'events', result: 'ok', found: '2 wait for central' },
		{ name: 'dead letters', result: 'ok' },
	]);
	store.journal.setAcked(1);
	store.deadLetters.add(store.journal.gatewayEpoch(), [{ seq: 1, code: 'invalidData' }], 5);
	expect(journalChecks(dir, true)).toMatchObject([
		{ found: '1 wait for central' },
		{ result: 'warning', found: 'central could not use 1 events' },
	]);
});
