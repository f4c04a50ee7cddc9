import { randomUUIDv7 } from 'node:crypto';
import { createCentral } from '../../src/sync/central/central.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { quietLog } from './quiet-log.ts';

// node storing-central.ts BROKER_URL TENANT DIR: the reference central, which checks and stores every event before it acknowledges.
const [url = '', tenant = '', dir = ''] = process.argv.slice(2);
const clock = createSystemClock();
const central = createCentral({
	...{ dir, tenant, clock, log: quietLog, newId: randomUUIDv7, random: Math.random },
	broker: () => ({ url }),
	openLink: createMqttLinks(clock),
});
central.start();
const look = setInterval(() => {
	if (!central.connected()) return;
	clearInterval(look);
	console.log('ready');
}, 10);
process.on('SIGTERM', () => {
	void central.stop().then(() => process.exit());
});
