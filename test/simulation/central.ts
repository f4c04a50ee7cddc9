import { STREAMS, type StreamName } from '../../src/gateway/core/directory.ts';
import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import type { Log } from '../../src/gateway/core/log.ts';
import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import type { GatewayLife } from './gateway-life.ts';
import type { CentralRow } from './people.ts';

/** What central has, and what of it the site was given. */
export interface Central {
	/** @returns false while there is no gateway that takes it */
	applyOps(stream: StreamName, ops: readonly DirectoryOp[]): boolean;
	applyRows(rows: readonly CentralRow[]): void;
	/** Sends everything anew; the clock stands still while the directory's thread writes it. */
	snapshot(): Promise<void>;
	row(table: string, id: string): Readonly<Record<string, unknown>> | undefined;
}

const EPOCH = 'central-1';

/** @param deps.life the gateway, when it syncs */
export function createCentral(deps: {
	readonly life: () => GatewayLife | undefined;
	readonly nowMs: () => number;
	readonly log: Log;
}): Central {
	const revs = new Map<StreamName, number>();
	const rows = new Map<string, { readonly table: string; readonly row: unknown }>();
	const streamOf = (table: string): StreamName => (table === 'holders' ? 'people' : 'access');

	function applyOps(stream: StreamName, ops: readonly DirectoryOp[]): boolean {
		const life = deps.life();
		if (life === undefined) return false;
		const from = revs.get(stream) ?? 0;
		const answer = life.applyDelta({ stream, centralEpoch: EPOCH, from, to: from + 1, ops });
		for (const { table, key, row } of ops) rows.set(`${table}/${key}`, { table, row });
		if (answer.result !== 'applied') throw new Error(`a change of ${stream} was not applied: ${answer.result}`);
		revs.set(stream, from + 1);
		return true;
	}

	return {
		applyOps,
		applyRows(given) {
			for (const stream of ['people', 'access'] as const) {
				const own = given.filter(({ table }) => streamOf(table) === stream);
				applyOps(
					stream,
					own.map(({ table, ...row }) => ({ op: 'put', table, key: row.id, row })),
				);
			}
		},
		async snapshot() {
			const life = deps.life();
			if (life === undefined) return;
			const updates = createDirectoryUpdates({ directory: life.directory, nowMs: deps.nowMs, log: deps.log });
			for (const stream of STREAMS) {
				const mine = [...rows.values()].filter(({ table }) => streamOf(table) === stream);
				const rev = (revs.get(stream) ?? 0) + 1;
				await updates.beginSnapshot({ stream, centralEpoch: EPOCH, rev, rows: mine.length });
				await updates.pushRows(mine.map(({ table, row }) => ({ table, row })));
				const answer = await updates.finishSnapshot();
				if (answer.result !== 'live') throw new Error(`the snapshot was refused: ${answer.problem}`);
				revs.set(stream, rev);
			}
		},
		row: (table, id) => rows.get(`${table}/${id}`)?.row as Readonly<Record<string, unknown>> | undefined,
	};
}
