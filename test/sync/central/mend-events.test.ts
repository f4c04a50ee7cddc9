import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mendEvents } from '../../../src/sync/central/mend-events.ts';
import { type Message, PROTOCOL_VERSION } from '../../../src/sync/envelope.ts';
import { decodeMessage } from '../../../src/sync/message-codec.ts';
import { siteTopic } from '../../../src/sync/topics.ts';

const event = (seq: number, change: object = {}) => ({
	...{ specversion: '1.0', source: '/s', type: 'parkgate.device', id: `e${seq}`, seq, data: {} },
	...change,
});

function decode(events: unknown) {
	const head = { v: PROTOCOL_VERSION, type: 'events', id: 'm', site: 'site-1', gatewayEpoch: 'g', link: 'l' };
	const message = { ...head, ts: 0, clock: 'synced', body: { before: 'a', after: 'b', events } };
	const payload = Buffer.from(JSON.stringify(message));
	return decodeMessage(siteTopic('acme', 'site-1', 'up/events'), payload, 'application/json', mendEvents);
}

function typesOf(message: Message): string[] {
	return message.type === 'events' ? message.body.events.map(({ type }) => type) : [];
}

describe('a batch with events that can not be read', () => {
	it('is read with stand-ins in their places, so that those behind them are not held up', () => {
		const decoded = decode([event(1), event(2, { id: 'x'.repeat(65) }), event(3, { time: 'yesterday' }), event(4)]);
		expect(decoded.ok && typesOf(decoded.message)).toEqual([
			'parkgate.device',
			'parkgate.malformed',
			'parkgate.malformed',
			'parkgate.device',
		]);
		expect(decoded.ok && decoded.message).toMatchObject({
			body: { events: [{}, { seq: 2, data: { problem: expect.stringMatching(/^id: /) } }, {}, {}] },
		});
	});

	it('is read with a stand-in for one that is nested too deep to be written', () => {
		const deep = Array.from({ length: 40 }).reduce<object>((inner) => [inner], {});
		const decoded = decode([event(1), event(2, { data: { deep } }), event(3)]);
		expect(decoded.ok && typesOf(decoded.message)).toEqual([
			'parkgate.device',
			'parkgate.malformed',
			'parkgate.device',
		]);
	});

	it.each([
		['an event without a place', [event(1), { ...event(2), seq: undefined }]],
		['an event that is none', [event(1), 'text']],
		['no events', []],
		['a thousand events', Array.from({ length: 1_000 }, (_, n) => event(n + 1))],
		['no list', { 0: event(1) }],
	])('is refused with a reason when it is %s', (_, events) => {
		expect(decode(events)).toMatchObject({ ok: false, reason: 'malformed' });
	});

	it('whatever stands in it, it is read or refused, and never throws', () => {
		const hostile = fc.oneof(fc.anything(), fc.record({ seq: fc.nat(), data: fc.anything(), id: fc.anything() }));
		fc.assert(
			fc.property(fc.array(hostile, { maxLength: 5 }), (events) => {
				try {
					JSON.stringify(events);
				} catch {
					return;
				}
				const decoded = decode(events);
				if (!decoded.ok) expect(decoded.reason).toBe('malformed');
				else if (decoded.message.type === 'events') expect(decoded.message.body.events).toHaveLength(events.length);
			}),
		);
	});
});
