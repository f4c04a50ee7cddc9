import type { ImportMapping } from '../../src/gateway/services/imports/import-mappings.ts';
import { importState } from '../../src/gateway/services/imports/import-states.ts';
import type { Import, Imports } from '../../src/gateway/services/imports/imports.ts';

/** One import of nothing, which does whatever it is asked: for tests of who may ask. */
export function createMemoryImports(id: string): Imports {
	const kept: Import = {
		...{ id, kind: 'people', fileName: 'people.csv', operatorId: null, createdAtMs: 0 },
		...{ state: importState('previewed', 0), preview: null },
	};
	const done = { result: 'done', import: kept } as const;
	const mapping: ImportMapping = {
		...{ id, kind: 'people', name: 'HR', columns: [{ column: 'Name', field: 'name' }], emptyCells: 'keep' },
		...{ version: 1, changedAtMs: 0, operatorId: null },
	};
	return {
		mappings: {
			list: () => [mapping],
			get: (asked) => (asked === id ? mapping : undefined),
			find: () => mapping,
			fitting: () => [mapping],
			add: () => ({ result: 'done', mapping }),
			update: () => ({ result: 'done', mapping }),
			remove: () => true,
		},
		read: async () => kept,
		start: async () => kept,
		readAgain: async () => done,
		startAgain: () => done,
		get: (asked) => (asked === id ? kept : undefined),
		list: () => [kept],
		changes: () => [],
		apply: () => done,
		undo: () => done,
		discard: () => done,
		forgetRows: () => true,
		endOld: () => 0,
		settled: async () => undefined,
		stop: async () => undefined,
	};
}
