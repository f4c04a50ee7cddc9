import { expect, it, onTestFinished } from 'vitest';
import { createOperators } from '../../src/gateway/services/operators.ts';
import { createTestAccounts } from '../support/accounts-bench.ts';
import { SITE } from '../support/http-site.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { rememberingHasher } from '../support/operators.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { wallClock } from '../support/wall-clock.ts';

it('Z8 Z14: central makes an operator over a real Mosquitto, hears of it, and ends it again', async () => {
	const mosquitto = await startMosquitto();
	onTestFinished(() => mosquitto.stop());
	const broker = { url: mosquitto.url };
	const central = createTestCentral({ broker });
	onTestFinished(() => central.end());
	const site = createSyncSite({
		broker,
		reached: (stream) => stream === 'operators' && void accounts.centralAccounts.look(),
	});
	onTestFinished(() => site.end());
	const { store, log, edits } = site;
	const common = { store, log, clock: wallClock };
	const operators = createOperators({
		...{ ...common, hasher: rememberingHasher, newId: () => crypto.randomUUID() },
		journalGrew: () => site.sync.journalGrew(),
	});
	const accounts = createTestAccounts({ ...common, operators, edits, directory: site.directory.reader }, SITE);

	// Before the site is there: central keeps it.
	const row = { id: 'ada', siteId: SITE.id, email: 'ada@example.org', name: 'Ada', roles: ['reception'] };
	central.change('operators', [{ op: 'put', table: 'operatorAccounts', key: 'ada', row }]);
	central.start();
	site.sync.start();
	const state = () => store.operators.operatorByEmail('ada@example.org')?.state;
	await until('she is invited', () => state() === 'invited');
	const told = (action: string) =>
		central
			.events('site-1', site.outbox.gatewayEpoch(), 0, 100)
			.filter((event) => JSON.stringify(event).includes(action));
	site.sync.journalGrew();
	await until('central knows', () => told('centralAccountMade').length === 1);
	central.change('operators', [{ op: 'delete', table: 'operatorAccounts', key: 'ada' }]);
	await until('she left', () => state() === 'inactive');
	site.sync.journalGrew();
	await until('central knows that too', () => told('centralAccountEnded').length === 1);
	expect(store.operators.operatorCount()).toBe(1);
}, 60_000);
