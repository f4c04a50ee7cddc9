import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { siteCommands } from '../../../src/compose/site-commands.ts';
import { createHandOvers } from '../../../src/gateway/services/hand-over/hand-overs.ts';
import { SITE_YAML, siteOf } from '../../support/api-site.ts';
import { createSiteBench } from '../../support/site-bench.ts';
import { tempDir } from '../../support/temp-store.ts';
import { cli } from './fake-cli.ts';

let site: Awaited<ReturnType<typeof createSiteBench>>;
let dir: string;

/** A site that runs while the commands read beside it. */
beforeEach(async () => {
	dir = tempDir();
	mkdirSync(path.join(dir, 'store'));
	writeFileSync(path.join(dir, 'gateway.yaml'), SITE_YAML);
	site = await createSiteBench({ site: siteOf(SITE_YAML), dir: path.join(dir, 'store') });
});
afterEach(() => site.crash());

const { listHandOvers, printHandOver, listCampaigns } = siteCommands;
const run = (args: string) =>
	cli(`${args} --config ${dir}/gateway.yaml`, { handlers: { listHandOvers, printHandOver, listCampaigns } });

function writeReport(): string {
	const handOvers = createHandOvers({
		...{ site: siteOf(SITE_YAML), store: site.store, clock: site.clock, newId: () => 'report-1' },
		...{ devices: () => [], maySign: () => true, journalGrew: () => undefined },
		pdfMaker: { make: () => Promise.reject(new Error('not printed here')) },
	});
	const { lanes } = siteOf(SITE_YAML);
	const subject = { kind: 'lane', id: lanes[0]?.id ?? '' } as const;
	const made = handOvers.create({ subject, checks: [], remarks: 'All \u001b[31mwell' }, 'ada');
	handOvers.sign('report-1', { name: 'Ada\u202e', strokes: [] }, 'ada');
	return made?.content.id ?? '';
}

it('I14 hand-over reports are listed with who signed them; where there are none it says where they are written', async () => {
	expect(await run('hand-over list')).toMatchObject({ code: 0, out: expect.stringContaining('under Hand-overs') });
	writeReport();
	const { code, out, err } = await run('hand-over list');
	expect({ code, err }).toEqual({ code: 0, err: '' });
	expect(out).toMatch(/report-1 +\S+Z +lane .+Ada/);
	expect(out).not.toContain('\u202e');
	const listed = JSON.parse((await run('hand-over list --json')).out) as Record<string, unknown>;
	expect(listed).toMatchObject({
		id: 'report-1',
		isIntact: true,
		signatures: [{ name: expect.stringContaining('Ada') }],
	});
});

it('I14 a report is printed as a PDF file while the gateway runs', async () => {
	writeReport();
	const { code, err, out } = await run('hand-over print report-1 -o report.pdf');
	expect({ code, err }).toEqual({ code: 0, err: '' });
	expect(out).toContain('Report report-1 is in report.pdf');
});

it('I14 a report that is not there is not printed, in a sentence', async () => {
	const { code, err } = await run('hand-over print nothing -o report.pdf');
	expect(code).toBe(1);
	expect(err).toContain('There is no such hand-over report.');
});

it('I13 campaigns are listed with their last counts', async () => {
	expect(await run('campaign list')).toMatchObject({ code: 0, out: expect.stringContaining('under Campaigns') });
	const campaign = {
		id: 'c1',
		name: 'Open day',
		fromMs: 0,
		toMs: 86_400_000,
		createdAtMs: 1,
		operatorId: 'ada',
		version: 1,
	};
	site.store.transaction(() => site.store.campaigns.put(campaign));
	const { code, out, err } = await run('campaign list');
	expect({ code, err }).toEqual({ code: 0, err: '' });
	expect(out).toMatch(/Open day +1970-01-01\S+ +1970-01-02\S+ +0 +not counted/);
	expect(JSON.parse((await run('campaign list --json')).out)).toMatchObject({ id: 'c1', name: 'Open day' });
});
