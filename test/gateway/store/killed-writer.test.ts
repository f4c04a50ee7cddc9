import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../src/gateway/core/journal.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

/** Lets the writer work until it printed `lines`, kills it at once; what it said was on the disk. */
async function writeUntilKilled(dir: string, first: number, lines: number): Promise<string[]> {
	const writer = spawn(process.execPath, ['test/support/write-until-killed.ts', dir, String(first)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let said = '';
	writer.stdout.on('data', (chunk: Buffer) => {
		said += chunk.toString();
		if (said.split('\n').length > lines) writer.kill('SIGKILL');
	});
	await once(writer, 'close');
	return said.split('\n').slice(0, -1);
}

test('N7: killed at any moment, what was told is there, whole and in order, and nothing is half there', async () => {
	const dir = tempDir();
	const told: string[] = [];
	let first = 0;
	for (let round = 0; round < 5; round += 1) {
		told.push(...(await writeUntilKilled(dir, first, 5 + round * 37)));
		const store = openTempStore(dir);
		const { journal, occupancy, parkingSessions } = store;
		const lastSeq = journal.lastSeq();
		expect(journal.verify(0, 100_000)).toEqual({ result: 'holds', upTo: lastSeq, erased: 0, finished: true });

		const entries = journal.after(0, 100_000).flatMap(({ entry }) => (entry === null ? [] : [entry]));
		const decided = idsOf(entries, 'decision');
		const passed = idsOf(entries, 'passage');
		for (const line of told) {
			const [what, n] = line.split(' ');
			expect(what === 'decided' ? decided : passed).toContain(`d${n}`);
		}
		const waiting = decided.filter((id) => !passed.includes(id));
		expect(occupancy.reservations().map(({ id }) => id)).toEqual(waiting);
		expect(store.vends.withoutOutcome().map(({ vendId }) => vendId)).toEqual(waiting);
		expect(occupancy.counter('A1')).toMatchObject({ occupied: passed.length, reserved: waiting.length });
		expect(occupancy.counter('P1')).toMatchObject({ occupied: passed.length, reserved: waiting.length });
		expect(parkingSessions.countOpen()).toBe(passed.length);
		expect(decided.length % 3).toBe(0);
		first = decided.length;
		store.close();
	}
	expect(first).toBeGreaterThan(50);
});

function idsOf(entries: readonly JournalEntry[], type: 'decision' | 'passage'): string[] {
	return entries.flatMap((entry) => {
		if (entry.type !== type) return [];
		return [entry.type === 'decision' ? entry.id : (entry.decisionId ?? '')];
	});
}
