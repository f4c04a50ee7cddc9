import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DoctorCheck } from '../api/cli/handlers.ts';
import type { EvidenceSettings } from '../gateway/core/evidence.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import { freeBytes } from '../gateway/store/free-bytes.ts';
import { openSiteStore, SITE_FILE } from '../gateway/store/site-store.ts';
import { createLog } from '../log.ts';

/** How many pictures are kept, and whether the disk leaves them room; read beside the running gateway. */
export function evidenceChecks(dir: string, { maxBytes, maxImages }: EvidenceSettings): readonly DoctorCheck[] {
	const name = 'pictures';
	if (maxBytes === 0 || maxImages === 0) return [{ name, result: 'ok', found: 'none are kept (evidence)' }];
	if (!existsSync(path.join(dir, SITE_FILE))) return [];
	const log = createLog({ level: 'error', format: 'text', write: () => undefined });
	try {
		const store = openSiteStore({ dir, nowMs: Date.now, log, readOnly: true });
		try {
			const { images, bytes } = store.evidence.usage();
			const found = `${images} of ${maxImages}, ${megabytes(bytes)} of ${megabytes(maxBytes)} MB`;
			if (freeBytes(dir) >= LIMITS.diskForEvidenceBytes) return [{ name, result: 'ok', found }];
			return [{ name, result: 'warning', found, fix: 'Free space: the oldest pictures give way to decisions.' }];
		} finally {
			store.close();
		}
	} catch (error) {
		// Its schema is of another version, or the account may not read it: the other checks say what is wrong.
		if (!(error instanceof GatewayError)) throw error;
		return [{ name, result: 'warning', found: error.message, fix: 'Run it as the user that runs parkgate.' }];
	}
}

function megabytes(bytes: number): number {
	return Math.round(bytes / 1_000_000);
}
