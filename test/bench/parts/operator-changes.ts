import process from 'node:process';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { Access } from '../../../src/gateway/core/permission/access.ts';
import type { Figure, Part } from '../figure.ts';
import { addGroups, addOperators, fillSite, joinGroups, openOperators, withOperators } from '../operators-bench.ts';

/** With room for those who are brought in. */
const OPERATORS = 90_000;
const GROUPS = 10_000;
const DEPTH = 20;
const BELOW = 9_000;
const AGAIN = 3;
const AT_THE_MACHINE = { operatorId: null, access: null };

/** Changes of many operators at once among 90,000 in 10,000 groups: for how long each keeps the lanes from a turn. */
export const operatorChanges: Part = {
	name: 'operator-changes',
	limitS: 240,
	run: () =>
		withOperators('changes', async (dir) => {
			fill(dir);
			return measure(dir);
		}),
};

/** Beside the others a group with ten below it, which 9,000 simple users are in. */
function fill(dir: string): void {
	const { store } = openOperators(dir);
	addOperators(dir, OPERATORS);
	addGroups(store, GROUPS - 20, DEPTH);
	store.close();
	joinGroups(dir, GROUPS - 20);
	fillSite(
		dir,
		`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
			INSERT INTO operator_groups (id, kind, name, name_key, parent_id, tags)
			SELECT 's-' || i, 'company', 'Side ' || i, 'side ' || i, iif(i = 0, NULL, 's-0'), '[]' FROM n;
		DELETE FROM operator_group_members WHERE operator_id IN (SELECT id FROM operators WHERE substr(id, 4) % 10 = 3);
		INSERT INTO operator_group_members (group_id, operator_id)
			SELECT 's-' || (1 + substr(id, 5) % 10), id FROM operators WHERE substr(id, 4) % 10 = 3;
		DELETE FROM operator_seats WHERE operator_id IN (SELECT operator_id FROM operator_group_members WHERE group_id GLOB 's-*')
			AND operator_id NOT IN (SELECT operator_id FROM operator_roles WHERE role_id <> 'user')`,
	);
}

async function measure(dir: string): Promise<readonly Figure[]> {
	const { store, operators } = openOperators(dir);
	const { bulk, groups, imports } = operators;
	const by = AT_THE_MACHINE;
	const longest = async (what: string, change: (turn: number) => unknown): Promise<Figure> => {
		let mostMs = 0;
		for (let turn = 0; turn < AGAIN; turn += 1) mostMs = Math.max(mostMs, await longestTurnMs(() => change(turn)));
		return { what: `${what}, longest work at once`, measured: mostMs, unit: 'ms', target: { atMost: 20 } };
	};
	const together = (turn: number) =>
		Array.from({ length: LIMITS.operatorsTogether }, (_, n) => `op-${(turn * LIMITS.operatorsTogether + n) * 10 + 1}`);
	const act = (action: 'deactivate' | 'activate' | 'join' | 'leave', groupId: string | null) => (turn: number) =>
		bulk.run({ action, groupId, operatorIds: together(turn), endLogins: true }, by);
	const rules = (permissions: readonly { readonly permission: string; readonly scope: string }[]) => ({ permissions });
	const member = 'op-13';
	const may = (): boolean => (operators.accessOf(member) as Access).may('lanes:read');
	const give = () => groups.update('s-0', rules([{ permission: 'lanes:read', scope: 'site' }]), by);
	const take = () => groups.update('s-0', rules([]), by);
	const move = (turn: number) => groups.update('s-0', { parentId: turn % 2 === 0 ? 'g-0' : null }, by);
	const told = (what: string, holds: boolean): Figure => ({
		...{ what, measured: holds ? 1 : 0, unit: 'of 1', target: { atLeast: 1 } },
	});
	let isAtOnce = true;
	const figures = [
		await longest(`${LIMITS.operatorsTogether} deactivated together`, act('deactivate', null)),
		await longest(`${LIMITS.operatorsTogether} activated together`, act('activate', null)),
		await longest(`${LIMITS.operatorsTogether} into a group together`, act('join', 's-1')),
		await longest(`${LIMITS.operatorsTogether} out of it together`, act('leave', 's-1')),
		await longest(`a group with ${BELOW} below renamed`, (turn) => groups.update('s-0', { name: `Side ${turn}` }, by)),
		await longest(`a group with ${BELOW} below given a permission, and taken it`, async () => {
			give();
			isAtOnce &&= may();
			await turnOfOthers();
			take();
			isAtOnce &&= !may();
		}),
		await longest(`a group with ${BELOW} below moved`, move),
		told('what such a change gives or takes holds for the next request', isAtOnce),
		...(await importFigures()),
	];
	store.close();
	return figures;

	async function importFigures(): Promise<readonly Figure[]> {
		let id = '';
		const rows = (turn: number) =>
			Array.from({ length: LIMITS.operatorImportRows }, (_, n) => `new${turn}-${n}@acme.example,New ${n},reception`);
		const csv = (turn: number) => Buffer.from(['email,name,roles', ...rows(turn)].join('\n'));
		const what = `a list of ${LIMITS.operatorImportRows}`;
		const preview = await longest(`${what} looked at`, async (turn) => {
			const made = await imports.preview({ fileName: 'team.csv', bytes: csv(turn) }, [], by);
			if (made.stage !== 'previewed') throw new Error(JSON.stringify(made.problems));
			id = made.id;
		});
		const apply = await longest(`${what} applied and undone`, async (turn) => {
			if (turn > 0) id = (await imports.preview({ fileName: 'team.csv', bytes: csv(turn + 100) }, [], by)).id;
			await turnOfOthers();
			const answer = await imports.apply(id, by);
			if (answer.result !== 'done') throw new Error(JSON.stringify(answer));
			await turnOfOthers();
			await imports.undo(id, by);
		});
		return [preview, apply];
	}
}

const turnOfOthers = () => new Promise((resolve) => setImmediate(resolve));

/** Processor time of this thread between two turns at the most, while that is done. */
async function longestTurnMs(work: () => unknown): Promise<number> {
	let mostMs = 0;
	let before = process.threadCpuUsage();
	const look = () => {
		const { user, system } = process.threadCpuUsage(before);
		mostMs = Math.max(mostMs, (user + system) / 1_000);
		before = process.threadCpuUsage();
	};
	let isOver = false;
	const watch = () => {
		look();
		if (!isOver) setImmediate(watch);
	};
	setImmediate(watch);
	await turnOfOthers();
	await work();
	isOver = true;
	await turnOfOthers();
	return mostMs;
}
