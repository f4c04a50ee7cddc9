import { describe, expect, it } from 'vitest';
import { DIRECTORY_TABLES } from '../../../src/gateway/core/directory.ts';

const CREDENTIAL = { id: 'c', holderId: 'h', kind: 'tag', value: 'A1', label: null, state: 'active' };
const RIGHT = { id: 'r', holderId: 'h', specificationId: 's', state: 'active' };

describe('a row of central', () => {
	it.each([
		['credential', DIRECTORY_TABLES.credentials.row, CREDENTIAL],
		['right', DIRECTORY_TABLES.assignedRights.row, RIGHT],
	])('with a moment that no calendar can name is no %s: pages could not show it', (_name, schema, row) => {
		const valid = (validToMs: number | null) => schema.safeParse({ ...row, validFromMs: null, validToMs }).success;
		expect([valid(null), valid(8.64e15), valid(8.64e15 + 1), valid(Number.MAX_SAFE_INTEGER)]).toEqual([
			...[true, true, false, false],
		]);
	});
});
