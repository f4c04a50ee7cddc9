import { expect, test } from 'vitest';
import { evidenceChecks } from '../../src/compose/doctor-evidence.ts';
import { DEFAULT_EVIDENCE } from '../../src/gateway/core/evidence.ts';
import { openTempStore, tempDir } from '../support/temp-store.ts';

test('I15: doctor tells how many pictures are kept, none where none are to be, nothing before the first start', () => {
	const dir = tempDir();
	expect(evidenceChecks(dir, DEFAULT_EVIDENCE)).toEqual([]);
	const store = openTempStore(dir);
	const picture = { contentType: 'image/jpeg', widthPx: 1, heightPx: 1, bytes: 3_000_000, storedAtMs: 1 } as const;
	store.evidence.add({ ...picture, id: 'a'.repeat(64), sha256: 'b'.repeat(64) });
	expect(evidenceChecks(dir, DEFAULT_EVIDENCE)).toMatchObject([
		{ name: 'pictures', found: '1 of 50000, 3 of 4295 MB' },
	]);
	expect(evidenceChecks(dir, { maxBytes: 0, maxImages: 1 })).toMatchObject([
		{ result: 'ok', found: 'none are kept (evidence)' },
	]);
});
