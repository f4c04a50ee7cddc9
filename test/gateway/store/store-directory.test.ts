import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeStoreDir } from '../../../src/gateway/store/open-database.ts';

test('a store where no directory can be made is refused, not tried for ever', () => {
	expect(() => makeStoreDir('/proc/parkgate/store')).toThrow(/\/proc\/parkgate\/store/);
});

test('a store’s directory is made with those above it, for its owner only', () => {
	const base = mkdtempSync(path.join(tmpdir(), 'parkgate-'));
	const dir = path.join(base, 'a', 'b');
	makeStoreDir(dir);
	makeStoreDir(dir);
	expect(statSync(dir).mode & 0o777).toBe(0o700);
	rmSync(base, { recursive: true });
});
