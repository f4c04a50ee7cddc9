import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
	LICENCE_KIND_NAMES,
	LICENCE_KINDS,
	type LicenceKind,
	maySignIn,
	permissionsOfKinds,
} from '../../../../src/gateway/core/licence/licence-kinds.ts';
import { PERMISSIONS } from '../../../../src/gateway/core/permission.ts';
import { readDocuments } from '../../../../src/gateway/services/licensing/read-documents.ts';
import { SITE } from '../../../support/http-site.ts';
import { A_LICENCE, createSiteLicensing, signLicence, VENDOR } from '../../../support/licensing-bench.ts';
import { createOperatorsBench, type OperatorsBench, operatorRow } from '../../../support/operators.ts';

let bench: OperatorsBench;
let services: ReturnType<typeof createSiteLicensing>;
beforeEach(() => {
	bench = createOperatorsBench();
	services = createSiteLicensing(bench, SITE);
});
afterEach(() => bench.close());

const LICENCE_KEYS = { vendorKey: VENDOR.publicPem };
const DAY_MS = 86_400_000;
const grants = () => services.licenceGrants;
const by = { operatorId: 'ada' };
function operator(id: string, { name = `Operator ${id}`, role = 'reception' } = {}): string {
	if (!bench.store.operators.addOperator(operatorRow({ id, email: `${id}@acme.example`, name }))) throw new Error(id);
	bench.store.operators.setRoles(id, [{ roleId: role, scope: 'site' }]);
	return id;
}
const kindsOf = (id: string) => grants().kindsOf(id);
let issued = A_LICENCE.iat;
async function install(change: Parameters<typeof signLicence>[0]): Promise<void> {
	issued += 60;
	const text = await signLicence({ iat: issued, jti: `L-${issued}`, aud: `${SITE.tenant}/${SITE.id}`, ...change });
	expect(await services.licensing.installLicence(text, 'ada')).toMatchObject({ result: 'installed' });
}

const reopened = async () =>
	createSiteLicensing(bench, SITE, await readDocuments(bench.store.licences.present(), LICENCE_KEYS, bench.log));

describe('I2: the catalogue', () => {
	test('has the thirteen kinds, each with permissions that exist; kinds combine', () => {
		expect(LICENCE_KIND_NAMES).toHaveLength(13);
		for (const kind of LICENCE_KIND_NAMES)
			for (const permission of LICENCE_KINDS[kind].unlocks) expect(PERMISSIONS).toContain(permission);
		expect([...permissionsOfKinds(['zScan', 'zLogistic'])]).toEqual(['scan:read', 'logistic:write']);
	});

	test('I8, I11: consultation changes nothing; I7, I9: standard can all that consultation can', () => {
		const writes = (kind: LicenceKind) => [...permissionsOfKinds([kind])].filter((one) => !one.endsWith(':read'));
		expect(writes('salesConsultation')).toEqual(['decisions:check']);
		expect(writes('serviceConsultation')).toEqual([]);
		for (const [all, some] of [
			['salesStandard', 'salesConsultation'],
			['serviceStandard', 'serviceMechanic'],
			['serviceMechanic', 'serviceConsultation'],
		] as const)
			expect(permissionsOfKinds([some]).isSubsetOf(permissionsOfKinds([all]))).toBe(true);
	});

	test('no kind lets anybody give licences or change what others may do', () => {
		const all = [...permissionsOfKinds(LICENCE_KIND_NAMES)];
		expect(all.filter((one) => /^(?:licences|configuration|operators|roles|retention):/.test(one))).toEqual([]);
	});

	test('I12: a Resource never signs in', () => {
		expect(maySignIn(['serviceResource'])).toBe(false);
		expect(LICENCE_KIND_NAMES.filter((kind) => maySignIn([kind]))).toHaveLength(12);
	});
});

describe('I3: giving and taking', () => {
	test('acts at once, is journalled and in the history, and is there after a restart', () => {
		operator('op-1');
		expect(grants().set('op-1', ['zScan', 'zReview'], by)).toMatchObject({ result: 'changed' });
		expect(kindsOf('op-1')).toEqual(['zScan', 'zReview']);
		expect(grants().set('op-1', ['zReview'], by)).toMatchObject({ result: 'changed' });
		expect(kindsOf('op-1')).toEqual(['zReview']);
		expect(grants().set('op-1', ['zReview'], by)).toMatchObject({ result: 'same' });
		const audits = bench.audits().filter(({ target }) => target === 'op-1');
		expect(audits.map(({ action, detail }) => [action, detail['kind']])).toEqual([
			['kindGiven', 'zScan'],
			['kindGiven', 'zReview'],
			['kindTaken', 'zScan'],
		]);
		expect(services.licensing.history({ subject: 'op-1' }, null, 1)).toMatchObject([
			{ what: 'kindTaken', kind: 'zScan', operatorId: 'ada' },
		]);
		services = createSiteLicensing(bench, SITE);
		expect(kindsOf('op-1')).toEqual(['zReview']);
		expect(grants().set('nobody', [], by)).toEqual({ result: 'unknown' });
	});

	test('I5: what was changed meanwhile is not overwritten', () => {
		operator('op-1');
		const read = grants().operator('op-1')?.etag;
		const ifMatch = (etag: string) => etag === read;
		expect(grants().set('op-1', ['zScan'], { ...by, ifMatch })).toMatchObject({ result: 'changed' });
		expect(grants().set('op-1', [], { ...by, ifMatch })).toMatchObject({ result: 'changedMeanwhile' });
		expect(kindsOf('op-1')).toEqual(['zScan']);
	});

	test('I12: a Resource has no other kind, and an administrator is none', () => {
		operator('op-1');
		operator('boss', { role: 'administrator' });
		const both: readonly LicenceKind[] = ['serviceResource', 'zScan'];
		expect(grants().set('op-1', both, by)).toEqual({ result: 'excludes', kind: 'serviceResource' });
		expect(grants().set('boss', ['serviceResource'], by)).toMatchObject({ result: 'administrator' });
		expect(grants().set('op-1', ['serviceResource'], by)).toMatchObject({ result: 'changed' });
	});
});

describe('seats of a kind', () => {
	test('100 activations at once never exceed them; each refusal tells the figures', async () => {
		await install({ seats: { zScan: 10 } });
		const ids = Array.from({ length: 100 }, (_, place) => operator(`op-${place}`));
		const answers = await Promise.all(ids.map(async (id) => grants().set(id, ['zScan'], by)));
		expect(answers.filter(({ result }) => result === 'changed')).toHaveLength(10);
		const refused = answers.filter(({ result }) => result !== 'changed');
		for (const answer of refused) expect(answer).toEqual({ result: 'full', kind: 'zScan', used: 10, available: 10 });
		expect(
			grants()
				.kinds()
				.find(({ kind }) => kind === 'zScan'),
		).toMatchObject({ used: 10, available: 10 });
	});

	test('a licence with fewer seats keeps who is in, and refuses more', async () => {
		await install({ seats: { zScan: 2 } });
		for (const id of ['a', 'b', 'c']) operator(id);
		grants().set('a', ['zScan'], by);
		grants().set('b', ['zScan'], by);
		await install({ seats: { zScan: 1 } });
		expect([kindsOf('a'), kindsOf('b')]).toEqual([['zScan'], ['zScan']]);
		expect(grants().set('c', ['zScan'], by)).toMatchObject({ result: 'full', used: 2, available: 1 });
		grants().set('a', [], by);
		expect(grants().set('a', ['zScan'], by)).toMatchObject({ result: 'full', used: 1, available: 1 });
	});

	test('a kind whose function was not bought has no seats and unlocks nothing, whoever has it', async () => {
		operator('op-1');
		grants().set('op-1', ['serviceMechanic'], by);
		expect(kindsOf('op-1')).toEqual(['serviceMechanic']);
		await install({ capabilities: ['rfid'], seats: { serviceMechanic: 5 } });
		expect(kindsOf('op-1')).toEqual([]);
		await install({ capabilities: ['rfid', 'maintenance'], seats: { serviceMechanic: 5 } });
		expect(kindsOf('op-1')).toEqual(['serviceMechanic']);
	});

	test('after the licence has run out nothing is given any more, and taking goes on', async () => {
		operator('op-1');
		await install({ exp: A_LICENCE.iat + 10 * 86_400, seats: { zScan: 5 } });
		grants().set('op-1', ['zScan'], by);
		bench.clock.advance(60 * DAY_MS);
		services = await reopened();
		expect(services.licensing.isStopped('activations')).toBe(true);
		expect(grants().set('op-1', ['zScan', 'zReview'], by)).toEqual({ result: 'stopped' });
		expect(grants().set('op-1', [], by)).toMatchObject({ result: 'changed' });
	});

	test('property: after any changes, restarts and licences, no more are in than seats allow or were in before', async () => {
		const people = ['a', 'b', 'c', 'd', 'e'].map((id) => operator(id));
		const step = fc.oneof(
			fc.record({
				do: fc.constant('set' as const),
				id: fc.constantFrom(...people),
				kinds: fc.subarray(['zScan', 'zReview'] as LicenceKind[]),
			}),
			fc.record({ do: fc.constant('licence' as const), seats: fc.nat(4) }),
			fc.record({ do: fc.constant('restart' as const) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
				for (const one of steps) {
					const before = new Map(
						grants()
							.kinds()
							.map(({ kind, used }) => [kind, used]),
					);
					if (one.do === 'licence') await install({ seats: { zScan: one.seats, zReview: one.seats } });
					if (one.do === 'restart') services = await reopened();
					if (one.do === 'set') grants().set(one.id, one.kinds, by);
					for (const { kind, used: now, available } of grants().kinds()) {
						expect(now).toBeLessThanOrEqual(Math.max(available, before.get(kind) ?? 0));
						expect(now).toBe(people.filter((id) => kindsOf(id).includes(kind)).length);
					}
				}
			}),
			{ numRuns: 30 },
		);
	});
});

describe('I4: the search', () => {
	const found = (q: string, kind: LicenceKind | null = null) =>
		grants()
			.page({ q, kind, after: null, limit: 50 })
			.items.map(({ id }) => id);

	test('by the beginnings of last name, first name or e-mail, in any order, accents and case apart', () => {
		operator('lukasz', { name: 'Łukasz Müller-Øst' });
		operator('elodie', { name: 'Élodie Durand' });
		for (const q of ['muller', 'LUKASZ', 'mull luk', 'lukasz@acme', ' łuk ']) expect(found(q)).toEqual(['lukasz']);
		expect(found('uller')).toEqual([]);
		expect(found('durand muller')).toEqual([]);
		expect(found('')).toEqual(['elodie', 'lukasz']);
		expect(found('%')).toEqual(['elodie', 'lukasz']);
	});

	test('a kind narrows it; pages follow one another by name without a gap', () => {
		const ids = Array.from({ length: 7 }, (_, place) => operator(`op-${place}`));
		for (const id of ids.slice(2, 5)) grants().set(id, ['zReview'], by);
		expect(found('operator', 'zReview')).toEqual(['op-2', 'op-3', 'op-4']);
		expect(found('', 'zReview')).toEqual(['op-2', 'op-3', 'op-4']);
		const first = grants().page({ q: '', kind: null, after: null, limit: 4 });
		const second = grants().page({ q: '', kind: null, after: first.next, limit: 4 });
		expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
		expect(second.next).toBeNull();
		expect(grants().page({ q: '', kind: null, after: 'gone', limit: 4 }).items).toEqual([]);
	});

	test('who has a licence and did not sign in for so many days is found, also by kind; new licences are not unused', async () => {
		const unused = async (unusedDays: number, kind: LicenceKind | null = null, q = '') =>
			(await grants().search({ q, kind, unusedDays, after: null, limit: 50 })).items.map(({ id }) => id);
		for (const id of ['never', 'away', 'here', 'other', 'bare']) operator(id);
		for (const id of ['never', 'away', 'here']) grants().set(id, ['zReview'], by);
		bench.clock.advance(40 * DAY_MS);
		grants().set('other', ['zScan'], by);
		const nowMs = bench.clock.nowMs();
		bench.store.operators.setLastLogin('away', nowMs - 35 * DAY_MS);
		bench.store.operators.setLastLogin('here', nowMs - DAY_MS);
		expect(await unused(30)).toEqual(['away', 'never']);
		expect(await unused(39)).toEqual(['never']);
		expect(await unused(60)).toEqual([]);
		expect(await unused(30, 'zReview', 'aw')).toEqual(['away']);
		expect(await unused(30, 'zScan')).toEqual([]);
	});
});

describe('I19, I20: statistics and exports', () => {
	test('day by day, today as it is now; days without a change are as the one before', () => {
		operator('a');
		operator('b');
		grants().set('a', ['zScan'], by);
		bench.clock.advance(2 * DAY_MS);
		grants().set('b', ['zScan', 'zReview'], by);
		grants().set('a', [], by);
		const of = (kinds: readonly LicenceKind[]) =>
			services.licenceStatistics({ fromDay: '2026-01-04', toDay: '2026-01-07', kinds });
		expect(of(['zScan']).days).toEqual([
			{ day: '2026-01-04', used: 0, given: 0, taken: 0 },
			{ day: '2026-01-05', used: 1, given: 1, taken: 0 },
			{ day: '2026-01-06', used: 1, given: 0, taken: 0 },
			{ day: '2026-01-07', used: 1, given: 1, taken: 1 },
		]);
		const later = services.licenceStatistics({
			fromDay: '2026-01-07',
			toDay: '2026-01-07',
			kinds: ['zScan', 'zReview'],
		});
		expect(later.days).toEqual([{ day: '2026-01-07', used: 2, given: 2, taken: 1 }]);
		expect(of(['zScan']).kinds).toEqual([{ kind: 'zScan', used: 1, most: 1, given: 2, taken: 1 }]);
		expect(services.licenceStatistics({ kinds: ['zScan'] })).toMatchObject({
			fromDay: '2025-01-07',
			toDay: '2026-01-07',
		});
	});

	test('a year too long, and a licence that ended a week and more ago, are refused; what was counted is kept', async () => {
		const ask = () => services.licenceStatistics({ kinds: ['zScan'] });
		expect(() => services.licenceStatistics({ fromDay: '1900-01-01', kinds: [] })).toThrow('longer than');
		await install({ exp: A_LICENCE.iat + 10 * 86_400 });
		bench.clock.advance(50 * DAY_MS);
		services = await reopened();
		expect(services.licensing.isStopped('statistics')).toBe(true);
		expect(ask).toThrow('statistics have stopped');
		await install({ iat: A_LICENCE.iat + 40 * 86_400, jti: 'L-later' });
		expect(ask().days).toHaveLength(366);
	});

	const text = async (file: { bytes: AsyncIterable<Uint8Array> }) =>
		Buffer.concat(await Array.fromAsync(file.bytes)).toString('utf8');

	test('who has what, narrowed as it is seen; a name that is a formula is text; who took it is journalled', async () => {
		operator('eve', { name: '=HYPERLINK("http://x")' });
		operator('bob', { name: 'Bob' });
		grants().set('eve', ['zScan', 'zReview'], by);
		grants().set('bob', ['zReview'], by);
		const ask = { format: 'csv', language: 'en', q: '', kind: null } as const;
		const all = (await text(services.licenceExports.licences(ask, 'ada'))).trim().split(/\r?\n/);
		expect(all[0]).toContain('Name,E-mail,Licence,Since,Kind,Id');
		expect(all.slice(1).map((line) => line.split(',').at(-2))).toEqual(['zReview', 'zScan', 'zReview', 'camera']);
		expect(all.join('\n')).toContain(`"'=HYPERLINK(""http://x"")"`);
		expect(all.join('\n')).not.toMatch(/(?:^|,)"?=HYPERLINK/m);
		const narrowed = await text(services.licenceExports.licences({ ...ask, kind: 'zScan', format: 'jsonl' }, 'ada'));
		expect(
			narrowed
				.trim()
				.split('\n')
				.map((line) => JSON.parse(line)),
		).toMatchObject([{ id: 'eve', kind: 'zScan' }]);
		const taken = bench.audits().filter(({ action }) => action === 'licencesExported');
		expect(taken.map(({ operatorId, detail }) => [operatorId, detail['isWhole']])).toEqual([
			['ada', true],
			['ada', true],
		]);
	});

	test('the history, the newest first, by kind and time; more than a page of it', async () => {
		operator('a');
		for (let turn = 0; turn < 200; turn += 1) {
			grants().set('a', turn % 2 === 0 ? ['zScan'] : ['zReview'], by);
			bench.clock.advance(1_000);
		}
		const lines = async (filter: object) => {
			const file = services.licenceExports.history({ format: 'jsonl', language: 'en', filter }, null);
			return (await text(file))
				.trim()
				.split('\n')
				.map((line) => JSON.parse(line) as Record<string, unknown>);
		};
		const all = await lines({});
		expect(all.filter(({ subject }) => subject === 'a')).toHaveLength(399);
		expect(all[0]).toMatchObject({ what: 'kindGiven', kind: 'zReview', subject: 'a', operatorId: 'ada' });
		expect(all.map(({ at }) => at)).toEqual(
			all
				.map(({ at }) => at)
				.toSorted()
				.toReversed(),
		);
		const startMs = bench.clock.nowMs() - 10_000;
		const late = await lines({ kind: 'zScan', fromMs: startMs, toMs: startMs + 4_000 });
		expect(late.map(({ what }) => what)).toEqual(['kindTaken', 'kindGiven', 'kindTaken', 'kindGiven']);
	});
});
