import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startMosquitto } from '../support/mosquitto.ts';

/** A real Mosquitto, and behind it a central that acknowledges at once, each a process of its own. */
export async function startBroker(tenant: string) {
	const broker = await startMosquitto({ settings: 'max_queued_messages 0\nmax_inflight_messages 0' });
	const script = path.join(import.meta.dirname, 'acking-central.ts');
	const central = spawn(process.execPath, [script, broker.url, tenant], { stdio: ['ignore', 'pipe', 'inherit'] });
	await once(central.stdout, 'data');
	return {
		url: broker.url,
		async stop() {
			central.kill();
			await once(central, 'exit');
			await broker.stop();
		},
	};
}
