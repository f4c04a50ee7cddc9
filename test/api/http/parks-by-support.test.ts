import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConsole } from '../../../src/api/console/console.tsx';
import { mountedRoutes } from '../../../src/api/http/guarded.ts';
import { ROLES } from '../../../src/gateway/core/permission.ts';
import { createHttpSite, SITE, type SignedIn } from '../../support/http-site.ts';
import { ed25519Pair, signStatement, VENDOR } from '../../support/licensing-bench.ts';
import { createMemoryImports } from '../../support/memory-imports.ts';

const site = createHttpSite({ imports: createMemoryImports('import-1') }, (deps) =>
	createConsole({
		...deps,
		site: SITE,
		people: { find: () => [], holder: () => undefined, nearestPlates: async () => [], operatorName: () => null },
		bundleApplication: {
			preview: async () => ({ holders: 0, gains: 0, loses: 0, changes: [] }),
			apply: async () => ({ result: 'done', holders: 0, batchIds: [] }),
		},
		clockTrust: () => 'synced',
		confirmClock: () => undefined,
		assetUrl: (name) => `/assets/x/${name}`,
	}),
);
const logins = new Map<string, SignedIn>();
beforeAll(async () => {
	for (const role of ROLES) logins.set(role, await site.signIn(role));
});
afterAll(() => site.close());

const IDS: Readonly<Record<string, string>> = { laneId: 'L1', areaId: 'A1', parkId: 'P1', cameraId: 'cam-1' };

/** Everything that might be taken for the word on a park, and two statements that support did not sign. */
async function bodies() {
	const said = {
		id: 'P1',
		park: 'P1',
		parkId: 'P1',
		name: 'North',
		active: false,
		state: 'inactive',
		status: 'inactive',
	};
	return Promise.all(
		[VENDOR, ed25519Pair()].map(async (key) => ({
			...{ ...said, reason: 'walk', confirm: 'yes', step: 'confirm' },
			document: await signStatement({}, key),
		})),
	);
}

test('I18: no route of this gateway makes a park inactive without a signature of support, whatever one’s role', async () => {
	const routes = mountedRoutes(site.http.app).filter(({ method }) => !['ALL', 'GET', 'HEAD'].includes(method));
	expect(routes.length).toBeGreaterThan(60);
	const isActive = () => site.services.licensing.parks().map(({ active }) => active);
	const before = isActive();
	expect(before).toEqual([true]);
	const [byVendor, byNobody] = await bodies();
	// Signing out ends the walk of a role.
	const walk = routes.toSorted((a, b) => Number(a.path.includes('logout')) - Number(b.path.includes('logout')));
	for (const login of logins.values())
		for (const { method, path } of walk) {
			const url = path.replaceAll(/:(\w+)/g, (_all, name: string) => IDS[name] ?? 'P1').replace('*', 'parks/P1');
			for (const body of [byVendor, byNobody]) {
				const isApi = path.startsWith('/api/');
				const type = isApi ? 'application/json' : 'application/x-www-form-urlencoded';
				const sent = isApi ? JSON.stringify(body) : new URLSearchParams({ ...body, active: 'no' }).toString();
				const headers = { 'content-type': type, cookie: login.cookie, 'x-csrf-token': login.csrf };
				const answer = await site.request(url, { method, headers, body: sent });
				await answer.body?.cancel();
				expect(isActive(), `${method} ${path}`).toEqual(before);
			}
		}
	expect(await site.services.licensing.installStatement(await signStatement(), null)).toHaveProperty('result');
	expect(isActive(), 'the walk would have seen it').toEqual([false]);
});
