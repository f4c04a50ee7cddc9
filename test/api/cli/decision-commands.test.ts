import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliHandlers } from '../../../src/api/cli/handlers.ts';
import { siteCommands } from '../../../src/compose/site-commands.ts';
import type { ReplayReport } from '../../../src/gateway/services/decisions/replay.ts';
import { SITE_YAML, siteOf } from '../../support/api-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import { createSiteBench } from '../../support/site-bench.ts';
import { tempDir } from '../../support/temp-store.ts';
import { type CliSurroundings, cli } from './fake-cli.ts';

const HOSTILE = 'a\u001b[2J\r\nb\u202e\u0085';
const UNSAFE = /[\p{Cc}\p{Bidi_Control}]/u;

let site: Awaited<ReturnType<typeof createSiteBench>>;
let dir: string;

/** A site that runs while the commands ask beside it. */
beforeEach(async () => {
	dir = tempDir();
	mkdirSync(path.join(dir, 'store'));
	writeFileSync(path.join(dir, 'gateway.yaml'), SITE_YAML);
	site = await createSiteBench({ site: siteOf(SITE_YAML), dir: path.join(dir, 'store') });
	await site.give([
		STAFF,
		...aPerson({ id: 'anna', name: 'Anna Peeters', tag: 'A1', plate: '1ABC234' }),
		...aPerson({ id: 'bob', name: HOSTILE, tag: 'B2', right: null }),
		...Array.from({ length: 4 }, (_, n) => aPerson({ id: `p${n}`, name: `P${n}`, tag: `C${n}` })).flat(),
	]);
	for (let n = 0; n < 4; n += 1) {
		await site.enter(`C${n}`);
		site.clock.advance(60_000);
	}
});
afterEach(() => site.crash());

/** One command with the real handlers, on the site's files. */
function run(args: string, surroundings: CliSurroundings = {}) {
	const handlers = { explain: siteCommands.explain, replay: siteCommands.replay };
	return cli(`${args} --config ${dir}/gateway.yaml`, { handlers, ...surroundings });
}

/** Content of every file of the store that holds data; `-shm` holds locks. */
function files(): Record<string, string> {
	const store = path.join(dir, 'store');
	const names = readdirSync(store).filter((name) => !name.endsWith('-shm'));
	return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(store, name)).toBase64()]));
}

describe('N2 explain', () => {
	it('tells that somebody may enter', async () => {
		const { code, out, err } = await run('explain --holder anna --lane L1');
		expect({ code, err }).toEqual({ code: 0, err: '' });
		expect(out).toMatch(/^Anna Peeters at North entry \(L1\), \d{4}-\d\d-\d\dT\S+[+-]\d\d:\d\d: granted\n/);
		expect(out).toContain('Next: driveThrough (driver)');
		expect(out).toMatch(/\nRULE +VERDICT +BECAUSE\n/);
		expect(out).toMatch(/\nAREA_FULL +pass\n/);
		expect(out).toMatch(/\nRules with nothing to say here: \d+; --all shows them\.\n$/);
	});

	it('tells why somebody may not, what to do, and what other systems call it', async () => {
		site.store.occupancy.adjust('A1', 10);
		const { code, out } = await run('explain --plate 1-ABC-234 --lane L1 --lang nl --all');
		expect(code, 'a refusal is an answer').toBe(0);
		expect(out).toMatch(/: refused, AREA_FULL\n {2}\S[^\n]+\n {2}Next: wait \(driver\), correctOccupancy \(operator\)/);
		expect(out).toMatch(/\n {2}Elsewhere: ONVIF Other, BACnet denied-\S+\n/);
		expect(out).toMatch(/\nAREA_FULL +fail +area A1, capacity 10, occupied 10, reserved 0\n/);
		expect(out).toMatch(/\nNO_BOOKING +notApplicable +the right needs no booking\n/);
	});

	it('prints for programs what the HTTP API answers', async () => {
		const { out } = await run('explain --tag b2 --lane L1 --at 2026-06-20T09:30+02:00 --json');
		expect(JSON.parse(out)).toMatchObject({
			at: '2026-06-20T09:30:00.000+02:00',
			laneId: 'L1',
			decision: { outcome: 'refused', headline: 'NO_RIGHT', holderId: 'bob' },
			language: 'en',
			cause: 'The holder is known but has no access right.',
			nearest: { onvif: expect.any(String), bacnet: expect.any(String) },
			nextActions: [{ action: 'makeVisitor' }, { action: 'vend' }, { action: 'callAdministrator' }],
			facts: { at: '2026-06-20T09:30:00.000+02:00', lane: { id: 'L1' } },
		});
	});

	it('sees what operators have made of the lane', async () => {
		site.store.laneModes.set('L1', {
			...{ kind: 'lockdown', ownerId: 'o1', reason: 'alarm', untilMs: null, confirmed: true },
			sinceMs: Date.now() - 1_000,
		});
		expect((await run('explain --holder anna --lane L1')).out).toContain(': refused, LOCKDOWN\n');
	});

	it('shows names that hide something as they are', async () => {
		const { out } = await run('explain --holder bob --lane L1');
		expect(out.replaceAll('\n', '')).not.toMatch(UNSAFE);
	});

	it.each([
		['explain --holder anna', /required option '--lane <id>'/],
		['explain --lane L1', /say who: --holder, --tag or --plate/],
		['explain --lane L1 --holder anna --tag A1', /cannot be used with option/],
		['explain --lane L1 --holder anna --at tomorrow', /Write a time with its offset/],
		['explain --lane L1 --holder anna --at 2026-06-20T09:30', /Write a time with its offset/],
		['explain --lane L1 --holder anna --lang de', /Allowed choices are en, fr, nl/],
		['replay', /required option '--since <time>'/],
		['replay --since yesterday', /Write a time with its offset/],
	])('%s is not understood', async (args, message) => {
		const { code, out, err } = await run(args);
		expect({ code, out }).toEqual({ code: 2, out: '' });
		expect(err).toMatch(message);
	});

	it.each([
		['explain --holder nobody --lane L1', /there is no holder nobody/],
		['explain --holder anna --lane L9', /there is no lane L9/],
		['explain --plate - --lane L1', /"-" is not a plate/],
	])('%s fails in words', async (args, message) => {
		const { code, out, err } = await run(args);
		expect({ code, out }).toEqual({ code: 1, out: '' });
		expect(err).toMatch(message);
	});

	it('fails in words where no gateway has run', async () => {
		writeFileSync(path.join(dir, 'other.yaml'), SITE_YAML.replace('dir: store', 'dir: elsewhere'));
		const handlers = { explain: siteCommands.explain };
		const { code, err } = await cli(`explain --holder anna --lane L1 --config ${dir}/other.yaml`, { handlers });
		expect(code).toBe(1);
		expect(err).toBe(`${dir}/elsewhere/site.db: no gateway has run here yet; start it, or correct store.dir\n`);
		expect(readdirSync(dir), 'and makes none').not.toContain('elsewhere');
	});
});

const ALL = 'replay --since 2026-06-16T00:00+02:00';
const SMALLER = SITE_YAML.replace('name: Deck, capacity: 10', 'name: Deck, capacity: 3');

describe('N2 replay', () => {
	it('gives every decision of the journal again', async () => {
		expect(await run(ALL)).toEqual({ code: 0, out: '4 decisions: 4 the same, 0 changed.\n', err: '' });
	});

	it('lists exactly the entries that a smaller area would have refused', async () => {
		writeFileSync(path.join(dir, 'proposed.yaml'), SMALLER);
		const { code, out, err } = await run(`${ALL} --with ${dir}/proposed.yaml`);
		expect({ code, err }, 'a proposal that changes something is no failure').toEqual({ code: 0, err: '' });
		const [summary, , titles, change, ...rest] = out.split('\n');
		expect(summary).toBe('4 decisions: 3 the same, 1 changed.');
		expect(titles).toMatch(/^TIME +LANE +SUBJECT +WAS +WOULD BE +BECAUSE +DECISION$/);
		expect(change).toMatch(/^2026-06-16T10:0\d:\S+\+02:00 +L1 +C3 +granted +refused AREA_FULL +AREA_FULL +\S+$/);
		expect(rest).toEqual(['']);
	});

	it('prints for programs what the HTTP API answers', async () => {
		writeFileSync(path.join(dir, 'proposed.yaml'), SMALLER);
		const { out } = await run(`${ALL} --with ${dir}/proposed.yaml --json`);
		expect(JSON.parse(out)).toMatchObject({
			...{ decisions: 4, identical: 3, changed: 1, redacted: 0, complete: true },
			changes: [{ at: expect.stringMatching(/\+02:00$/), subject: 'C3', after: { headline: 'AREA_FULL' } }],
		});
	});

	it('takes a time as so long ago, and ends before another', async () => {
		const newest = site.accessLog.list({}).items[0]?.atMs ?? 0;
		const until = Temporal.Instant.fromEpochMilliseconds(newest).toString();
		expect((await run(`${ALL} --until ${until}`)).out).toMatch(/^3 decisions/);
		const ahead = await run('replay --since +2h');
		expect(ahead.out.startsWith(newest > Date.now() + 7_200_000 ? '4' : '0')).toBe(true);
	});

	it('names what is wrong with a proposed configuration, and looks for none of its secrets', async () => {
		const proposed = path.join(dir, 'proposed.yaml');
		writeFileSync(proposed, SITE_YAML.replace('from: outside, to: A1,', 'from: outside, to: A9,'));
		const { code, err } = await run(`${ALL} --with ${proposed}`);
		expect(code).toBe(1);
		expect(err).toMatch(new RegExp(`^${proposed}:\\d+:\\d+: lanes\\[0\\]\\.to: found the unknown area A9,`));
		expect(err.trimEnd().split('\n')).toHaveLength(1);
	});

	it('tells a record that does not reproduce itself', async () => {
		const report: ReplayReport = {
			...{ decisions: 2, identical: 1, redacted: 0, changed: 1, earlierRules: 0 },
			changes: [
				{
					...{ result: 'changed', decisionId: 'd-1', atMs: 0, laneId: 'L1', subject: HOSTILE },
					before: { outcome: 'granted', headline: null },
					after: { outcome: 'refused', headline: 'NO_RIGHT' },
					because: ['NO_RIGHT'],
					earlierRules: false,
				},
			],
		};
		const replay: CliHandlers['replay'] = async () => ({ ...report, timeZone: 'UTC', complete: true });
		const { code, out, err } = await run('replay --since 1h', { handlers: { replay } });
		expect(code).toBe(1);
		expect(err).toMatch(/does not reproduce its own decisions/);
		expect(out.replaceAll('\n', '')).not.toMatch(UNSAFE);
	});

	it('says so when it was interrupted', async () => {
		const interrupt = new AbortController();
		interrupt.abort();
		const { code, err } = await run(ALL, { interrupt });
		expect(code).toBe(1);
		expect(err).toMatch(/^Interrupted/);
	});

	it('tells how far it is', async () => {
		const seen: number[][] = [];
		await siteCommands.replay({
			...{ configFile: path.join(dir, 'gateway.yaml'), since: { atMs: 0 }, signal: new AbortController().signal },
			onProgress: (...progress) => seen.push(progress),
		});
		expect(seen).toEqual([[4, 4]]);
	});
});

describe('beside the running gateway', () => {
	it('the commands write nothing at all', async () => {
		writeFileSync(path.join(dir, 'proposed.yaml'), SMALLER);
		const before = files();
		await run('explain --holder anna --lane L1');
		await run(`${ALL} --with ${dir}/proposed.yaml`);
		expect(files()).toEqual(before);
		expect(Object.keys(before)).toEqual(expect.arrayContaining(['site.db', 'site.db-wal']));
		await site.enter('A1');
		expect(site.accessLog.list({}).items[0], 'the lanes go on').toMatchObject({ outcome: 'granted', holderId: 'anna' });
	});
});
