import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSiteStore, SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { createWalKeeper, type WalKeeper } from '../../../src/gateway/store/site-wal.ts';
import { createSystemClock } from '../../../src/system-clock.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/program.ts';
import { tempDir } from '../../support/temp-store.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const BACKSTOP_PAGES = 20_000;
/** Some 80 pages of 512 bytes, all of them other than those before. */
const textOf = (n: number) => String.fromCharCode(97 + (n % 26)).repeat(40_000);

describe('the WAL of site.db', () => {
	function openKept() {
		const clock = createSystemClock();
		let keeper: WalKeeper | undefined;
		const dir = tempDir();
		const store = openSiteStore({
			...{ dir, nowMs: clock.nowMs, log: createMemoryLog(), walBackstopPages: BACKSTOP_PAGES },
			commitTimer: { monotonicMs: clock.monotonicMs, onCommit: () => keeper?.committed() },
		});
		onTestFinished(() => store.close());
		const failed: unknown[] = [];
		const keep = () => {
			const kept = createWalKeeper({ store, clock, onFailed: (error) => failed.push(error) });
			onTestFinished(() => kept.close());
			keeper = kept;
			return kept;
		};
		const walBytes = () => statSync(path.join(dir, `${SITE_FILE}-wal`)).size;
		const write = (commits: number) => {
			for (let n = 0; n < commits; n += 1) store.settings.set('test', textOf(n));
		};
		return { store, keep, failed, walBytes, write };
	}

	it('is copied back beside the commits, and begins anew', async () => {
		const { store, keep, failed, write } = openKept();
		keep();
		write(80);
		expect(store.walPages()).toMatchObject({ copied: 0 });
		expect(store.walPages().written).toBeGreaterThan(4_000);
		await until(() => {
			const { written, copied } = store.walPages();
			expect(copied).toBe(written);
		});
		write(1);
		expect(store.walPages().written).toBeLessThan(400);
		expect(store.settings.get('test')).toBe(textOf(0));
		expect(failed).toEqual([]);
	});

	it('is left alone while it is short, and when its keeper has closed', async () => {
		const { store, keep, write } = openKept();
		const keeper = keep();
		write(10);
		await keeper.close();
		write(80);
		await new Promise((resolve) => setTimeout(resolve, 150));
		expect(store.walPages().copied).toBe(0);
	});

	it('is copied back by a commit where nobody else comes to it', () => {
		const { store, walBytes, write } = openKept();
		write((2 * BACKSTOP_PAGES) / 80);
		expect(store.walPages().written).toBeLessThan(BACKSTOP_PAGES);
		expect(walBytes()).toBeLessThan(1.1 * BACKSTOP_PAGES * 536);
	});

	it('that can not be copied back is told of, and tried again a minute later, not at each commit', async () => {
		const clock = createVirtualClock();
		const failed: unknown[] = [];
		const keeper = createWalKeeper({
			store: { dir: path.join(tempDir(), 'gone'), walPages: () => ({ written: BACKSTOP_PAGES, copied: 0 }) },
			...{ clock, onFailed: (error) => failed.push(error) },
		});
		onTestFinished(() => keeper.close());
		for (const times of [1, 2]) {
			keeper.committed();
			clock.advance(60_000);
			await until(() => expect(failed).toHaveLength(times));
			for (let commits = 0; commits < 5; commits += 1) {
				keeper.committed();
				clock.advance(10_000);
			}
			expect(failed).toHaveLength(times);
		}
	});
});
