import { argon2, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPasswordHasher } from '../../../src/gateway/services/operators/password-hash.ts';
import { createOperatorsBench, type OperatorsBench, operatorRow, PASSWORD } from '../../support/operators.ts';

const argon2id = promisify(argon2);
/** What was asked of the one slow thing, in order. */
const work: string[] = [];
const hasher = createPasswordHasher({
	derive: ({ memoryKib: memory, lanes: parallelism, tagBytes: tagLength, ...ask }) => {
		work.push(`${memory} KiB ${ask.passes} ${parallelism} ${tagLength}`);
		return argon2id('argon2id', { ...ask, memory, parallelism, tagLength });
	},
});

let bench: OperatorsBench;
beforeAll(async () => {
	bench = createOperatorsBench({ hasher });
	const passwordHash = (await hasher.hash(PASSWORD)) ?? '';
	const add = (name: string, change: object) => {
		const row = operatorRow({ id: randomUUID(), email: `${name}@example.org`, name });
		bench.store.operators.addOperator({ ...row, passwordHash, ...change });
	};
	add('active', {});
	add('inactive', { state: 'inactive' });
	add('invited', { state: 'invited', passwordHash: null });
});
afterAll(() => bench.close());

/** The work, the answer and what was written, of one sign-in from an address of its own. */
async function signIn(email: string, password: string, remoteAddress: string) {
	work.length = 0;
	const before = bench.store.journal.lastSeq();
	const answer = await bench.operators.login({ email, password, remoteAddress });
	return { answer, work: [...work], written: bench.store.journal.lastSeq() - before };
}

test('A9 a sign-in that fails takes the same work, answer and lines of the journal, whoever it is about', async () => {
	const ways: readonly (readonly [string, string])[] = [
		['nobody@example.org', PASSWORD],
		['', PASSWORD],
		['active@example.org', 'a wrong password'],
		['active@example.org', ''],
		['inactive@example.org', PASSWORD],
		['inactive@example.org', 'a wrong password'],
		['invited@example.org', PASSWORD],
	];
	const told = new Set<string>();
	for (const [place, [email, password]] of ways.entries()) {
		told.add(JSON.stringify(await signIn(email, password, `10.0.${place}.1`)));
	}
	expect([...told].map((one) => JSON.parse(one))).toEqual([
		{ answer: { result: 'refused' }, work: ['19456 KiB 2 1 32'], written: 1 },
	]);
	const right = await signIn('active@example.org', PASSWORD, '10.1.0.1');
	expect(right).toMatchObject({ answer: { result: 'signedIn' }, work: ['19456 KiB 2 1 32'] });
});
