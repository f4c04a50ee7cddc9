import { Buffer } from 'node:buffer';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { draftImport } from '../../../../src/gateway/services/imports/draft-import.ts';
import type { ImportStage } from '../../../../src/gateway/services/imports/imports.ts';
import { SITE_FILE } from '../../../../src/gateway/store/site-store.ts';
import { openImports } from '../../../support/import-bench.ts';
import { writeWhole } from '../../../support/tables.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

type Site = ReturnType<typeof openImports>;

const PEOPLE = `Nom;E-mail;Matricule;Badge;Plaque;Tags
Zoë Peeters;zoe@example.org;E-1;0F0368568B;1-ABC-123;staff
Élodie "Lo" Maes;elodie@example.org;E-2;;"1-ABC-124; 2-DEF-567";
`;

async function applied(site: Site, id: string): Promise<ImportStage | undefined> {
	const answer = site.imports.apply(id, 'op-1');
	expect(answer).toMatchObject({ result: 'done' });
	await site.imports.settled();
	return site.imports.get(id)?.state.stage;
}

const names = (site: Site) => site.imports.list().map(({ preview }) => preview?.counts);

describe('an import of people', () => {
	it('X7 shows what is new, then makes people, cards and plates of it', async () => {
		const site = openImports();
		const { id, preview, state } = await site.preview('people', PEOPLE);
		expect(preview).toMatchObject({
			origin: { format: 'csv', delimiter: ';' },
			mapping: ['name', 'email', 'externalId', 'tag', 'plate', 'tags'],
			counts: { new: 2, changed: 0, same: 0, withErrors: 0 },
			problems: { errors: 0 },
		});
		expect(state).toMatchObject({ stage: 'previewed', total: 6 });
		expect(site.reader.credential('plate', '1ABC123')).toBeUndefined();
		expect(site.imports.changes(id, 0, 1).map(({ row, table, before }) => [row, table, before])).toEqual([
			[2, 'holders', null],
			[2, 'credentials', null],
			[2, 'credentials', null],
		]);
		expect(await applied(site, id)).toBe('applied');
		const plate = site.reader.credential('plate', '2DEF567');
		expect(plate).toMatchObject({ label: '2-DEF-567', state: 'active' });
		expect(site.reader.holder(plate?.holderId ?? '')).toMatchObject({ name: 'Élodie "Lo" Maes', status: 'active' });
		expect(site.reader.credential('tag', '0F0368568B')?.holderId).not.toBe(plate?.holderId);
	});

	it('X7 of the same file again changes nothing, and of a corrected one only what is other', async () => {
		const site = openImports();
		await applied(site, (await site.preview('people', PEOPLE)).id);
		const again = await site.preview('people', PEOPLE);
		expect(again.preview?.counts).toEqual({ new: 0, changed: 0, same: 2, withErrors: 0 });
		expect(site.imports.apply(again.id, 'op-1')).toEqual({ result: 'refused', problem: 'changesNothing' });
		const married = await site.preview('people', PEOPLE.replace('Zoë Peeters', 'Zoë Janssens').replace('zoe@', 'zj@'));
		expect(married.preview?.counts).toEqual({ new: 0, changed: 1, same: 1, withErrors: 0 });
		const [change] = site.imports.changes(married.id, 0, 10);
		expect([change?.before?.['name'], change?.after['name']]).toEqual(['Zoë Peeters', 'Zoë Janssens']);
		expect(names(site)).toHaveLength(3);
	});

	it('X7 tells errors with row and column, and makes nothing of it while there are any', async () => {
		const site = openImports();
		const { id, preview } = await site.preview(
			'people',
			'Name,Status,Card,Company,Language\nAnna,active,04A1,,en\nBert,gone,,,\nCas,,xyz,,\n,,04A2,,\nDina,,04 a1,,\nEva,,,Acme,fr\nEva,,,,\nEva,,,,\n',
		);
		expect(preview?.counts).toEqual({ new: 3, changed: 0, same: 0, withErrors: 5 });
		expect(preview?.problems.shown.map(({ row, column, code, shown }) => [row, column, code, shown])).toEqual([
			[3, 1, 'notAnOption', 'gone'],
			[4, 2, 'notAllowed', 'xyz'],
			[5, 0, 'required', undefined],
			[6, 2, 'notUnique', '04 a1'],
			[7, 3, 'notFound', 'Acme'],
		]);
		expect(site.imports.apply(id, 'op-1')).toEqual({ result: 'refused', problem: 'hasErrors' });
	});

	it('X7 takes columns for what was said of their headings, and stops at a heading that is not there', async () => {
		const site = openImports();
		const text = 'Who,Badge,Nr\nZoë Peeters,0F0368568B,E-1\n';
		const named = [
			{ column: 'who', field: 'name' },
			{ column: 'C', field: 'externalId' },
		];
		const { preview } = await site.preview('people', text, { named });
		expect(preview).toMatchObject({ mapping: ['name', 'tag', 'externalId'], counts: { new: 1 } });
		const wrong = await site.preview('people', text, { named: [{ column: 'Whom', field: 'name' }] });
		expect(wrong.preview).toMatchObject({
			counts: { new: 0 },
			problems: { errors: 1, shown: [{ code: 'headingNotFound', shown: 'Whom' }, { code: 'columnNotUsed' }, {}] },
		});
		expect(site.imports.apply(wrong.id, 'op-1')).toMatchObject({ result: 'refused' });
	});

	it('takes another mapping for the same file', async () => {
		const site = openImports();
		const first = await site.preview('people', 'Wie,Kaart\nAnna,04A1\n');
		expect(first.preview).toMatchObject({ mapping: [null, 'tag'] });
		const answer = await site.imports.readAgain(first.id, { mapping: ['name', 'tag'] });
		expect(answer).toMatchObject({
			result: 'done',
			import: { id: first.id, preview: { mapping: ['name', 'tag'], counts: { new: 1 } } },
		});
	});

	it('keeps what empty cells do not say, or clears it when asked', async () => {
		const site = openImports();
		await applied(site, (await site.preview('people', 'External id,Name,Phone,Tags\nE1,Anna,+32 470,vip\n')).id);
		const file = 'External id,Name,Phone,Tags\nE1,Anna,,\n';
		expect((await site.preview('people', file)).preview?.counts).toMatchObject({ same: 1 });
		const clearing = await site.preview('people', file, { emptyCells: 'clear' });
		expect(site.imports.changes(clearing.id, 0, 1)[0]?.after).toMatchObject({ phone: null, tags: [] });
	});

	it('can not be taken from a file that is none', async () => {
		const site = openImports();
		const { id, state, preview } = await site.preview('people', '%PDF-1.7');
		expect([state.stage, preview?.problems.shown[0]?.code]).toEqual(['unreadable', 'notATable']);
		expect(site.imports.apply(id, 'op-1')).toEqual({ result: 'refused', problem: 'wrongStage' });
	});
});

describe('an import of vehicles and rights', () => {
	it('X13 makes fleet vehicles, named by their plates where nothing else is said', async () => {
		const site = openImports();
		const { id } = await site.preview('vehicles', 'Nummerplaat,Merk,Kleur\n1-VAN-001,Renault,wit\n');
		expect(await applied(site, id)).toBe('applied');
		const holderId = site.reader.credential('plate', '1VAN001')?.holderId ?? '';
		expect(site.reader.row('holders', holderId)).toMatchObject({ kind: 'vehicle', name: '1-VAN-001', make: 'Renault' });
	});

	it('X9 gives rights to holders by number, address or name, and changes them when they come again', async () => {
		const site = openImports();
		await applied(site, (await site.preview('people', PEOPLE)).id);
		site.edits.edit(
			[
				{
					op: 'create',
					table: 'rightSpecifications',
					row: { id: 's1', name: 'Staff parking', strategy: 'firstCome', areaIds: [], scheduleId: null },
				},
			],
			{ operatorId: null },
		);
		const rights = 'Holder,Right,Valid from,Valid to\nE-1,Staff parking,1/3/2026,31/12/2026\nelodie@example.org,s1,,\n';
		expect(await applied(site, (await site.preview('rights', rights)).id)).toBe('applied');
		const holderId = site.reader.credential('tag', '0F0368568B')?.holderId ?? '';
		expect(site.reader.rightsOf(holderId)[0]?.right).toMatchObject({
			specificationId: 's1',
			validFromMs: Date.parse('2026-03-01T00:00:00+01:00'),
			validToMs: Date.parse('2027-01-01T00:00:00+01:00'),
		});
		const longer = await site.preview('rights', rights.replace('31/12/2026', '31/12/2027'));
		expect(longer.preview?.counts).toEqual({ new: 0, changed: 1, same: 1, withErrors: 0 });
		const wrong = await site.preview('rights', 'Holder,Right\nNobody,Staff parking\nE-1,\n');
		expect(wrong.preview?.problems.shown.map(({ row, code }) => [row, code])).toEqual([
			[2, 'notFound'],
			[3, 'required'],
		]);
	});
});

describe('an applied import', () => {
	it('X7 is undone as a whole, with what bundles gave; what somebody changed since stays and is told', async () => {
		const site = openImports();
		const by = { operatorId: null };
		const specification = { id: 's1', name: 'Staff', strategy: 'firstCome', areaIds: [], scheduleId: null };
		const bundle = { id: 'b1', name: 'Staff', tag: 'staff', specificationIds: ['s1'], isDefault: false };
		site.edits.edit([{ op: 'create', table: 'rightSpecifications', row: specification }], by);
		expect(site.edits.edit([{ op: 'create', table: 'bundles', row: bundle }], by).result).toBe('done');
		const { id } = await site.preview('people', PEOPLE);
		await applied(site, id);
		const zoe = site.reader.credential('plate', '1ABC123')?.holderId ?? '';
		const elodie = site.reader.credential('plate', '1ABC124')?.holderId ?? '';
		expect(site.reader.rightsOf(zoe)).toHaveLength(1);
		site.edits.edit([{ op: 'update', table: 'holders', key: elodie, fields: { status: 'blocked' } }], by);
		expect(site.imports.undo(id, 'op-1')).toMatchObject({ result: 'done' });
		await site.imports.settled();
		expect(site.imports.get(id)?.state).toMatchObject({
			stage: 'undone',
			problemCount: 1,
			problems: [{ row: 3, table: 'holders', key: elodie, code: 'changed' }],
		});
		expect(site.reader.holder(zoe)).toBeUndefined();
		expect(site.reader.rightsOf(zoe)).toEqual([]);
		expect(site.reader.credential('plate', '1ABC124')).toBeUndefined();
		expect(site.reader.holder(elodie)?.status).toBe('blocked');
		expect(site.imports.undo(id, 'op-1')).toEqual({ result: 'refused', problem: 'wrongStage' });
	});

	it('is journalled with who did it, and its changes as one batch', async () => {
		const site = openImports();
		const { id } = await site.preview('people', PEOPLE);
		await applied(site, id);
		expect(site.store.journal.editsOf({ batchId: id }, 10)).toHaveLength(6);
		expect(
			site.store.journal
				.after(0, 100)
				.map(({ entry }) => entry)
				.at(-1),
		).toMatchObject({
			type: 'audit',
			action: 'directoryImport',
			operatorId: 'op-1',
			target: id,
			detail: { kind: 'people', stage: 'applied', new: 2 },
		});
	});
});

describe('an import that is in the way of something', () => {
	it('is refused as a whole when a row was changed since the preview', async () => {
		const site = openImports();
		await applied(site, (await site.preview('people', PEOPLE)).id);
		const { id } = await site.preview(
			'people',
			PEOPLE.replace('Zoë Peeters', 'Zoë P.').replace('1-ABC-123', '9-NEW-999'),
		);
		const zoe = site.reader.credential('tag', '0F0368568B')?.holderId ?? '';
		site.edits.edit([{ op: 'update', table: 'holders', key: zoe, fields: { note: 'by hand' } }], { operatorId: null });
		expect(await applied(site, id)).toBe('stale');
		expect(site.imports.get(id)?.state.problems).toMatchObject([{ row: 2, key: zoe, code: 'changed' }]);
		expect(site.reader.credential('plate', '9NEW999')).toBeUndefined();
		expect((await site.imports.readAgain(id, {})).result).toBe('done');
		expect(await applied(site, id)).toBe('applied');
	});

	it('goes back to where it began when a change is refused on the way', async () => {
		const people = Array.from({ length: 120 }, (_, at) => `Person ${at},p${at}@example.org`).join('\n');
		const site = openImports();
		const { id } = await site.preview('people', `Name,E-mail\n${people}`);
		const last = site.imports.changes(id, 120, 1)[0];
		site.imports.apply(id, 'op-1');
		// Between the check and its slice somebody takes the last one's id.
		while (site.imports.get(id)?.state.stage !== 'applying') await new Promise(setImmediate);
		const row = { id: last?.key, kind: 'person', name: 'Somebody', email: null, status: 'active' };
		expect(site.edits.edit([{ op: 'create', table: 'holders', row }], { operatorId: null }).result).toBe('done');
		await site.imports.settled();
		expect(site.imports.get(id)?.state).toMatchObject({
			stage: 'rolledBack',
			problems: [{ row: 121, code: 'exists' }],
		});
		expect(site.reader.counts()['holders']).toBe(1);
	});

	it('overwrites nothing that somebody changes while it is applied', async () => {
		const list = (name: string) => Array.from({ length: 120 }, (_, at) => `E${at},${name} ${at}`).join('\n');
		const site = openImports();
		await applied(site, (await site.preview('people', `External id,Name\n${list('Person')}`)).id);
		const { id } = await site.preview('people', `External id,Name\n${list('Renamed')}`);
		const last = site.imports.changes(id, 120, 1)[0]?.key ?? '';
		site.imports.apply(id, 'op-1');
		while (site.imports.get(id)?.state.stage !== 'applying') await new Promise(setImmediate);
		site.edits.edit([{ op: 'update', table: 'holders', key: last, fields: { name: 'By hand' } }], { operatorId: null });
		await site.imports.settled();
		expect(site.imports.get(id)?.state).toMatchObject({
			stage: 'rolledBack',
			problems: [{ row: 121, code: 'changed' }],
		});
		expect(site.reader.holder(last)?.name).toBe('By hand');
		expect(site.reader.holdersByName('Renamed', 5)).toEqual([]);
		expect(site.reader.holdersByName('Person', 200)).toHaveLength(119);
	});

	it('goes on where it was when the gateway starts again, forwards and backwards', async () => {
		const people = Array.from({ length: 400 }, (_, at) => `Person ${at},p${at}@example.org`).join('\n');
		const site = openImports();
		const { id } = await site.preview('people', `Name,E-mail\n${people}`);
		site.imports.apply(id, 'op-1');
		while ((site.imports.get(id)?.state.done ?? 0) < 50) await new Promise(setImmediate);
		await site.imports.stop();
		const partly = site.reader.counts()['holders'] ?? 0;
		expect(partly).toBeGreaterThanOrEqual(50);
		expect(partly).toBeLessThan(400);
		await site.close();
		const again = openImports(site.dir);
		await again.imports.settled();
		expect(again.imports.get(id)?.state.stage).toBe('applied');
		expect(again.reader.counts()['holders']).toBe(400);
		again.imports.undo(id, 'op-1');
		while ((again.imports.get(id)?.state.done ?? 0) > 350) await new Promise(setImmediate);
		await again.imports.stop();
		await again.close();
		const last = openImports(site.dir);
		await last.imports.settled();
		expect(last.imports.get(id)?.state).toMatchObject({ stage: 'undone', problemCount: 0 });
		expect(last.reader.counts()['holders']).toBe(0);
	});
});

describe('an import that a command prepares beside the gateway', () => {
	const draft = (site: Site, bytes: string) =>
		draftImport(
			{ id: 'from-cli', kind: 'people', fileName: 'p.csv', operatorId: null },
			Buffer.from(bytes),
			{},
			{
				dir: path.join(site.dir, 'imports'),
				directoryFile: path.join(site.dir, site.store.settings.directoryFile() ?? ''),
				siteFile: path.join(site.dir, SITE_FILE),
				timeZone: 'Europe/Brussels',
				nowMs: Date.now,
				onRows: () => undefined,
				signal: new AbortController().signal,
			},
		);

	it('is carried out by the gateway once it is handed over', async () => {
		const site = openImports();
		using prepared = await draft(site, PEOPLE);
		expect(prepared.import).toMatchObject({ state: { stage: 'previewed', total: 6 }, preview: { counts: { new: 2 } } });
		expect(site.reader.counts()['holders']).toBe(0);
		prepared.handOver();
		await expect.poll(() => prepared.look()?.state.stage, { timeout: 15_000 }).toBe('applied');
		expect(site.imports.get('from-cli')?.state.stage).toBe('applied');
		expect(site.reader.counts()['holders']).toBe(2);
	});

	it('leaves nothing when it was only tried', async () => {
		const site = openImports();
		(await draft(site, PEOPLE))[Symbol.dispose]();
		expect(readdirSync(path.join(site.dir, 'imports'))).toEqual([]);
	});
});

describe('what an import may hold', () => {
	it('is stored as text and comes back as it was: markup, SQL, formulas, marks of direction', async () => {
		const site = openImports();
		const hostile = ['<script>alert(1)</script>', "'; DROP TABLE holders; --", '=cmd|x!A1', '\u202Eevil', '{{7*7}}'];
		const bytes = await writeWhole(
			['External id', 'Name', 'Note'],
			hostile.map((text, at) => [`E${at}`, text, text]),
			{ format: 'csv' },
		);
		const { id } = await site.preview('people', new Uint8Array(bytes));
		expect(await applied(site, id)).toBe('applied');
		for (const [at, text] of hostile.entries()) {
			const [key = ''] = site.reader.find('holders', { externalId: `E${at}` }, 2);
			expect(site.reader.row('holders', key)).toMatchObject({ name: text, note: text });
		}
	});

	it('is bounded: a text over a field’s length is an error at its row and column, not a stop', async () => {
		const site = openImports();
		const { preview } = await site.preview('people', `Name,Note\nAnna,ok\nBert,${'x'.repeat(1_000_000)}\n`);
		expect(preview?.counts).toMatchObject({ new: 1, withErrors: 1 });
		expect(preview?.problems.shown).toMatchObject([{ row: 3, column: 1, code: 'tooLong', detail: '2000' }]);
	});
});

describe('imports that are kept', () => {
	it('can be discarded, and then nothing of their file is left', async () => {
		const site = openImports();
		const { id } = await site.preview('people', PEOPLE);
		expect(site.imports.discard(id).result).toBe('done');
		expect(site.imports.get(id)).toBeUndefined();
		expect(site.imports.discard(id)).toEqual({ result: 'refused', problem: 'notFound' });
		expect(readdirSync(path.join(site.dir, 'imports'))).toEqual([]);
	});

	it('keep nothing of a cell once they are applied, and end with the rows that are erased', async () => {
		const site = openImports();
		const { id } = await site.preview('people', PEOPLE);
		expect(site.imports.get(id)?.preview?.samples[0]).toEqual(['Zoë Peeters', 'Élodie "Lo" Maes']);
		expect(await applied(site, id)).toBe('applied');
		expect(site.imports.get(id)?.preview?.samples).toEqual([]);
		const { id: other } = await site.preview('people', 'Name\nTom\n');
		expect(await applied(site, other)).toBe('applied');
		const { id: waiting } = await site.preview('people', 'Name\nEls\n');
		const zoe = site.imports.changes(id, 0, 1)[0]?.key ?? '';
		expect(site.imports.forgetRows([zoe])).toBe(true);
		expect([id, other, waiting].map((one) => site.imports.get(one)?.state.stage)).toEqual([
			undefined,
			'applied',
			undefined,
		]);
		expect(readdirSync(path.join(site.dir, 'imports')).filter((name) => name.endsWith('.upload'))).toEqual([]);
	});

	it('stop nothing when their folder can not be read', async () => {
		const clock = createVirtualClock();
		const site = openImports(undefined, { clock });
		rmSync(path.join(site.dir, 'imports'), { recursive: true });
		clock.advance(5_000);
		expect(site.log.lines.map(({ message }) => message)).toContain('the folder of imports could not be read');
	});
});
