import { createHmac, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
	createLicensing,
	type Licensing,
	type LicensingDeps,
	openLicensing,
} from '../../../../src/gateway/services/licensing/licensing.ts';
import { NO_DOCUMENTS } from '../../../../src/gateway/services/licensing/read-documents.ts';
import { siteOf } from '../../../support/api-site.ts';
import {
	A_LICENCE,
	A_STATEMENT,
	ed25519Pair,
	GATEWAY_KEY,
	SUPPORT,
	signLicence,
	signStatement,
	VENDOR,
} from '../../../support/licensing-bench.ts';
import { createOperatorsBench, type OperatorsBench } from '../../../support/operators.ts';

const DAY_MS = 86_400_000;
const SITE = siteOf(`site: { id: site-1, tenant: acme, name: North, timeZone: Europe/Brussels }
store: { dir: store }
parks: [{ id: P1, areas: [{ id: A1 }] }, { id: P2, areas: [{ id: A2 }] }]
devices:
  - { id: cam-1, driver: hikvision-push, path: cam-1 }
  - { id: cam-2, driver: hikvision-push, path: cam-2 }
  - { id: cam-3, driver: hikvision-push, path: cam-3 }
lanes:
  - { id: L1, kind: entry, from: outside, to: A1, cameras: [cam-1] }
  - { id: L2, kind: entry, from: outside, to: A2, cameras: [cam-2] }
  - { id: L3, kind: exit, from: A2, to: outside, cameras: [cam-3] }
ingest: { listen: "127.0.0.1:0" }
`);

let bench: OperatorsBench;
let licensing: Licensing;
let trust: 'synced' | 'untrusted';
const deps = (): LicensingDeps => ({
	...{ site: SITE, store: bench.store, clock: bench.clock, log: bench.log, gatewayKey: GATEWAY_KEY },
	keys: { vendorKey: VENDOR.publicPem, supportKey: SUPPORT.publicPem },
	...{ clockTrust: () => trust, newId: randomUUID, journalGrew: () => undefined },
});
beforeEach(() => {
	bench = createOperatorsBench();
	trust = 'synced';
	licensing = createLicensing(deps(), NO_DOCUMENTS);
});
afterEach(() => {
	licensing.stop();
	bench.close();
});

const lane = (id: string) => {
	const found = SITE.lanes.find((one) => one.id === id);
	if (found === undefined) throw new Error(id);
	return found;
};
/** Signed after the one that is installed. */
const LATER = { jti: 'L-0009', iat: A_LICENCE.iat + 9 };
const install = async (change: Parameters<typeof signLicence>[0] = {}) =>
	licensing.installLicence(await signLicence(change), 'ada');
const actions = () => bench.audits().map(({ action, target }) => `${action} ${target}`);
async function restarted(change: Partial<LicensingDeps> = {}): Promise<Licensing> {
	licensing.stop();
	licensing = await openLicensing({ ...deps(), ...change });
	return licensing;
}

describe('B1–B5: installing a product licence', () => {
	test('it counts at once, is journalled, and counts after a restart', async () => {
		expect(licensing.standing()).toMatchObject({ licence: null, term: { phase: 'commissioning' } });
		expect(await install()).toMatchObject({ result: 'installed', claims: { jti: 'L-0001' } });
		expect(licensing.standing()).toMatchObject({ term: { phase: 'valid' }, pool: { used: 3, available: 4 } });
		expect(actions()).toContain('licenceInstalled L-0001');
		expect((await restarted()).standing()).toMatchObject({ licence: { jti: 'L-0001', customer: { id: 'C-7' } } });
	});

	test('the same again changes nothing, white space or not', async () => {
		const text = await signLicence();
		await licensing.installLicence(text, 'ada');
		const before = licensing.history({}, null, 100).length;
		expect(await licensing.installLicence(`\n${text}\r\n`, 'ada')).toMatchObject({ result: 'same' });
		expect(licensing.history({}, null, 100)).toHaveLength(before);
	});

	test('a later one takes its place; the earlier one does not come back', async () => {
		await install();
		const later = { jti: 'L-0002', iat: A_LICENCE.iat + 60, operators: 50 };
		expect(await install(later)).toMatchObject({ result: 'installed' });
		expect(await install()).toMatchObject({ refusal: 'older' });
		expect((await restarted()).standing().licence).toMatchObject({ jti: 'L-0002', operators: 50 });
	});

	const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const forgeries: readonly (readonly [string, () => Promise<string>, string])[] = [
		['signed by somebody else', () => signLicence({}, ed25519Pair()), 'forged'],
		['signed by support', () => signLicence({}, SUPPORT), 'forged'],
		['for another site', () => signLicence({ aud: 'acme/site-2' }), 'otherSite'],
		['for another gateway', () => signLicence({ ...LATER, gatewayKey: 'x'.repeat(43) }), 'otherGateway'],
		['run out', () => signLicence({ ...LATER, nbf: 1_700_000_000, exp: 1_760_000_000 }), 'expired'],
		['not yet valid', () => signLicence({ ...LATER, nbf: A_LICENCE.exp, exp: A_LICENCE.exp + 1 }), 'notYetValid'],
		['ending before it begins', () => signLicence({ ...LATER, exp: A_LICENCE.nbf }), 'incomplete'],
		['without a number', () => signLicence({ jti: '' }), 'incomplete'],
		['with seats below none', () => signLicence({ operators: -1 }), 'incomplete'],
		['too long', () => signLicence({ variant: 'x'.repeat(70_000) }), 'tooLarge'],
		['a park statement', () => signStatement(), 'wrongKind'],
		['no document', () => Promise.resolve('hello'), 'malformed'],
		['empty', () => Promise.resolve(' '), 'malformed'],
		['markup', () => Promise.resolve('<script>.<b>.</b>'), 'malformed'],
		[
			'without a signature',
			() => Promise.resolve(`${base64url({ alg: 'none', typ: 'parkgate-licence+jws' })}.${base64url(A_LICENCE)}.`),
			'wrongAlgorithm',
		],
		[
			'signed by HMAC with the public key',
			() => {
				const text = `${base64url({ alg: 'HS256', typ: 'parkgate-licence+jws' })}.${base64url(A_LICENCE)}`;
				return Promise.resolve(`${text}.${createHmac('sha256', VENDOR.publicPem).update(text).digest('base64url')}`);
			},
			'wrongAlgorithm',
		],
	];
	test.each(forgeries)('one %s is refused, and the present one stays', async (_, make, refusal) => {
		await install();
		const refused = await licensing.installLicence(await make(), 'ada');
		expect(refused).toMatchObject({ refusal, detail: expect.stringMatching(/\.$/) });
		expect(licensing.standing().licence).toMatchObject({ jti: 'L-0001' });
		expect((await restarted()).standing().licence).toMatchObject({ jti: 'L-0001' });
	});

	test('with any one bit of it turned over it is refused', async () => {
		const text = await signLicence({ jti: 'L-0009' });
		const bytes = Buffer.from(text, 'latin1');
		for (let bit = 0; bit < bytes.length * 8; bit += 7) {
			const altered = Buffer.from(bytes);
			altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
			// White space around a document is none of it.
			if (altered.toString('latin1').trim().length < text.length) continue;
			expect(await licensing.installLicence(altered.toString('latin1'), 'ada'), `bit ${bit}`).toHaveProperty('refusal');
		}
		expect(licensing.standing().licence).toBeNull();
	});

	test('without a vendor’s key none counts, and a changed key takes the licence away', async () => {
		await install();
		const other = await restarted({ keys: { vendorKey: ed25519Pair().publicPem } });
		expect(other.standing()).toMatchObject({ licence: null, problem: expect.stringContaining('signature') });
		const none = await restarted({ keys: {} });
		expect(await none.installLicence(await signLicence({ jti: 'L-3' }), 'ada')).toMatchObject({ refusal: 'noKey' });
	});
});

describe('the time that licences go by', () => {
	test('does not run backwards when the clock is set back, and says so', async () => {
		await install();
		bench.clock.jumpWallClock(400 * DAY_MS);
		expect((await restarted()).standing().term.phase).toBe('ended');
		bench.clock.jumpWallClock(-390 * DAY_MS);
		const standing = (await restarted()).standing();
		expect(standing.term.phase).toBe('ended');
		expect(standing.clockBehindMs).toBeGreaterThan(389 * DAY_MS);
	});

	test('stands still while the clock can not be trusted', async () => {
		await install();
		trust = 'untrusted';
		bench.clock.jumpWallClock(4_000 * DAY_MS);
		expect((await restarted()).standing().term.phase).toBe('valid');
	});

	test('is set right by a licence that was signed later', async () => {
		await install();
		bench.clock.jumpWallClock(5_000 * DAY_MS);
		expect((await restarted()).standing().term.phase).toBe('ended');
		bench.clock.jumpWallClock(-4_995 * DAY_MS);
		await restarted();
		expect(await install({ jti: 'L-0002', iat: A_LICENCE.iat + 86_400 })).toMatchObject({ result: 'installed' });
		expect(licensing.standing()).toMatchObject({ term: { phase: 'valid' }, clockBehindMs: null });
	});

	test('a notice a day goes to the journal once the licence has run out, over restarts too', async () => {
		await install();
		const notices = () => bench.audits().filter(({ action }) => action === 'licenceNotice').length;
		await restarted();
		bench.clock.advance(60_000);
		await settled();
		expect(notices()).toBe(0);
		bench.clock.jumpWallClock(370 * DAY_MS);
		for (let n = 0; n < 3; n++) {
			await restarted();
			bench.clock.advance(60_000);
			await settled();
		}
		expect(notices()).toBe(1);
		bench.clock.jumpWallClock(DAY_MS);
		bench.clock.advance(60_000);
		await settled();
		expect(notices()).toBe(2);
	});
});

describe('I16: camera licences', () => {
	test('cameras nobody said anything of take what is free, in the order of the lanes', () => {
		expect(licensing.cameras().map(({ active }) => active)).toEqual([true, true, false]);
		expect(licensing.equipment(lane('L1')).unlicensedCameras).toEqual(['cam-3']);
	});

	test('a change acts on the next decision, and never over the pool', () => {
		expect(licensing.setCamera('cam-3', true, 'ada')).toEqual({ result: 'full', used: 2, available: 2 });
		expect(licensing.setCamera('cam-1', false, 'ada')).toMatchObject({ result: 'changed' });
		expect(licensing.equipment(lane('L1')).unlicensedCameras).toEqual(['cam-1', 'cam-3']);
		expect(licensing.setCamera('cam-3', true, 'ada')).toMatchObject({ result: 'changed' });
		expect(licensing.setCamera('cam-3', true, 'ada')).toMatchObject({ result: 'same' });
		expect(licensing.setCamera('cam-9', true, 'ada')).toEqual({ result: 'unknown' });
		expect(licensing.equipment(lane('L1')).unlicensedCameras).toEqual(['cam-1']);
		expect(actions().slice(-2)).toEqual(['cameraDeactivated cam-1', 'cameraActivated cam-3']);
	});

	test('what was taken away stays away over a restart; a larger pool is for new ones only', async () => {
		licensing.setCamera('cam-1', false, 'ada');
		await install();
		expect((await restarted()).cameras().map(({ active }) => active)).toEqual([false, true, true]);
	});

	test('a smaller licence keeps who is in and refuses more', async () => {
		await install();
		licensing.setCamera('cam-3', false, 'ada');
		await install({ jti: 'L-0002', iat: A_LICENCE.iat + 1, cameras: 1 });
		expect(licensing.standing().pool).toEqual({ used: 2, available: 1 });
		expect(licensing.setCamera('cam-3', true, 'ada')).toMatchObject({ result: 'full' });
		expect(licensing.equipment(lane('L1')).unlicensedCameras).toEqual(['cam-3']);
	});

	test('once the licence has ended nothing is activated, and later no plate decides', async () => {
		await install();
		licensing.setCamera('cam-1', false, 'ada');
		bench.clock.jumpWallClock(396 * DAY_MS);
		await restarted();
		expect(licensing.setCamera('cam-1', true, 'ada')).toEqual({ result: 'stopped' });
		bench.clock.jumpWallClock(21 * DAY_MS);
		await restarted();
		expect(licensing.equipment(lane('L1')).unlicensedCameras).toEqual(['cam-1', 'cam-2', 'cam-3']);
	});
});

describe('I18: parks', () => {
	test('only support’s signature makes one inactive, at every lane of it, and active again', async () => {
		await install();
		expect(await licensing.installStatement(await signStatement({}, VENDOR), 'ada')).toMatchObject({
			refusal: 'forged',
		});
		expect(await licensing.installStatement(await signStatement(), 'ada')).toMatchObject({ result: 'installed' });
		expect(['L1', 'L2', 'L3'].map((id) => licensing.equipment(lane(id)).parkActive)).toEqual([false, true, true]);
		expect((await restarted()).parks()).toMatchObject([
			{ parkId: 'P1', active: false, statement: { reason: 'Works on the roof' } },
			{ parkId: 'P2', active: true, statement: null },
		]);
		const later = { jti: 'S-0002', iat: A_STATEMENT.iat + 1, active: true };
		expect(await licensing.installStatement(await signStatement(later), 'ada')).toMatchObject({ result: 'installed' });
		expect(licensing.equipment(lane('L1')).parkActive).toBe(true);
		expect(actions().slice(-2)).toEqual(['parkDeactivated P1', 'parkActivated P1']);
	});

	test('an earlier word sent again is refused', async () => {
		const first = await signStatement();
		await licensing.installStatement(first, 'ada');
		await licensing.installStatement(
			await signStatement({ jti: 'S-2', iat: A_STATEMENT.iat + 5, active: true }),
			'ada',
		);
		expect(await licensing.installStatement(first, 'ada')).toMatchObject({ refusal: 'older' });
		expect(licensing.equipment(lane('L1')).parkActive).toBe(true);
	});

	test('of a park the site does not have it is refused', async () => {
		expect(await licensing.installStatement(await signStatement({ park: 'P9' }), 'ada')).toMatchObject({
			...{ refusal: 'unknownPark', detail: expect.stringContaining('P1, P2') },
		});
	});
});

/** What was begun by a timer is done. */
async function settled(): Promise<void> {
	for (let n = 0; n < 20; n++) await new Promise(setImmediate);
}
