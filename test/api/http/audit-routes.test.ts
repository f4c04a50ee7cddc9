import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GuardedRoute, mountedRoutes } from '../../../src/api/http/guarded.ts';
import { KNOWN_ACTIONS } from '../../../src/gateway/core/audit/audited-action.ts';
import { createConfigurationJournal } from '../../../src/gateway/services/configuration/journal-configuration.ts';
import { createHttpSite, type SignedIn } from '../../support/http-site.ts';
import { makeLogin } from '../../support/logins-without-passwords.ts';
import { PASSWORD } from '../../support/operators.ts';
import { createRouteSamples } from '../../support/route-samples.ts';

const site = createHttpSite();
const { bench } = site;
const { audit } = bench.operators;
const { fill, requestOf } = createRouteSamples(site);
const tellConfiguration = createConfigurationJournal({
	...{ store: bench.store, log: bench.log, newId: randomUUID, journalGrew: () => undefined },
});
let admin: SignedIn;
let mappingId = '';
const secrets = new Set<string>([PASSWORD]);
beforeAll(async () => {
	// Stays, so that nobody else is the last.
	makeLogin(bench, { role: 'administrator' });
	await fill();
	await signIn();
	const mapping = { kind: 'people', name: 'To change', columns: [{ column: 'Name', field: 'name' }] };
	mappingId = ((await (await admin.post('/api/v1/import-mappings', mapping)).json()) as { id: string }).id;
	site.services.licenceGrants.set(admin.operatorId, ['signature'], { operatorId: null });
});
afterAll(() => site.close());

async function signIn(): Promise<void> {
	admin = await site.signIn('administrator');
	secrets.add(admin.csrf);
}

/** Of the API and SCIM: the pages hand what they are sent to the same services. */
const writing = mountedRoutes(site.http.app).filter(
	({ method, path, guard }) => !['GET', 'ALL'].includes(method) && guard !== 'public' && /^\/(api|scim)\//.test(path),
);
const nameOf = ({ method, path }: GuardedRoute) => `${method} ${path}`;

/** What changes nothing that stays, or is played here, and is written down where it is real. */
const NO_LINE: Readonly<Record<string, string>> = {
	...ofAll('reads', [
		...['POST /scim/v2/.search', 'POST /scim/v2/Users/.search', 'POST /scim/v2/Groups/.search'],
		...['POST /api/v1/decisions/check', 'POST /api/v1/decisions/replay', 'POST /api/v1/sync/test'],
	]),
	...ofAll('is looked at, and changes nothing until it is applied, or is thrown away unapplied', [
		...['POST /api/v1/imports', 'PUT /api/v1/imports/:importId/mapping', 'DELETE /api/v1/imports/:importId'],
		...['POST /api/v1/operator-imports', 'DELETE /api/v1/operator-imports/:importId'],
		...['POST /api/v1/enrolments/:enrolmentId/cancel', 'POST /api/v1/me/passkeys/options'],
		...['POST /api/v1/me/second-factor', 'POST /scim/v2/Bulk'],
	]),
	...ofAll('needs a thread, a list or a lane that are played here: its own tests look at its lines', [
		...['POST /api/v1/imports/:importId/apply', 'POST /api/v1/imports/:importId/undo'],
		...['vend', 'hold', 'close', 'lockdown', 'release', 'confirm-hold'].map(
			(act) => `POST /api/v1/lanes/:laneId/${act}`,
		),
		...['POST /api/v1/interventions/:number/photos', 'POST /api/v1/me/picture', 'POST /api/v1/me/passkeys'],
		...['POST /api/v1/bundles/:id/apply', 'POST /api/v1/clock/confirm'],
		'POST /api/v1/devices/:deviceId/key-window/close',
	]),
	...ofAll('needs an authenticator, a passkey or a person that the walker has not: its own tests look at its lines', [
		...['confirm', 'recovery-codes', 'remove'].map((act) => `POST /api/v1/me/second-factor/${act}`),
		...['POST /api/v1/me/passkeys/:id/remove', 'POST /api/v1/operators/:operatorId/reset-second-factor'],
		...['POST /api/v1/holders/:id/login', 'DELETE /api/v1/holders/:id/login'],
		...['bookings', 'bookings/:bookingId/move', 'bookings/:bookingId/release', 'give-ups', 'visits'].map(
			(path) => `POST /api/v1/me/access/${path}`,
		),
		'POST /api/v1/me/access/visits/:visitId/end',
	]),
	...ofAll('needs a code that is mailed, and no mail leaves here: its own tests look at its lines', [
		...['POST /api/v1/me/account/address', 'DELETE /api/v1/me/account/address'],
		'POST /api/v1/me/account/address/confirm',
	]),
};

function ofAll(reason: string, names: readonly string[]): Readonly<Record<string, string>> {
	return Object.fromEntries(names.map((name) => [name, reason]));
}

type Before = (url: string) => Promise<unknown> | unknown;

/** What is sent so that something changes. */
const CHANGES: Readonly<Record<string, object>> = {
	'PATCH /api/v1/operators/:operatorId': { name: 'Another Name' },
	'PATCH /api/v1/operator-groups/:groupId': { name: 'Another group' },
	'PUT /api/v1/central-accounts/rules': { administrators: true },
	'PUT /api/v1/operators/:operatorId/holder': { holderId: 'holders-0' },
	'PATCH /api/v1/settings': { logins: { idleMinutes: 31 } },
	'PATCH /api/v1/settings/own-access': { visitHours: 3 },
	'PATCH /api/v1/me/account': { phone: '+32 9 000 00 00' },
	'PATCH /api/v1/interventions/:number': { title: 'Another title' },
	'PUT /api/v1/licences/equipment/:cameraId': { active: false },
	...Object.fromEntries(
		['holders', 'vehicles', 'groups', 'right-specifications', 'pools', 'bundles', 'schedules'].map((path) => [
			`PATCH /api/v1/${path}/:id`,
			{ name: 'Another name' },
		]),
	),
	'PUT /api/v1/import-mappings/:mappingId': {
		...{ kind: 'people', name: 'Changed', columns: [{ column: 'Name', field: 'name' }] },
	},
	'PATCH /api/v1/credentials/:id': { state: 'lost' },
	'PATCH /api/v1/rights/:id': { state: 'suspended' },
	'PATCH /api/v1/planned-uses/:id': { note: 'Another note' },
	'POST /api/v1/operators/bulk': { action: 'deactivate', operatorIds: ['walk-spare'] },
};

/** What has to be so for there to be something to end. */
const BEFORE: Readonly<Record<string, Before>> = {
	'DELETE /api/v1/operator-groups/:groupId/members/:operatorId': (url) => admin.send('PUT', url, {}),
	'POST /api/v1/visitors/:visitId/unblock': (url) => admin.post(url.replace('unblock', 'block'), {}),
	'POST /api/v1/me/login-sessions/end-others': () => site.signIn('administrator'),
	'POST /api/v1/operators/:operatorId/end-logins': (url) => loginOf(url.split('/')[4] ?? ''),
	'POST /api/v1/view-as/end': async () => {
		const operatorId = await bench.addOperator({ email: `${randomUUID()}@example.org`, role: 'reception' });
		await admin.post(`/api/v1/operators/${operatorId}/view-as`, {});
	},
};

function loginOf(operatorId: string): void {
	const seen = { createdAtMs: bench.clock.nowMs(), lastSeenAtMs: bench.clock.nowMs() };
	const tokenHash = randomUUID().padEnd(64, '-');
	bench.store.operators.addLoginSession({ tokenHash, operatorId, csrf: '', remoteAddress: '', ...seen });
}

/** Of what can be given a version of, and tells no more than that it changed. */
const NO_BEFORE: Readonly<Record<string, string>> = {
	'PATCH /api/v1/me/account': 'what somebody changed of themselves is written without what it was',
	'PUT /api/v1/operator-groups/:groupId/members/:operatorId': 'joined: there was nothing',
	'PUT /api/v1/licences/grants/:operatorId': 'given: there was nothing',
	'PUT /api/v1/licences/equipment/:cameraId': 'taken out of use: it was in use',
	'PATCH /scim/v2/Users/:operatorId':
		'what is only kept of people is personal: its names are told, and the journal is kept for ever',
	'PUT /api/v1/operators/:operatorId/holder': 'linked: there was nobody',
};

async function walk(route: GuardedRoute): Promise<readonly string[]> {
	const name = nameOf(route);
	const { url: made, body } = requestOf(route.method, route.path, admin.operatorId);
	const url = made.replace('import-1', mappingId);
	await BEFORE[name]?.(url);
	tellConfiguration(site.configuration.configuration.view().history);
	const before = audit.last();
	const answer = await admin.send(route.method, url, CHANGES[name] ?? body);
	const text = await answer.text();
	tellConfiguration(site.configuration.configuration.view().history);
	if ((await admin.get('/api/v1/me')).status === 401 || /view-as$/.test(route.path)) await signIn();
	learn(text);
	if (answer.status >= 300) return [`answered ${answer.status} ${text.slice(0, 300)}`];
	const lines = audit.after(before, 50);
	const { items } = audit.list({ limit: Math.max(1, lines.length), personal: true });
	const tells = items.slice(0, lines.length).some(({ changes }) => changes.length > 0);
	const isChange = /^(PUT|PATCH) /.test(name) && NO_BEFORE[name] === undefined;
	return [
		...(lines.some(({ operatorId }) => operatorId === admin.operatorId) ? [] : ['no line of who did it']),
		...lines.flatMap(({ action }) => (isKnown(action) ? [] : [`${action} has no words`])),
		...(isChange && !tells ? ['nothing of before and after'] : []),
	];
}

const isKnown = (action: string) => KNOWN_ACTIONS.includes(action) || action.startsWith('row');

/** What was shown this once. */
function learn(text: string): void {
	for (const [, value = ''] of text.matchAll(/"(?:code|password|token|secret|csrf)":"([^"]{6,})"/g)) secrets.add(value);
}

describe('Z15 every route that writes', () => {
	test('leaves a line with who, what, before and after, or says here why it leaves none', async () => {
		const found: string[] = [];
		for (const route of writing) {
			if (NO_LINE[nameOf(route)] !== undefined) continue;
			for (const what of await walk(route)) found.push(`${nameOf(route)}: ${what}`);
		}
		expect(found).toEqual([]);
	});

	test('is named rightly where it leaves none', () => {
		const names = new Set(writing.map(nameOf));
		expect([...Object.keys(NO_LINE), ...Object.keys(NO_BEFORE)].filter((name) => !names.has(name))).toEqual([]);
	});

	test('leaves no secret', () => {
		const kept = bench.store.journal.after(0, 10_000).map(({ entry }) => JSON.stringify(entry));
		expect(kept.length).toBeGreaterThan(100);
		expect(secrets.size).toBeGreaterThan(5);
		expect([...secrets].filter((secret) => kept.some((line) => line.includes(secret)))).toEqual([]);
	});
});
