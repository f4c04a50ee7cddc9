import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBundleApplication } from '../../../src/gateway/services/directory/apply-bundle.ts';
import { createDirectoryLists } from '../../../src/gateway/services/directory/list-directory.ts';
import { createDirectoryListThread } from '../../../src/gateway/store/directory-lists.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { createBookingsBench } from '../../support/bookings-bench.ts';
import { createStaysBench, type StaysBench, specification, stayingSite } from '../../support/stays-bench.ts';

const BY = { operatorId: 'op-1' };
const CROWD = 120;
const SITE = stayingSite();
let site: StaysBench;
let thread: ReturnType<typeof createDirectoryListThread>;
let edits: ReturnType<typeof createBookingsBench>['edits'];
let application: ReturnType<typeof createBundleApplication>;

beforeEach(async () => {
	site = await createStaysBench({ site: SITE });
	await site.give([
		specification('day', 'firstCome'),
		specification('night', 'firstCome'),
		specification('guest', 'firstCome'),
		{ table: 'bundles', id: 'staff', name: 'Staff', tag: 'staff', specificationIds: ['day'] },
		{ table: 'bundles', id: 'rest', name: 'Everybody', tag: 'rest', specificationIds: ['guest'], isDefault: true },
	]);
	({ edits } = createBookingsBench(site, SITE));
	const { clock, directory, store } = site;
	thread = createDirectoryListThread({
		...{ directory, clock, siteFile: `${store.dir}/${SITE_FILE}` },
		onDied: (error) => {
			throw error;
		},
	});
	const lists = createDirectoryLists(thread);
	application = createBundleApplication({ directory: directory.reader, lists, edits, newId: randomUUID });
	for (let from = 0; from < CROWD; from += 40) {
		const people = Array.from({ length: 40 }, (_, place) => {
			const id = `s${from + place}`;
			const row = { id, kind: 'person', name: `Staff ${id}`, email: null, status: 'active', tags: ['staff'] };
			return { op: 'create', table: 'holders', row } as const;
		});
		expect(edits.edit(people, BY).result).toBe('done');
	}
});
afterEach(async () => {
	await thread.close();
	await site.end();
});

const rightsOf = (holderId: string) =>
	site.directory.reader.rightsOf(holderId).map(({ specification: granted }) => granted?.id);
const change = (specificationIds: readonly string[]) =>
	edits.edit([{ op: 'update', table: 'bundles', key: 'staff', fields: { specificationIds } }], BY);

test('X10: a bundle that changes gives nobody anything by itself; the preview says who gains and loses, applying does it', async () => {
	expect(rightsOf('s0')).toEqual(['day']);
	expect(await application.preview('staff')).toEqual({ holders: 0, gains: 0, loses: 0, changes: [] });
	change(['night']);
	expect(rightsOf('s0')).toEqual(['day']);
	const preview = await application.preview('staff');
	expect(preview).toMatchObject({ holders: CROWD, gains: CROWD, loses: CROWD });
	expect(preview.changes.find(({ holderId }) => holderId === 's7')).toEqual({
		...{ holderId: 's7', holderName: 'Staff s7', gains: ['night'], loses: ['day'] },
	});
	const answer = await application.apply('staff', BY);
	expect(answer).toMatchObject({ result: 'done', holders: CROWD });
	for (const holder of ['s0', 's59', 's119']) expect(rightsOf(holder)).toEqual(['night']);
	expect(await application.preview('staff')).toMatchObject({ holders: 0 });
	if (answer.result !== 'done') return;
	// 240 changes are one batch, and undone as one.
	expect(answer.batchIds).toHaveLength(1);
	expect(edits.undo(answer.batchIds[0] ?? '', BY).result).toBe('done');
	expect(rightsOf('s59')).toEqual(['day']);
});

test('X10: what somebody was given by hand is neither given twice nor taken', async () => {
	const right = { id: 'own', holderId: 's1', specificationId: 'night', state: 'active' };
	const none = { validFromMs: null, validToMs: null };
	edits.edit([{ op: 'create', table: 'assignedRights', row: { ...right, ...none } }], BY);
	change(['night']);
	expect(await application.preview('staff')).toMatchObject({ holders: CROWD, gains: CROWD - 1, loses: CROWD });
	await application.apply('staff', BY);
	expect(rightsOf('s1')).toEqual(['night']);
	change([]);
	await application.apply('staff', BY);
	expect(rightsOf('s1')).toEqual(['night']);
	expect(rightsOf('s2')).toEqual([]);
});

test('X10: the default bundle reaches who has no tag of another one; an unknown bundle is told', async () => {
	const row = { id: 'nobody', kind: 'person', name: 'No Tag', email: null, status: 'active' };
	edits.edit([{ op: 'create', table: 'holders', row }], BY);
	expect(rightsOf('nobody')).toEqual(['guest']);
	const fields = { specificationIds: ['day', 'guest'] };
	edits.edit([{ op: 'update', table: 'bundles', key: 'rest', fields }], BY);
	expect(await application.preview('rest')).toMatchObject({
		holders: 1,
		changes: [{ holderId: 'nobody', gains: ['day'], loses: [] }],
	});
	await expect(application.preview('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('X10: who has rights of a bundle whose tag was changed, or that is the default no more, is told and loses them', async () => {
	edits.edit([{ op: 'update', table: 'bundles', key: 'staff', fields: { tag: 'colleague' } }], BY);
	const preview = await application.preview('staff');
	// Everybody has the tag of another time, and from now on what is given to who has no tag.
	expect(preview).toMatchObject({ holders: CROWD, gains: CROWD, loses: CROWD });
	expect(preview.changes[0]).toMatchObject({ gains: ['guest'], loses: ['day'] });
	expect(await application.apply('staff', BY)).toMatchObject({ result: 'done', holders: CROWD });
	for (const holder of ['s0', 's119']) expect(rightsOf(holder)).toEqual(['guest']);
	expect(await application.preview('staff')).toMatchObject({ holders: 0 });

	edits.edit([{ op: 'update', table: 'bundles', key: 'rest', fields: { isDefault: false } }], BY);
	expect(await application.preview('rest')).toMatchObject({ holders: CROWD, gains: 0, loses: CROWD });
	await application.apply('rest', BY);
	expect(rightsOf('s0')).toEqual([]);
});
