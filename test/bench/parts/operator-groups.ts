import { PERMISSIONS } from '../../../src/gateway/core/permission.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { addGroups, addOperators, joinGroups, openOperators, withOperators } from '../operators-bench.ts';

const OPERATORS = 100_000;
const GROUPS = 10_000;
const DEPTH = 20;
const CHECKS = 50_000;
/** Operators who are signed in and ask, one after the other. */
const SIGNED_IN = 500;
/** Between two changes of a group. */
const CHECKS_BETWEEN_CHANGES = 1_000;
const ASKED = 100;
const AT_THE_MACHINE = { operatorId: null, access: null };

/**
 * 10,000 groups, 20 deep, each with a role, a permission and a denial; 100,000 operators, each in two of them: what one
 * request asks, right after a change and later, and the lists.
 */
export const operatorGroups: Part = {
	name: 'operator-groups',
	limitS: 240,
	run: () =>
		withOperators('groups', (dir) => {
			fill(dir);
			return measure(dir);
		}),
};

function fill(dir: string): void {
	const { store } = openOperators(dir);
	addOperators(dir, OPERATORS);
	addGroups(store, GROUPS, DEPTH);
	store.close();
	joinGroups(dir, GROUPS);
}

async function measure(dir: string): Promise<readonly Figure[]> {
	const { store, operators } = openOperators(dir);
	const ids = Array.from({ length: SIGNED_IN }, (_, n) => `op-${(n * 199) % OPERATORS}`);
	const check = (turn: number) => {
		const id = ids[turn % ids.length] ?? '';
		return operators.accessOf(id)?.may(PERMISSIONS[turn % PERMISSIONS.length] ?? 'lanes:read');
	};
	const first = spreadOf(SIGNED_IN, check);
	const durationsMs: number[] = [];
	for (let turn = 0; turn < CHECKS; turn += 1) {
		if (turn % CHECKS_BETWEEN_CHANGES === 0)
			operators.groups.update('g-40', { name: `Renamed ${turn}` }, AT_THE_MACHINE);
		durationsMs.push(timed(() => check(turn)));
	}
	const { groups, administration } = operators;
	const group = (turn: number) => `g-${(turn * 97) % GROUPS}`;
	const list = (what: string, ask: (turn: number) => unknown): Figure => ({
		...{ what: `${what}, p95`, measured: percentile(spreadOf(ASKED, ask), 0.95), unit: 'ms', target: { atMost: 150 } },
	});
	const listed = async (what: string, ask: (turn: number) => Promise<unknown>): Promise<Figure> => {
		const durationsMs: number[] = [];
		for (let turn = 0; turn < ASKED; turn += 1) {
			const startedMs = performance.now();
			await ask(turn);
			durationsMs.push(performance.now() - startedMs);
		}
		return { what: `${what}, p95`, measured: percentile(durationsMs, 0.95), unit: 'ms', target: { atMost: 150 } };
	};
	const figures: readonly Figure[] = [
		{
			what: 'permission check of a request, p99',
			measured: percentile(durationsMs, 0.99) * 1_000,
			...{ unit: 'µs', target: { atMost: 50 } },
			note: `${SIGNED_IN} operators, a group changed every ${CHECKS_BETWEEN_CHANGES} checks; p50 ${(percentile(durationsMs, 0.5) * 1_000).toFixed(1)} µs`,
		},
		{ what: 'the first check after a change, p95', measured: percentile(first, 0.95), unit: 'ms' },
		list('page of groups', (turn) => groups.list({ limit: 50, kind: turn % 2 === 0 ? 'company' : undefined })),
		list('search of groups', (turn) => groups.list({ q: `group ${turn}`, limit: 50 })),
		list('groups with a tag', (turn) => groups.list({ tag: `t${turn % 50}`, limit: 50 })),
		list('one group with what it inherits', (turn) => groups.get(group(turn))),
		list('members of a group', (turn) => groups.members(group(turn), { limit: 50 })),
		await listed('page of operators', () => administration.list({ limit: 50 })),
		await listed('search of operators', (turn) => administration.list({ q: `person 9${turn}`, limit: 50 })),
		list('administrators and seats, as each change asks', () => administration.standing()),
	];
	store.close();
	return figures;
}

function timed(ask: () => unknown): number {
	const startedMs = performance.now();
	ask();
	return performance.now() - startedMs;
}

function spreadOf(turns: number, ask: (turn: number) => unknown): readonly number[] {
	return Array.from({ length: turns }, (_, turn) => timed(() => ask(turn)));
}
