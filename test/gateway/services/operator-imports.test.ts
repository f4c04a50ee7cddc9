import { Buffer } from 'node:buffer';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createPlaces } from '../../../src/gateway/core/permission/scope.ts';
import type { Actor } from '../../../src/gateway/services/operators/operators-deps.ts';
import { createOperatorsBench } from '../../support/operators.ts';

const MACHINE: Actor = { operatorId: null, access: null };
const SITE = {
	parks: [{ id: 'P1', name: 'Park', capacity: 10 }],
	areas: [],
	lanes: [],
};

function bench(options: Parameters<typeof createOperatorsBench>[0] = {}) {
	const made = createOperatorsBench({ places: createPlaces(SITE), ...options });
	onTestFinished(() => made.close());
	const { operators, store } = made;
	const actor = (id: string): Actor => {
		const access = operators.accessOf(id);
		if (access === undefined) throw new Error('nobody');
		return { operatorId: id, access };
	};
	const preview = (csv: string, by: Actor = MACHINE) =>
		operators.imports.preview({ fileName: 'team.csv', bytes: Buffer.from(csv) }, [], by);
	const byEmail = (email: string) => store.operators.operatorByEmail(email);
	return { ...made, actor, preview, byEmail, imports: operators.imports };
}

describe('Z8 operators by CSV', () => {
	test('are shown first, then invited with roles, groups and language as a whole, with a code each', async () => {
		const { preview, imports, byEmail, operators, audits, store } = bench();
		const added = operators.groups.add(
			{ name: 'Day shift', kind: 'role', tags: [], parentId: null, roles: [], permissions: [], denials: [] },
			MACHINE,
		);
		if (added.result !== 'done') throw new Error(added.result);
		const csv =
			'Courriel;Nom;Rôles;Groupes;Langue\nAda@Example.org;Ada;réception, security@park:P1;day SHIFT;fr\nbo@example.org;Bo;;;\n';
		const read = await preview(csv);
		expect(read).toMatchObject({ stage: 'previewed', problems: { errors: 0 } });
		expect(read.rows.map(({ outcome, operatorId }) => [outcome, operatorId])).toEqual([
			['new', null],
			['new', null],
		]);
		expect(byEmail('ada@example.org')).toBeUndefined();
		expect(audits().some(({ action }) => action === 'operatorInvited')).toBe(false);

		const answer = imports.apply(read.id, MACHINE);
		if (answer.result !== 'done') throw new Error(answer.result);
		const ada = byEmail('ada@example.org');
		expect(ada).toMatchObject({ name: 'Ada', language: 'fr', state: 'invited' });
		expect(store.operators.rolesOf(ada?.id ?? '')).toEqual([
			{ roleId: 'reception', scope: 'site' },
			{ roleId: 'security', scope: 'park:P1' },
		]);
		expect(store.operators.groupIdsOf(ada?.id ?? '')).toEqual([added.group.id]);
		expect(answer.codes.map(({ email }) => email)).toEqual(['ada@example.org', 'bo@example.org']);
		expect(operators.passwords.invited(answer.codes[0]?.code ?? '', '10.0.0.1')?.email).toBe('ada@example.org');
		expect(JSON.stringify(store.operatorImports.list())).not.toContain(answer.codes[0]?.code);
		expect(imports.apply(read.id, MACHINE).result).toBe('wrongStage');
	});

	test('are none at all when one row is refused, and every refused row is told before', async () => {
		const { preview, imports, byEmail, addOperator, actor } = bench();
		const boss = await addOperator({ email: 'boss@example.org', role: 'administrator' });
		const read = await preview(
			'e-mail;name;roles\nada@example.org;Ada;reception\nbo@example.org;Bo;security@park:P9\n',
			actor(boss),
		);
		expect(read.rows.map(({ outcome, refusal }) => [outcome, refusal?.result])).toEqual([
			['new', undefined],
			['refused', 'unknownScope'],
		]);
		expect(imports.apply(read.id, actor(boss))).toMatchObject({ result: 'rowRefused', row: 3 });
		expect(byEmail('ada@example.org')).toBeUndefined();
	});

	test('nobody gives by a list what they do not hold, nor touches who may do more than they', async () => {
		const { preview, imports, addOperator, actor, byEmail, store, operators } = bench();
		const boss = await addOperator({ email: 'boss@example.org', role: 'administrator' });
		const role = operators.roles.add({ name: 'Inviter', permissions: ['operators:write', 'operators:read'] }, MACHINE);
		if (role.result !== 'done') throw new Error(role.result);
		const inviter = await addOperator({ email: 'inviter@example.org', role: role.role.id });
		const read = await preview(
			'e-mail;name;roles\nme@example.org;Me;administrator\nboss@example.org;Boss;user\nok@example.org;Ok;Inviter\n',
			actor(inviter),
		);
		expect(read.rows.map(({ refusal }) => refusal?.result)).toEqual(['notYours', 'notYours', undefined]);
		expect(imports.apply(read.id, actor(inviter)).result).toBe('rowRefused');
		expect(byEmail('ok@example.org')).toBeUndefined();
		expect(store.operators.rolesOf(boss)).toEqual([{ roleId: 'administrator', scope: 'site' }]);

		const whatBossRead = await preview('e-mail;name;roles\nme@example.org;Me;administrator\n', actor(boss));
		expect(imports.apply(whatBossRead.id, actor(inviter)).result).toBe('rowRefused');
	});

	test('the last administrator is not taken away by a list, and invitations beyond the free seats are told', async () => {
		const { preview, addOperator } = bench({ seats: () => ({ available: 2, stopped: false }) });
		await addOperator({ email: 'boss@example.org', role: 'administrator' });
		const last = await preview('e-mail;roles\nboss@example.org;user\n');
		expect(last.rows[0]?.refusal).toEqual({ result: 'lastAdministrator' });
		const many = await preview('e-mail;name;roles\na@x.org;A;security\nb@x.org;B;security\n');
		expect(many).toMatchObject({ seatsFree: 1, stage: 'previewed' });
	});

	test('undo takes back who did not come in yet, makes who was changed what they were, and tells who stays', async () => {
		const { preview, imports, byEmail, addOperator, store, operators } = bench();
		const cy = await addOperator({ email: 'cy@example.org', role: 'security' });
		const read = await preview(
			'e-mail;name;roles\nada@example.org;Ada;reception\nbo@example.org;Bo;reception\ncy@example.org;Cyrus;reception, technician\n',
		);
		expect(read.rows.map(({ outcome }) => outcome)).toEqual(['new', 'new', 'changed']);
		const answer = imports.apply(read.id, MACHINE);
		if (answer.result !== 'done') throw new Error(answer.result);
		const code = answer.codes.find(({ email }) => email === 'bo@example.org')?.code ?? '';
		await operators.passwords.activate({ code, password: 'a heron lifts gates', remoteAddress: '10.0.0.1' });

		expect(imports.undo(read.id, MACHINE)).toMatchObject({ result: 'done', import: { stage: 'undone', kept: 1 } });
		expect(byEmail('ada@example.org')).toBeUndefined();
		expect(byEmail('bo@example.org')?.state).toBe('active');
		expect(byEmail('cy@example.org')?.name).toBe('The security');
		expect(store.operators.rolesOf(cy)).toEqual([{ roleId: 'security', scope: 'site' }]);
		expect(imports.undo(read.id, MACHINE).result).toBe('wrongStage');
	});

	test('who was changed since the list was looked at stays as they are, and so does everybody', async () => {
		const { preview, imports, byEmail, addOperator, operators } = bench();
		const cy = await addOperator({ email: 'cy@example.org', role: 'security' });
		const read = await preview('e-mail;name\ncy@example.org;Cyrus\nada@example.org;Ada\n');
		operators.administration.update(cy, { name: 'Cyril' }, MACHINE);
		expect(imports.apply(read.id, MACHINE)).toMatchObject({ result: 'rowRefused', refusal: { result: 'changed' } });
		expect([byEmail('cy@example.org')?.name, byEmail('ada@example.org')]).toEqual(['Cyril', undefined]);
	});

	test('what is wrong in a file is told with row and column, and hostile files are taken for what they are', async () => {
		const { preview } = bench();
		const read = await preview(
			'e-mail;name;roles;groups\nnobody;A;;\nada@example.org;;;\nada@example.org;B;wizard;Nowhere\n',
		);
		expect(read.stage).toBe('unreadable');
		expect(read.problems.shown.map(({ row, column, code }) => [row, column, code])).toEqual([
			[2, 0, 'notAllowed'],
			[3, 1, 'required'],
			[4, 0, 'notUnique'],
			[4, 2, 'notFound'],
			[4, 3, 'notFound'],
		]);
		expect((await preview('')).problems.shown[0]?.code).toBe('empty');
		expect((await preview('PK\u0003\u0004')).problems.shown[0]?.code).toBe('notATable');
		expect((await preview('name\nAda\n')).problems.shown.map(({ code }) => code)).toContain('columnMissing');
		const rows = Array.from({ length: LIMITS.operatorImportRows + 1 }, (_, place) => `p${place}@x.org;P`).join('\n');
		expect((await preview(`e-mail;name\n${rows}\n`)).problems.shown.map(({ code }) => code)).toEqual(['tooManyRows']);
	});
});
