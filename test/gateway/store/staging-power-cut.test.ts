import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../../src/gateway/core/seeded-random.ts';
import { openTempDirectory } from '../../support/directory-bench.ts';
import { createCutDisk } from '../../support/power-cut.ts';
import { recordDisk } from '../../support/recorded-disk.ts';
import { BLOCKED, chunksFrom, DELTAS, REVOKED, SNAPSHOT, STATES } from '../../support/staged-history.ts';
import { tempDir } from '../../support/temp-store.ts';

const CUTS = 24;
/** And at each of the last moments before the new rows are live. */
const SWAP = 8;
/** So many of them fetch the rest of the snapshot, too. */
const FINISHED = 12;

describe('N11: a snapshot being staged, and the power that goes', () => {
	it('at any moment, with any of what was not synced on the disk: one whole directory, and revocations stay', async () => {
		const dir = path.join(tempDir(), 'recorded');
		const ops = await recordDisk(dir, 'test/support/stage-while-revoking.ts');
		const random = createSeededRandom(20_261_122);
		const begin = ops.findIndex((op) => op.do === 'said');
		const moments = Array.from({ length: CUTS - 1 }, () => random.between(begin + 1, ops.length));
		const live = ops.findIndex((op) => op.do === 'said' && op.line === 'live');
		const cuts = [
			...[...moments, ops.length].map((cut) => ({ cut, kept: random.pick([0, 0.3, 0.7, 1]) })),
			// What is live is read before anybody writes: nothing of how it was made may come back.
			...Array.from({ length: SWAP }, (_, before) => ({ cut: live - before, kept: 0 })),
		].toSorted((a, b) => a.cut - b.cut);
		const disk = createCutDisk();
		const said = new Set<string>();
		const seen = new Set<string>();
		let taken = 0;
		for (const [number, { cut, kept }] of cuts.entries()) {
			for (const op of ops.slice(taken, cut)) {
				disk.take(op);
				if (op.do === 'said') said.add(op.line);
			}
			taken = cut;
			const left = path.join(tempDir(), 'left');
			disk.layOut(left, kept, random.next);
			seen.add(await expectWhole(left, said));
			if (number % (CUTS / FINISHED) === 0) await expectGoesOn(left, said);
		}
		expect([...said]).toEqual(['old', 'revoked', 'blocked', 'live', 'passed']);
		// Cuts before the swap and after it, or they say nothing.
		expect(seen.size).toBeGreaterThan(1);
	}, 240_000);
});

/** @returns which state is live */
async function expectWhole(dir: string, said: ReadonlySet<string>): Promise<string> {
	const { updates, reader, log, close } = openTempDirectory(dir);
	expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
	const state = nameOf(updates);
	const { root, cards } = STATES[state] ?? {};
	expect(await updates.verifyStream('access')).toMatchObject({ result: 'verified', damaged: 0, root });
	if (said.has('live')) expect(state).toMatch(/^e2/);
	if (said.has('passed')) expect(state).toBe('e2.41');
	const isThere = reader.credentialById(REVOKED) !== undefined;
	expect(reader.counts()['credentials']).toBe(cards === STATES['e2.41']?.cards || isThere ? cards : Number(cards) - 1);
	if (said.has('revoked')) expect(isThere).toBe(false);
	if (said.has('blocked')) expect(reader.holder(BLOCKED)?.status).toBe('blocked');
	await close();
	return state;
}

/** Fetches the rest, from where the disk has it. */
async function expectGoesOn(dir: string, said: ReadonlySet<string>): Promise<void> {
	const { updates, reader, close } = openTempDirectory(dir);
	if (nameOf(updates) === 'e1.2') {
		const { chunks } = await updates.beginSnapshot(SNAPSHOT);
		for (const rows of chunksFrom(chunks)) await updates.pushRows(rows);
		expect(await updates.finishSnapshot()).toMatchObject({ result: 'live', root: SNAPSHOT.root });
	}
	if (said.has('revoked')) expect(reader.credentialById(REVOKED)).toBeUndefined();
	await updates.applyDelta(DELTAS.revoked);
	expect(await updates.verifyStream('access')).toMatchObject({ damaged: 0, root: STATES['e2.41']?.root });
	await close();
}

function nameOf(updates: ReturnType<typeof openTempDirectory>['updates']): string {
	const at = updates.streams().find(({ stream }) => stream === 'access');
	return `${at?.centralEpoch}.${at?.rev}`;
}
