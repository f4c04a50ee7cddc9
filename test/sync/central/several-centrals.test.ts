import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClockScope } from '../../../src/gateway/core/clock-scope.ts';
import { createSeededRandom } from '../../../src/gateway/core/seeded-random.ts';
import { type Central, createCentral } from '../../../src/sync/central/central.ts';
import type { Message } from '../../../src/sync/envelope.ts';
import { decodeMessage } from '../../../src/sync/message-codec.ts';
import { centralTopic, streamTopic } from '../../../src/sync/topics.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { createSimulatedBroker } from '../../support/simulated-broker.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const holder = (id: string) => ({ id, kind: 'person', name: `Name ${id}`, email: null, status: 'active' });
const put = (id: string) => ({ op: 'put' as const, table: 'holders' as const, key: id, row: holder(id) });

/** Two centrals on one database and one broker, and somebody who hears what all sites hear. */
function createTwoCentrals(dir: string) {
	const clock = createVirtualClock();
	const wire = createSimulatedBroker(clock, createSeededRandom(1));
	// In order, as a broker delivers.
	wire.setFaults({ drop: 0, duplicate: 0, maxDelayMs: 1 });
	const heard: Message[] = [];
	const topics = [centralTopic('acme'), streamTopic('acme', 'people', 'head'), streamTopic('acme', 'people', 'delta')];
	wire.openLink(
		{
			broker: { url: 'mqtt://simulated' },
			clientId: 'observer',
			will: { topic: 'observer/gone', payload: new Uint8Array(), contentType: '', qos: 0, retain: false },
			...{ willDelayS: 0, sessionExpiryS: 0 },
			subscriptions: () => topics,
		},
		{
			onUp: () => undefined,
			onDown: () => undefined,
			onMessage({ topic, payload, contentType }) {
				const decoded = decodeMessage(topic, payload, contentType);
				if (decoded.ok) heard.push(decoded.message);
			},
		},
	);
	let ids = 0;
	function start(name: string) {
		const scope = createClockScope(clock);
		const central = createCentral({
			...{ dir, tenant: 'acme', clock: scope.clock, log: createMemoryLog(), openLink: wire.openLink },
			broker: () => ({ url: 'mqtt://simulated' }),
			newId: () => {
				ids += 1;
				return `${name}-${ids}`;
			},
			random: () => 0,
		});
		central.start();
		return { central, end: scope.end };
	}
	const words = () =>
		heard.splice(0).map(({ type, body }) => {
			if (type === 'centralState') return body.state;
			if (type === 'delta') return `${body.from} to ${body.to}`;
			return type === 'head' ? `head ${body.rev}` : type;
		});
	return { clock, wire, start, words };
}

describe('several centrals on one database (N11)', () => {
	let dir: string;
	let running: Central[];
	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), 'parkgate-several-'));
		running = [];
	});
	afterEach(async () => {
		for (const central of running) await central.stop();
		rmSync(dir, { recursive: true, force: true });
	});

	it('speak with one voice: each change is told once and in order, whichever made it', async () => {
		const { clock, start, words } = createTwoCentrals(dir);
		const [a, b] = [start('a').central, start('b').central];
		running.push(a, b);
		await clock.advanceAsync(1_000);
		expect([a.view.status().leads, b.view.status().leads]).toEqual([true, false]);
		expect(words()).toEqual(['online', 'head 0']);
		b.change('people', [put('h1'), put('h2')]);
		a.change('people', [put('h3')]);
		await clock.advanceAsync(1_000);
		b.change('people', [put('h4')]);
		await clock.advanceAsync(1_000);
		expect(words()).toEqual(['0 to 3', 'head 3', '3 to 4', 'head 4']);
		expect(a.heads()).toEqual(b.heads());
	});

	it('go on when the one that leads is cut off or stops: the other says that central is there', async () => {
		const { clock, wire, start, words } = createTwoCentrals(dir);
		const first = start('a');
		const b = start('b').central;
		running.push(b);
		await clock.advanceAsync(1_000);
		words();
		// Killed: only the broker says so.
		first.end();
		wire.cut('parkgate-central-acme-a');
		await clock.advanceAsync(500);
		expect(b.view.status().leads).toBe(true);
		expect(words()).toEqual(['offline', 'online', 'head 0']);
		await first.central.stop();
		const again = start('c').central;
		await clock.advanceAsync(1_000);
		expect(words()).toEqual([]);
		await b.stop();
		running.splice(0, 1, again);
		await clock.advanceAsync(3_000);
		expect(again.view.status().leads).toBe(true);
		expect(words()).toEqual(['offline', 'online', 'head 0']);
	});

	it('leave sites alone when one that does not lead comes and goes', async () => {
		const { clock, wire, start, words } = createTwoCentrals(dir);
		const a = start('a').central;
		running.push(a);
		await clock.advanceAsync(1_000);
		words();
		const b = start('b');
		await clock.advanceAsync(1_000);
		await b.central.stop();
		await clock.advanceAsync(1_000);
		expect(words()).toEqual([]);
		const c = start('c');
		await clock.advanceAsync(1_000);
		c.end();
		wire.cut('parkgate-central-acme-c');
		await clock.advanceAsync(1_000);
		// Its will is the broker's word; the one that leads takes it back at once.
		expect(words()).toEqual(['offline', 'online']);
		await c.central.stop();
	});
});
