import { expect, it, onTestFinished } from 'vitest';
import { signLicence, signStatement } from '../support/licensing-bench.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { createLicensedGateway, sentOp, uselessLicences } from '../support/sent-licences.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

it('B1, I18: central keeps licences and statements and sends them over a real Mosquitto; what is no good is refused, the present one stays', async () => {
	const mosquitto = await startMosquitto();
	onTestFinished(() => mosquitto.stop());
	const broker = { url: mosquitto.url };
	const central = createTestCentral({ broker });
	onTestFinished(() => central.end());
	const site = createSyncSite({ broker, reached: (stream) => stream === 'licences' && void gateway.sent.look() });
	onTestFinished(() => site.end());
	// The licences of the tests are of 2026.
	const { store, directory, log } = site;
	const gateway = createLicensedGateway({ store, directory: directory.reader, log, clock: createVirtualClock() });
	onTestFinished(() => gateway.sent.stop());

	// Before the site is there: central keeps them.
	central.change('licences', [
		sentOp('l-1', await signLicence()),
		sentOp('elsewhere', await signLicence({ aud: 'acme/site-2' }), { siteId: 'site-2' }),
	]);
	central.start();
	site.sync.start();
	await until('the licence counts', () => gateway.licensing.standing().licence?.jti === 'L-0001');
	const useless = await uselessLicences();
	central.change(
		'licences',
		useless.map(([, op]) => op),
	);
	// Another text than the one that is no licence: what counts once is known, whatever row it came in.
	const statement = await signStatement({ jti: 'S-0002' });
	central.change('licences', [sentOp('p-1', statement, { kind: 'parkStatement' })]);
	await until('the statement counts', () => gateway.licensing.parks().every(({ active }) => !active));
	await until('all are refused', () => gateway.refusals().size === useless.length);
	expect(gateway.refusals()).toEqual(new Map(useless.map(([id, , refusal]) => [id, refusal])));
	expect(gateway.licensing.standing().licence).toMatchObject({ jti: 'L-0001' });
	const refused = () =>
		central
			.events('site-1', site.outbox.gatewayEpoch(), 0, 100)
			.filter((event) => JSON.stringify(event).includes('licenceDocumentRefused'));
	site.sync.journalGrew();
	await until('central knows', () => refused().length === useless.length);
}, 60_000);
