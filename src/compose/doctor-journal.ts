import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DoctorCheck } from '../api/cli/handlers.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import { freeBytes } from '../gateway/store/free-bytes.ts';
import { openSiteStore, SITE_FILE } from '../gateway/store/site-store.ts';
import { createLog } from '../log.ts';

/** Whether decisions have room for weeks without central. */
export function diskCheck(dir: string): readonly DoctorCheck[] {
	if (!existsSync(dir)) return [];
	const free = freeBytes(dir);
	const found = `${Math.floor(free / 1_000_000)} MB free`;
	if (free >= LIMITS.diskForTelemetryBytes) return [{ name: 'disk', result: 'ok', found }];
	return [
		{ name: 'disk', result: 'warning', found, fix: 'Free space: states of devices, then edits, are no longer kept.' },
	];
}

/** What waits for central, and what central could not use; read beside the running gateway. */
export function journalChecks(dir: string, hasCentral: boolean): readonly DoctorCheck[] {
	if (!hasCentral || !existsSync(path.join(dir, SITE_FILE))) return [];
	const log = createLog({ level: 'error', format: 'text', write: () => undefined });
	try {
		const store = openSiteStore({ dir, nowMs: Date.now, log, readOnly: true });
		try {
			const { journal, deadLetters } = store;
			const waiting = journal.lastPosition() - journal.acknowledgedPosition();
			return [
				{ name: 'events', result: 'ok', found: `${waiting} wait for central` },
				deadLetterCheck(deadLetters.count()),
			];
		} finally {
			store.close();
		}
	} catch (error) {
		// Its schema is of another version, or the account may not read it: the other checks say what is wrong.
		if (!(error instanceof GatewayError)) throw error;
		return [
			{ name: 'events', result: 'warning', found: error.message, fix: 'Start the gateway once with this version.' },
		];
	}
}

function deadLetterCheck(count: number): DoctorCheck {
	const name = 'dead letters';
	if (count === 0) return { name, result: 'ok', found: 'none' };
	const fix = 'See the Sync page for which and why; they are kept in the journal. Tell whoever runs central.';
	return { name, result: 'warning', found: `central could not use ${count} events`, fix };
}
