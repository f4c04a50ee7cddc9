import { randomUUIDv7 } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { backupCommands } from '../../../src/compose/backup-commands.ts';
import { openDirectory } from '../../../src/gateway/store/directory.ts';
import { openSiteStore, type SiteStore } from '../../../src/gateway/store/site-store.ts';
import { lockStore } from '../../../src/gateway/store/store-lock.ts';
import { SITE_YAML } from '../../support/api-site.ts';
import { aPerson, STAFF, seedDirectory } from '../../support/directory-seed.ts';
import { journalEntries } from '../../support/journal-entries.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { operatorRow } from '../../support/operators.ts';
import { tempDir } from '../../support/temp-store.ts';
import { type CliSurroundings, cli } from './fake-cli.ts';

const PICTURE = 'ab'.repeat(32);

let dir: string;
let storeDir: string;
beforeEach(async () => {
	dir = tempDir();
	storeDir = path.join(dir, 'store');
	mkdirSync(storeDir, { mode: 0o700 });
	writeFileSync(path.join(dir, 'gateway.yaml'), SITE_YAML);
	await seedDirectory(storeDir, [STAFF, ...aPerson({ id: 'anna', name: 'Anna', tag: 'EM 1' })]);
	mkdirSync(path.join(storeDir, 'evidence', 'ab'), { recursive: true });
	writeFileSync(path.join(storeDir, 'evidence', 'ab', `${PICTURE}-0.jpg`), 'a picture');
	writeFileSync(path.join(storeDir, 'gateway-key.pem'), 'secret', { mode: 0o600 });
	write(5);
});

function within<T>(work: (store: SiteStore) => T, readOnly = false): T {
	const store = openSiteStore({ dir: storeDir, nowMs: Date.now, log: createMemoryLog(), readOnly });
	try {
		return work(store);
	} finally {
		store.close();
	}
}

function write(rows: number): void {
	const entries = journalEntries(randomUUIDv7);
	within((store) => {
		for (let row = 0; row < rows; row += 1) store.journal.append(entries.next().value);
	});
}

const head = () =>
	within(
		({ journal }) => ({ epoch: journal.gatewayEpoch(), position: journal.lastPosition(), seq: journal.lastSeq() }),
		true,
	);

async function people(): Promise<readonly (string | undefined)[]> {
	const store = openSiteStore({ dir: storeDir, nowMs: Date.now, log: createMemoryLog(), readOnly: true });
	const directory = openDirectory({ dir: storeDir, store, log: createMemoryLog(), readOnly: true });
	try {
		return ['anna', 'bert'].map((id) => directory.reader.holder(id)?.name);
	} finally {
		await directory.close();
		store.close();
	}
}

function run(args: string, surroundings: CliSurroundings = {}) {
	const words = args
		.split(' ')
		.flatMap((word) => (word === 'CONFIG' ? ['--config', `${dir}/gateway.yaml`] : [word.replace('DIR', dir)]));
	return cli(words, { handlers: backupCommands('9.9.9'), ...surroundings });
}

describe('parkgate backup', () => {
	it('copies the store beside a gateway that runs on it, proves the copy, and puts it back', async () => {
		const before = head();
		using running = lockStore(storeDir);
		const made = await run('backup create --to DIR/monday CONFIG');
		expect(made).toMatchObject({ code: 0, err: '' });
		expect(made.out).toMatch(/^\S+\/monday\nsite site-1 at 20\S+Z, journal up to 5, 3 files, \d+\.\d MB\.\n$/);
		expect(readdirSync(dir)).toEqual(['gateway.yaml', 'monday', 'store']);
		expect((await run('backup verify DIR/monday')).out).toMatch(/^The backup holds: site site-1 /);
		running[Symbol.dispose]();

		write(4);
		await seedDirectory(storeDir, aPerson({ id: 'bert', name: 'Bert' }));
		writeFileSync(path.join(storeDir, 'evidence', 'ab', `${PICTURE}-0.jpg`), 'another');
		within((store) => {
			store.operators.addOperator(operatorRow({ id: 'ada', email: 'ada@acme.example', name: 'Ada' }));
		});
		expect(await people()).toEqual([undefined, 'Bert']);

		const restored = await run('backup restore DIR/monday CONFIG');
		expect(restored).toMatchObject({ code: 0, err: '' });
		expect(restored.out).toMatch(/^Restored: site site-1 [\s\S]+is kept in \S+\/replaced-\d{8}T\d{6}Z\.\n/);
		expect(await people()).toEqual(['Anna', undefined]);
		expect(readFileSync(path.join(storeDir, 'evidence', 'ab', `${PICTURE}-0.jpg`), 'utf8')).toBe('a picture');
		expect(readFileSync(path.join(storeDir, 'gateway-key.pem'), 'utf8')).toBe('secret');
		// Another history from here on, whose first row says why.
		const after = head();
		expect(after).toMatchObject({ position: before.position + 1, seq: 1 });
		expect(after.epoch).not.toBe(before.epoch);
		const [told] = within(({ journal }) => journal.after(0, 1), true);
		expect(told?.entry).toMatchObject({ type: 'audit', action: 'backupRestored' });
		expect(within(({ operators }) => operators.operatorByEmail('ada@acme.example'), true)).toBeUndefined();
		// What was replaced is whole.
		const aside = path.join(storeDir, readdirSync(storeDir).find((name) => name.startsWith('replaced-')) ?? '');
		const kept = openSiteStore({ dir: aside, nowMs: Date.now, log: createMemoryLog(), readOnly: true });
		expect(kept.journal.lastSeq()).toBe(before.seq + 4 + 1);
		kept.close();
	});

	it('says in the journal that a copy was taken', async () => {
		await run('backup create --to DIR/monday CONFIG');
		const [told] = within(({ journal }) => journal.after(5, 1), true);
		expect(told?.entry).toMatchObject({ type: 'audit', action: 'backupCreated', target: 'store', operatorId: null });
	});

	it('is for its owner only, holds no key of the machine, and leaves pictures out where asked', async () => {
		const { out } = await run('backup create --no-pictures --json CONFIG');
		const { dir: made } = JSON.parse(out);
		expect(path.dirname(made)).toBe(path.join(storeDir, 'backups'));
		expect(readdirSync(made)).toEqual([expect.stringMatching(/^directory-\d+\.db$/), 'manifest.json', 'site.db']);
		expect(statSync(made).mode & 0o077).toBe(0);
		await run(`backup restore ${made} CONFIG`);
		expect(existsSync(path.join(storeDir, 'evidence', 'ab', `${PICTURE}-0.jpg`))).toBe(true);
	});

	it('keeps as many as asked, the newest, and touches nothing else', async () => {
		const backups = path.join(storeDir, 'backups');
		for (const name of ['site-1-20200101T000000Z', 'site-1-20200102T000000Z', 'site-11-20200101T000000Z', 'mine']) {
			mkdirSync(path.join(backups, name), { recursive: true });
		}
		expect((await run('backup create --keep 2 CONFIG')).out).toContain('Older ones removed: 1.');
		expect(readdirSync(backups)).toEqual([
			...['mine', 'site-1-20200102T000000Z', expect.stringMatching(/^site-1-20[2-9]/), 'site-11-20200101T000000Z'],
		]);
	});

	it.each([
		['one bit of a database', (made: string) => flip(path.join(made, 'site.db')), /site\.db: its content was changed/],
		[
			'a picture that is missing',
			(made: string) => rmSync(path.join(made, 'evidence'), { recursive: true }),
			/jpg: it is missing/,
		],
		[
			'a file that was cut short',
			(made: string) => writeFileSync(path.join(made, 'site.db'), ''),
			/site\.db: it has 0 bytes, and had/,
		],
	])('%s is found, and nothing is restored', async (_, harm, says) => {
		await run('backup create --to DIR/monday CONFIG');
		harm(path.join(dir, 'monday'));
		const verified = await run('backup verify DIR/monday');
		expect(verified).toMatchObject({ code: 1, out: '' });
		expect(verified.err).toMatch(says);
		const before = readdirSync(storeDir);
		const restored = await run('backup restore DIR/monday CONFIG');
		expect(restored).toMatchObject({ code: 1, out: '' });
		expect(restored.err).toMatch(says);
		expect(readdirSync(storeDir)).toEqual(before);
	});

	it.each([
		['../../etc/passwd', /files\.0\.path/],
		['gateway-key.pem', /files\.0\.path/],
		['evidence/../site.db', /files\.0\.path/],
	])('a manifest that names %s is refused', async (name, says) => {
		await run('backup create --to DIR/monday CONFIG');
		const file = path.join(dir, 'monday', 'manifest.json');
		const manifest = JSON.parse(readFileSync(file, 'utf8'));
		manifest.files[0].path = name;
		writeFileSync(file, JSON.stringify(manifest));
		expect((await run('backup restore DIR/monday CONFIG')).err).toMatch(says);
	});

	it('says what stands in the way: no backup, another site’s, one that is there already, a gateway that runs', async () => {
		expect(await run('backup verify DIR/nothing')).toMatchObject({
			code: 1,
			err: expect.stringMatching(/nothing is no finished backup/),
		});
		await run('backup create --to DIR/monday CONFIG');
		expect((await run('backup create --to DIR/monday CONFIG')).err).toMatch(/monday is there already/);
		using _running = lockStore(storeDir);
		expect((await run('backup restore DIR/monday CONFIG')).err).toMatch(/another gateway runs on this store; stop it/);
		writeFileSync(path.join(dir, 'gateway.yaml'), SITE_YAML.replace('id: site-1', 'id: site-2'));
		expect((await run('backup restore DIR/monday CONFIG')).err).toMatch(
			/of site acme\/site-1, and this gateway is acme\/site-2/,
		);
	});

	it('that is interrupted leaves nothing', async () => {
		const interrupt = new AbortController();
		interrupt.abort();
		const { code, err } = await run('backup create --to DIR/monday CONFIG', { interrupt });
		expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^interrupted/) });
		expect(readdirSync(dir)).toEqual(['gateway.yaml', 'store']);
	});

	it('goes back onto a machine that has nothing yet', async () => {
		await run('backup create --to DIR/monday CONFIG');
		cpSync(path.join(dir, 'monday'), path.join(dir, 'usb'), { recursive: true });
		rmSync(storeDir, { recursive: true });
		const { code, out } = await run('backup restore DIR/usb CONFIG');
		expect(code).toBe(0);
		expect(out).not.toContain('is kept in');
		expect(await people()).toEqual(['Anna', undefined]);
	});
});

function flip(file: string): void {
	const bytes = readFileSync(file);
	const at = Math.floor(bytes.length / 2);
	bytes[at] = (bytes[at] ?? 0) ^ 1;
	writeFileSync(file, bytes);
}
