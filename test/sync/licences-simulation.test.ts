import { expect, it, onTestFinished } from 'vitest';
import type { DirectoryRow } from '../../src/gateway/core/directory.ts';
import { signLicence, signStatement } from '../support/licensing-bench.ts';
import { createOperatorsBench } from '../support/operators.ts';
import { createLicensedGateway, sentOp, uselessLicences } from '../support/sent-licences.ts';
import { createSyncSimulation } from '../support/sync-simulation.ts';

/** One gateway and one central on a virtual clock, over a broker in memory that loses and doubles. */
function start(seed: number) {
	const bench = createOperatorsBench();
	const simulation = createSyncSimulation(seed, (stream) => {
		if (stream === 'licences') void gateway.sent.look();
	});
	onTestFinished(async () => {
		gateway.sent.stop();
		await simulation.end();
		bench.close();
	});
	const row = (id: string) =>
		simulation.directory.rows('licences').get(`licenceDocuments/${id}`) as DirectoryRow<'licenceDocuments'> | undefined;
	const gateway = createLicensedGateway({
		...{ store: bench.store, clock: simulation.clock, log: bench.log },
		directory: {
			find: () => [...simulation.directory.rows('licences').keys()].map((name) => name.replace(/^[^/]*\//, '')),
			// The memory knows this one table.
			row: ((_table: string, id: string) => row(id)) as never,
		},
	});
	simulation.wire.setFaults({ drop: 0.1, duplicate: 0.3, maxDelayMs: 500 });
	return {
		...{ simulation, gateway, bench },
		async send(...ops: ReturnType<typeof sentOp>[]) {
			simulation.central().change('licences', ops);
			await simulation.clock.advanceAsync(10 * 60_000);
			await gateway.sent.look();
		},
	};
}

it.each([1, 2, 3])(
	'B1, I18: what central sends counts, over a broker that loses and doubles (seed %i)',
	async (seed) => {
		const { gateway, send } = start(seed);
		await send(sentOp('l-1', await signLicence()));
		expect(gateway.licensing.standing().licence).toMatchObject({ jti: 'L-0001' });
		await send(sentOp('p-1', await signStatement(), { kind: 'parkStatement' }));
		expect(gateway.licensing.parks()).toMatchObject([{ active: false }]);
		expect(gateway.sent.refused()).toEqual([]);
	},
);

it('what is forged, altered, unsigned, another site’s, older or run out is refused with its reason; the present one stays', async () => {
	const { gateway, bench, simulation, send } = start(7);
	await send(sentOp('l-1', await signLicence()));
	const useless = await uselessLicences();
	await send(...useless.map(([, op]) => op));
	const refusals = gateway.refusals();
	expect([...refusals].toSorted()).toEqual(useless.map(([id, , refusal]) => [id, refusal]).toSorted());
	expect(gateway.licensing.standing().licence).toMatchObject({ jti: 'L-0001' });
	const told = () => bench.audits().filter(({ action }) => action === 'licenceDocumentRefused');
	expect(told()).toHaveLength(useless.length);
	simulation.crashSite();
	await simulation.clock.advanceAsync(20 * 60_000);
	expect(told(), 'once each').toHaveLength(useless.length);
	await send(
		{ op: 'delete', table: 'licenceDocuments', key: 'forged' },
		sentOp('older', await signLicence({ iat: 1_767_300_000, jti: 'L-0200' })),
	);
	expect(gateway.refusals().has('forged')).toBe(false);
	expect(gateway.refusals().has('older')).toBe(false);
	expect(gateway.licensing.standing().licence).toMatchObject({ jti: 'L-0200' });
});

it('one that becomes valid later is taken then; one for another site is left alone', async () => {
	const { gateway, simulation, send } = start(9);
	const nbf = Math.floor(simulation.clock.nowMs() / 1_000) + 3_600;
	await send(sentOp('l-1', await signLicence({ nbf })));
	expect(gateway.refusals()).toEqual(new Map([['l-1', 'notYetValid']]));
	await simulation.clock.advanceAsync(2 * 3_600_000);
	await gateway.sent.look();
	expect(gateway.licensing.standing().licence).toMatchObject({ jti: 'L-0001' });
	expect(gateway.refusals()).toEqual(new Map());
});
