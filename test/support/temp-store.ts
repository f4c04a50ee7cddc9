import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openSiteStore, type SiteStore } from '../../src/gateway/store/site-store.ts';
import { TUESDAY_10H } from './access-facts.ts';
import { createMemoryLog } from './memory-log.ts';

/** A directory of its own, gone with the test. */
export function tempDir(): string {
	const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-store-'));
	onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
	return dir;
}

/** Closed with the test at the latest. */
export function openTempStore(dir: string = tempDir(), nowMs: () => number = () => TUESDAY_10H): SiteStore {
	const store = openSiteStore({ dir, nowMs, log: createMemoryLog() });
	onTestFinished(() => store.close());
	return store;
}
