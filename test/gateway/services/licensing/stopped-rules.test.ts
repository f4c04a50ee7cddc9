import { beforeEach, expect, test } from 'vitest';
import { ROW_RULES } from '../../../../src/gateway/services/directory/row-rules.ts';
import { withStops } from '../../../../src/gateway/services/licensing/stopped-rules.ts';
import { openTempDirectory } from '../../../support/directory-bench.ts';
import { aVisit, createVisitorServices, HOUR_MS } from '../../../support/visitors-bench.ts';

const BY = { operatorId: 'op-1' };
const ENDED = { code: 'conflict', detail: { because: 'licenceEnded' } };

function openSite() {
	let gap: 'licenceEnded' | 'notIncluded' | null = null;
	const bench = openTempDirectory();
	const rules = withStops(ROW_RULES, () => gap);
	const services = createVisitorServices({ ...bench, directory: bench.reader, rules });
	expect(services.visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY)).toEqual([]);
	return {
		...bench,
		...services,
		stop(because: 'licenceEnded' | 'notIncluded' = 'licenceEnded') {
			gap = because;
		},
	};
}

let site: ReturnType<typeof openSite>;
beforeEach(() => {
	site = openSite();
});

test('after the licence has run out no new visitor is made; those that are here go on and end', () => {
	const { visitors, clock, stop } = site;
	const made = visitors.create(aVisit(clock.nowMs()), BY);
	if (made.result !== 'done') throw new Error(JSON.stringify(made));
	stop();
	const credential = { kind: 'plate', value: '2-DEF-345' } as const;
	expect(visitors.create(aVisit(clock.nowMs(), { credential }), BY)).toMatchObject({
		result: 'refused',
		problems: [ENDED],
	});
	expect(visitors.changeEnd(made.visit.id, clock.nowMs() + HOUR_MS, BY)).toMatchObject({ result: 'done' });
	expect(visitors.end(made.visit.id, BY)).toMatchObject({ result: expect.stringMatching(/done|cancelled/) });
});

test('no new booking either, by whichever way; other rights are given as before', () => {
	const { edits, stop, clock } = site;
	stop();
	const create = (table: 'holders' | 'rightSpecifications' | 'assignedRights' | 'plannedUses', row: object) =>
		edits.edit([{ op: 'create', table, row: { ...row } }], BY);
	const holder = { id: 'anna', kind: 'person', name: 'Anna', email: null, status: 'active' };
	expect(create('holders', holder)).toMatchObject({ result: 'done' });
	const kind = { id: 'staff', name: 'Staff', strategy: 'booking', areaIds: [], scheduleId: null };
	expect(create('rightSpecifications', kind)).toMatchObject({ result: 'done' });
	const right = { id: 'r1', holderId: 'anna', specificationId: 'staff', state: 'active' };
	expect(create('assignedRights', { ...right, validFromMs: null, validToMs: null })).toMatchObject({ result: 'done' });
	const times = { startMs: clock.nowMs(), endMs: clock.nowMs() + HOUR_MS };
	const booking = { id: 'b1', kind: 'booking', holderId: 'anna', rightId: 'r1', areaId: 'A1', ...times };
	const answer = create('plannedUses', booking);
	expect(answer).toMatchObject({ result: 'refused', problems: [ENDED] });
});

test('B2: nor where the licence does not include them: not by turning a right into a visit, nor by planning again', () => {
	const { edits, clock, stop } = site;
	const holder = { id: 'anna', kind: 'person', name: 'Anna', email: null, status: 'active' };
	const kind = { id: 'desk', name: 'Desk', strategy: 'booking', areaIds: [], scheduleId: null };
	const right = { id: 'r1', holderId: 'anna', specificationId: 'desk', state: 'active' };
	const times = { startMs: clock.nowMs(), endMs: clock.nowMs() + HOUR_MS };
	const booking = { id: 'b1', kind: 'booking', holderId: 'anna', rightId: 'r1', areaId: 'A1', ...times };
	const made = edits.edit(
		[
			{ op: 'create', table: 'holders', row: holder },
			{ op: 'create', table: 'rightSpecifications', row: kind },
			{ op: 'create', table: 'rightSpecifications', row: { ...kind, id: 'guest', strategy: 'visitor' } },
			{ op: 'create', table: 'assignedRights', row: { ...right, validFromMs: null, validToMs: null } },
			{ op: 'create', table: 'plannedUses', row: booking },
		],
		BY,
	);
	expect(made).toMatchObject({ result: 'done' });
	stop('notIncluded');
	const change = (table: 'assignedRights' | 'plannedUses', key: string, fields: object) =>
		edits.edit([{ op: 'update', table, key, fields: { ...fields } }], BY);
	const refused = { result: 'refused', problems: [{ detail: { because: 'notIncluded' } }] };
	expect(change('assignedRights', 'r1', { specificationId: 'guest' })).toMatchObject(refused);
	expect(change('plannedUses', 'b1', { endMs: times.endMs + HOUR_MS })).toMatchObject({ result: 'done' });
	expect(change('plannedUses', 'b1', { state: 'released' })).toMatchObject({ result: 'done' });
	expect(change('plannedUses', 'b1', { state: 'planned' })).toMatchObject(refused);
	const release = { op: 'create', table: 'plannedUses', row: { ...booking, id: 'b2', kind: 'release' } } as const;
	expect(edits.edit([release], BY)).toMatchObject({ result: 'done' });
});
