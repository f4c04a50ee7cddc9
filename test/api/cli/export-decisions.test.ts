import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { siteCommands } from '../../../src/compose/site-commands.ts';
import { SITE_YAML, siteOf } from '../../support/api-site.ts';
import { decisionAbout, readable } from '../../support/privacy-bench.ts';
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
	for (const day of [2, 9, 40]) {
		site.store.journal.append(
			decisionAbout({ holderId: `h-${day}`, name: '=SUM(A1)', value: '1ABC' }, Date.UTC(2026, 2, day)),
		);
	}
});
afterEach(() => site.crash());

const run = (args: string) =>
	cli(`export decisions ${args} --config ${dir}/gateway.yaml`, {
		handlers: { exportDecisions: siteCommands.exportDecisions },
	});

it('N1: decisions of a month are written beside the running gateway, no name is a formula, and it is journalled', async () => {
	const { code, out, err } = await run('--from 2026-03-01T00:00Z --to 2026-04-01T00:00Z');
	expect({ code, err }).toEqual({ code: 0, err: '' });
	const [headings, ...rows] = out.trim().split('\r\n');
	expect(headings).toContain('What followed');
	expect(rows).toHaveLength(2);
	expect(rows[0]).toMatch(/2026-03-09T.+'=SUM\(A1\).+Refused.+h-9/);
	const taken = readable(site.store).flatMap((entry) =>
		entry.type === 'audit' && entry.action === 'decisionsExported' ? [entry] : [],
	);
	expect(taken).toMatchObject([{ operatorId: null, detail: { format: 'csv', isWhole: true } }]);
});

it.each([
	['--where colour=red', /decisions have no colour: narrow them by lane, outcome, reason, holder/],
	['--where outcome=maybe', /outcome=maybe is none of granted, refused/],
	['--where lane=L1 --where lane=L2', /lane can be given once/],
])('what can not narrow them is refused in a sentence: %s', async (args, says) => {
	const { code, err } = await run(args);
	expect(code).toBe(1);
	expect(err).toMatch(says);
});

it('they are narrowed by lane, outcome, reason, holder and words', async () => {
	expect((await run('--where holder=h-40 --format jsonl')).out.trim().split('\n')).toHaveLength(1);
	expect((await run('--where outcome=granted --format jsonl')).out).toBe('');
});
