import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageType } from '../../src/sync/envelope.ts';
import { holder, plate, put } from '../support/directory-bench.ts';
import { checkLedger, effectsOf } from '../support/event-ledger.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { createSyncSite, createTestCentral, until } from '../support/sync-site.ts';

/** Messages of a first day: what the site sends and what it takes, in about the order in which they come. */
const SENT: readonly MessageType[] = [
	...(['resume', 'snapshotRequest', 'chunkRequest', 'events', 'challenge', 'commandResult'] as const),
];
const TAKEN: readonly MessageType[] = [
	...(['resumed', 'manifest', 'chunk', 'ack', 'delta', 'mutationAnswers', 'command', 'confirm'] as const),
];
const STEPS = (['before', 'after'] as const).flatMap((when) =>
	[...SENT, ...TAKEN].map((type) => [when, type] as const),
);

/** One central and one broker for all; each step has a site of its own. */
describe('Must hold: kill −9 of the gateway at every step', () => {
	let mosquitto: Mosquitto;
	let central: ReturnType<typeof createTestCentral>;
	let root: string;
	let change: NodeJS.Timeout;
	const online = new Set<string>();
	const asking = new Set<string>();

	beforeAll(async () => {
		mosquitto = await startMosquitto();
		root = mkdtempSync(join(tmpdir(), 'parkgate-steps-'));
		central = createTestCentral({ broker: { url: mosquitto.url } });
		central.change('people', [put('holders', holder('anna'))]);
		const rows = Array.from({ length: 1_200 }, (_, n) => put('credentials', plate(`c${n}`, `1P${n}`)));
		central.change('access', rows);
		central.start();
		await until('central is connected', central.connected);
		let changes = 0;
		change = setInterval(() => {
			changes += 1;
			central.change('people', [put('holders', holder('anna', { name: `Anna ${changes}` }))]);
			for (const { site, online: isOnline } of central.sites()) {
				if (!isOnline || !online.has(site) || asking.has(site)) continue;
				asking.add(site);
				const asked = { op: 'vend', target: 'L1', reason: `${site}/${changes}`, by: 'Anna' } as const;
				void central.command(site, asked).then(() => asking.delete(site));
			}
		}, 200);
	});
	afterAll(async () => {
		clearInterval(change);
		await central?.end();
		await mosquitto?.stop();
		rmSync(root, { recursive: true, force: true });
	});

	it.concurrent.each(STEPS)(
		'%s a message of type %s: nothing is lost, nothing doubled, nothing opens twice',
		async (when, type) => {
			const name = `${when}-${type.toLowerCase()}`;
			const dir = join(root, name);
			mkdirSync(dir);
			online.add(name);
			const child = fork(
				join(import.meta.dirname, '../support/killed-at-step.ts'),
				[dir, mosquitto.url, name, when, type],
				{
					stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
				},
			);
			const [, signal] = await once(child, 'exit');
			expect(signal).toBe('SIGKILL');
			online.delete(name);

			const opened: string[] = [];
			const site = createSyncSite({
				...{ broker: { url: mosquitto.url }, dir, site: name },
				lanes: {
					get: (id) => (id === 'L1' ? ({ id } as never) : undefined),
					async vend({ reason }) {
						opened.push(reason ?? '');
						return { result: 'opened', vendId: 'v1' };
					},
					changeMode: async () => ({ result: 'refused', because: 'noHoldOutput' }),
				},
			});
			try {
				site.sync.start();
				await until('all acknowledged', () => site.outbox.waiting() === 0 && !site.store.localEdits.any(), 150_000);
				await until('central’s rows', () => site.directory.reader.credentialById('c1199') !== undefined, 150_000);
				expect(checkLedger(site.outbox, central, name)).toEqual([]);
				const effects = new Set(effectsOf(central, name));
				expect(linesOf(dir, 'committed').filter((id) => !effects.has(id))).toEqual([]);
				const acted = [...linesOf(dir, 'acted'), ...opened];
				expect(new Set(acted).size).toBe(acted.length);
				expect(opened).toEqual([]);
				expect(site.store.remoteCommands.unfinished()).toEqual([]);
				await until('told', () => site.store.remoteCommands.untold(10).length === 0);
			} finally {
				await site.end();
			}
		},
		400_000,
	);
});

function linesOf(dir: string, file: string): readonly string[] {
	const path = join(dir, file);
	return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}
