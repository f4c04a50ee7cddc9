import { expect, test } from 'vitest';
import { osdpConfig } from '../../../src/drivers/osdp/config.ts';
import { KEY } from './osdp-bench.ts';

const READER = { id: 'reader-1', driver: 'osdp', port: '/dev/serial/by-id/usb-1', address: 5 };

test('a reader needs id, port and address; the rest has defaults', () => {
	expect(osdpConfig.parse(READER)).toEqual({
		...READER,
		baud: 9600,
		onDowngrade: 'refuse',
		check: 'auto',
		cards: [],
		mark: true,
		pollMs: 50,
		feedback: { led: true, buzzer: true },
		display: {},
		keypad: {},
		outputs: {},
		inputs: {},
	});
});

test.each([
	['an address beyond 126', { address: 127 }],
	['an odd baud rate', { baud: 1200 }],
	['a key that is not 32 hex digits', { key: 'secret' }],
	['an unknown card format', { cards: ['H1'] }],
	['two inputs of one number', { inputs: { arming: 0, door: 0 } }],
	['a former key without the one to give', { formerKey: KEY }],
	['a former key that is the key', { key: KEY, formerKey: KEY.toUpperCase() }],
	['a text with accents', { display: { granted: 'Entr\u00e9e' } }],
	['a text longer than a display', { display: { granted: 'x'.repeat(33) } }],
	['a PIN of three digits', { keypad: { digits: 3 } }],
	['an unknown field', { adress: 5 }],
])('%s is refused', (_what, wrong) => {
	expect(osdpConfig.safeParse({ ...READER, ...wrong }).success).toBe(false);
});

test('a key may be written in either case', () => {
	expect(osdpConfig.safeParse({ ...READER, key: KEY.toUpperCase() }).success).toBe(true);
});
