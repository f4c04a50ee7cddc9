import { argon2Sync } from 'node:crypto';
import { constants, getPriority, setPriority } from 'node:os';
import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import { serveThread } from '../../store/thread-server.ts';
import type { DeriveAsk, PasswordCommands } from './password-thread.ts';

/**
 * Decisions come first. Only Linux gives each thread a priority of its own (setpriority(2)); elsewhere it would be the gateway's.
 * A tenth of a share and no less: on a machine that others keep busy nobody could sign in to see why.
 */
function giveWay(): void {
	if (process.platform !== 'linux') return;
	// Nobody but root takes a priority back that was given away.
	setPriority(0, Math.max(getPriority(0), constants.priority.PRIORITY_BELOW_NORMAL));
}

function derive({ memoryKib: memory, lanes: parallelism, tagBytes: tagLength, ...ask }: DeriveAsk): Uint8Array {
	return argon2Sync('argon2id', { ...ask, memory, parallelism, tagLength });
}

if (parentPort !== null) {
	giveWay();
	serveThread<PasswordCommands>(parentPort, { derive, close: () => null });
}
