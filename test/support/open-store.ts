import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createMemoryLog } from './memory-log.ts';

// Run as a program: DIR. Prints how opening the store and writing to it ends for a user without any rights.
const [dir = ''] = process.argv.slice(2);
if (process.getuid?.() === 0) {
	process.setgroups?.([]);
	process.setgid?.(65_534);
	process.setuid?.(65_534);
}
try {
	const store = openSiteStore({ dir, nowMs: Date.now, log: createMemoryLog() });
	store.settings.set('written', 'yes');
	process.stdout.write('written');
} catch (error) {
	process.stdout.write(error instanceof GatewayError ? `${error.code} ${error.message}` : String(error));
}
