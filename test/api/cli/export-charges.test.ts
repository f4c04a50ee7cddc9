import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { siteCommands } from '../../../src/compose/site-commands.ts';
import { SITE_YAML, siteOf } from '../../support/api-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import { readable } from '../../support/privacy-bench.ts';
import { createSiteBench } from '../../support/site-bench.ts';
import { tempDir } from '../../support/temp-store.ts';
import { cli } from './fake-cli.ts';

let site: Awaited<ReturnType<typeof createSiteBench>>;
let dir: string;

/** A site that runs while the command reads beside it. */
beforeEach(async () => {
	dir = tempDir();
	mkdirSync(path.join(dir, 'store'));
	writeFileSync(path.join(dir, 'gateway.yaml'), SITE_YAML);
	site = await createSiteBench({ site: siteOf(SITE_YAML), dir: path.join(dir, 'store') });
	await site.give([STAFF, ...aPerson({ id: 'anna', name: '=SUM(A1)', tag: 'A1' })]);
	for (const day of [2, 9, 40]) {
		const charge = { stayId: `stay-${day}`, rightId: 'r1', segment: 0, holderId: 'anna', credits: 0 };
		const price = { minor: 350, currency: 'EUR' };
		site.store.transaction(() => site.store.consumption.charge({ ...charge, price, atMs: Date.UTC(2026, 2, day, 9) }));
	}
});
afterEach(() => site.crash());

const run = (args: string) =>
	cli(`export charges ${args} --config ${dir}/gateway.yaml`, {
		handlers: { exportCharges: siteCommands.exportCharges },
	});

it('X5: charges of a month are written beside the running gateway, no name is a formula, and it is journalled', async () => {
	const { code, out, err } = await run('--from 2026-03-01T00:00Z --to 2026-04-01T00:00Z');
	expect({ code, err }).toEqual({ code: 0, err: '' });
	const [headings, ...rows] = out.trim().split('\r\n');
	expect(headings).toContain('Price (minor units)');
	expect(rows).toHaveLength(2);
	expect(rows[0]).toMatch(/'=SUM\(A1\).+anna.+stay-2.+350.+EUR/);
	const taken = readable(site.store).flatMap((entry) =>
		entry.type === 'audit' && entry.action === 'chargesExported' ? [entry] : [],
	);
	expect(taken).toMatchObject([{ operatorId: null, detail: { format: 'csv', isWhole: true } }]);
});

it('a span that ends before it begins is refused in a sentence', async () => {
	const { code, err } = await run('--from 2026-04-01T00:00Z --to 2026-03-01T00:00Z');
	expect(code).toBe(1);
	expect(err).toContain('--to is not after --from');
});
