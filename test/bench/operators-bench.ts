import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createOperators } from '../../src/gateway/services/operators.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { operatorRow } from '../support/operators.ts';
import { quietLog } from './quiet-log.ts';

/** A directory for a store of many operators, which goes when the part has ended. */
export async function withOperators<T>(part: string, work: (dir: string) => T | Promise<T>): Promise<T> {
	const dir = mkdtempSync(path.join(tmpdir(), `parkgate-bench-${part}-`));
	try {
		return await work(dir);
	} finally {
		rmSync(dir, { recursive: true });
	}
}

export function openOperators(dir: string) {
	const clock = createSystemClock();
	const store = openSiteStore({ dir, nowMs: clock.nowMs, log: quietLog });
	const operators = createOperators({
		...{ store, clock, log: quietLog, newId: randomUUID, journalGrew: () => undefined },
	});
	return { store, operators };
}

/** @param count a multiple of 1,000: so many are added in a transaction */
export function addOperators({ store }: Pick<ReturnType<typeof openOperators>, 'store'>, count: number): void {
	for (let from = 0; from < count; from += 1_000)
		store.transaction(() => {
			for (let n = from; n < from + 1_000; n += 1)
				store.operators.addOperator(
					operatorRow({ id: `op-${n}`, email: `person${n}@acme.example`, name: `Person ${n % 997} ${n}` }),
				);
		});
}
