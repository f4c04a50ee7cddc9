import { afterAll, beforeAll, expect, test } from 'vitest';
import { KNOWN_ACTIONS } from '../../../src/gateway/core/audit/audited-action.ts';
import { createHttpSite, type HttpSite, type SignedIn } from '../../support/http-site.ts';
import { PASSWORD } from '../../support/operators.ts';

let site: HttpSite;
let admin: SignedIn;
beforeAll(async () => {
	site = createHttpSite();
	admin = await site.signIn('administrator');
});
afterAll(() => site.close());

type Body = Record<string, unknown>;

/** What was shown once, or typed in secret. */
const secrets = new Set<string>([PASSWORD]);
const remember = (value: unknown) => {
	if (typeof value === 'string' && value.length > 5) secrets.add(value);
};

interface Step {
	readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
	/** `{name}` stands for what an earlier answer gave that name. */
	readonly path: string;
	readonly body?: Body;
	/** Names the id of what it made. */
	readonly makes?: string;
	/** What was before and after stands in the line. */
	readonly changes?: true;
}

const until = () => new Date(site.bench.clock.nowMs() + 86_400_000).toISOString();

/** One write of each kind of service that the API reaches, each on what those before it made. */
const STEPS: readonly Step[] = [
	{ method: 'POST', path: 'operators', body: { email: 'new@example.org', name: 'New One' }, makes: 'operator' },
	{ method: 'PATCH', path: 'operators/{operator}', body: { name: 'Another Name' }, changes: true },
	{
		...{ method: 'PATCH', path: 'operators/{operator}', changes: true },
		body: { roles: [{ id: 'security', scope: 'site' }] },
	},
	{ method: 'POST', path: 'operators/{operator}/code', body: {} },
	{ method: 'POST', path: 'operators/{operator}/generate-password', body: {} },
	{ method: 'POST', path: 'operators/{operator}/deactivate', body: {}, changes: true },
	{ method: 'POST', path: 'operators/{operator}/activate', body: {}, changes: true },
	{ method: 'POST', path: 'operator-groups', body: { kind: 'company', name: 'Acme' }, makes: 'group' },
	{ method: 'PATCH', path: 'operator-groups/{group}', body: { name: 'Acme South' }, changes: true },
	{ method: 'PUT', path: 'operator-groups/{group}/members/{operator}', body: {} },
	{ method: 'DELETE', path: 'operator-groups/{group}/members/{operator}', body: {} },
	{ method: 'DELETE', path: 'operator-groups/{group}', body: {} },
	{ method: 'POST', path: 'roles', body: { name: 'Night', permissions: ['lanes:read'] }, makes: 'role' },
	{ method: 'PUT', path: 'roles/{role}', body: { name: 'Nights', permissions: ['audit:read'] }, changes: true },
	{ method: 'DELETE', path: 'roles/{role}', body: {} },
	{ method: 'PATCH', path: 'settings', body: { logins: { idleMinutes: 31 } }, changes: true },
	{ method: 'PUT', path: 'me/dashboard', body: { widgets: ['tasks'] }, changes: true },
	{ method: 'POST', path: 'me/tokens', body: { name: 'Night export', permissions: [], password: PASSWORD } },
	{ method: 'POST', path: 'holders', body: { kind: 'person', name: 'Anna', status: 'active' }, makes: 'holder' },
	{ method: 'PATCH', path: 'holders/{holder}', body: { name: 'Zoë' }, changes: true },
	{
		...{ method: 'POST', path: 'credentials', makes: 'credential' },
		body: { kind: 'qr', value: 'let-me-in-please-42', holderId: '{holder}', state: 'active' },
	},
	{ method: 'PATCH', path: 'credentials/{credential}', body: { state: 'lost' }, changes: true },
	{ method: 'DELETE', path: 'credentials/{credential}' },
	{ method: 'DELETE', path: 'holders/{holder}' },
	{ method: 'POST', path: 'occupancy/A1/adjust', body: { occupied: 3, reason: 'counted' }, changes: true },
	{
		...{ method: 'POST', path: 'interventions', makes: 'intervention' },
		body: { kind: 'repair', target: { kind: 'site' }, title: 'Loop' },
	},
	{ method: 'POST', path: 'interventions/{intervention}/comments', body: { text: 'seen' } },
	{
		method: 'POST',
		path: 'retention/holds',
		body: { decision: 'd-1', reason: 'damage', until: 'UNTIL' },
		makes: 'hold',
	},
	{ method: 'POST', path: 'retention/holds/{hold}/release', body: {} },
	{ method: 'POST', path: 'devices/reader-1/key-window', body: { minutes: 1 } },
	{ method: 'POST', path: 'operators/{operator}/offboard', body: {} },
	{ method: 'POST', path: 'operators/{operator}/offboard/undo', body: {} },
	{ method: 'DELETE', path: 'operators/{operator}', body: {} },
];

const ids = new Map<string, string>();
const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids.get(name) ?? name);

/** @returns what is wrong with how it was written down. */
async function walk({ method, path, body, makes, changes }: Step): Promise<readonly string[]> {
	const { audit } = site.bench.operators;
	const before = audit.last();
	const filled = body && (JSON.parse(fill(JSON.stringify(body)).replace('UNTIL', until())) as Body);
	const answer = await admin.send(method, `/api/v1/${fill(path)}`, filled);
	const text = await answer.text();
	if (answer.status >= 300) return [`${answer.status} ${text.slice(0, 200)}`];
	learn(text.startsWith('{') ? (JSON.parse(text) as Body) : {}, makes);
	const lines = audit.after(before, 50);
	const { items } = audit.list({ limit: Math.max(1, lines.length), personal: true });
	return [
		...(lines.some(({ operatorId }) => operatorId === admin.operatorId) ? [] : ['no line of who did it']),
		...lines.flatMap(({ action }) => (hasWords(action) ? [] : [`${action} has no words`])),
		...(changes && !items.some((item) => item.changes.some(hasBoth)) ? ['nothing of before and after'] : []),
	];
}

function learn(told: Body, makes: string | undefined): void {
	for (const name of ['code', 'password', 'token', 'secret', 'path']) remember(told[name]);
	const made = (told['operator'] ?? told) as Body;
	if (makes !== undefined) ids.set(makes, String(made['number'] ?? made['id']));
}

const hasWords = (action: string) => KNOWN_ACTIONS.includes(action) || action.startsWith('row');
const hasBoth = ({ before, after }: { before: unknown; after: unknown }) => before !== after && after !== null;

test('every kind of write leaves a line with who, what, before and after; none holds a secret (Z15)', async () => {
	site.decide({ id: 'd-1' });
	remember('let-me-in-please-42');
	remember(admin.csrf);
	const wrong: string[] = [];
	for (const step of STEPS) {
		for (const what of await walk(step)) wrong.push(`${step.method} ${step.path}: ${what}`);
	}
	expect(wrong).toEqual([]);

	const kept = site.bench.store.journal.after(0, 10_000).map(({ entry }) => JSON.stringify(entry));
	const shown = site.bench.operators.audit
		.list({ limit: 200, personal: true })
		.items.map((item) => JSON.stringify(item));
	for (const secret of secrets) {
		expect(kept.filter((line) => line.includes(secret))).toEqual([]);
		expect(shown.filter((line) => line.includes(secret))).toEqual([]);
	}
});
