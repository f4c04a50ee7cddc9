import { describe, expect, it } from 'vitest';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { parse, problemsOf } from './site-yaml.ts';

const driverSchemas = new Map(createDriverRegistry().drivers.map(({ kind, config }) => [kind, config]));
const HEAD = `site: { id: site-1, tenant: acme, name: North, timeZone: Europe/Brussels }
store: { dir: store }
parks: [{ id: P1, areas: [{ id: A1, capacity: 80 }] }]
devices:
`;
const LANES = `lanes:
  - id: L1
    kind: exit
    from: A1
    to: outside
    barrier: relay-1
    loops: { arming: inputs-1.a, safety: inputs-1.b }
    position: { closed: inputs-1.c }
`;
const RELAY = 'id: relay-1, driver: serial-relay, port: /dev/serial/by-id/a, board: lcus, outputs: { open: 1 }';
const COIL = 'id: relay-1, driver: modbus-relay, port: /dev/serial/by-id/a, pulseMode: coil, outputs: { open: 1 }';
const HID = 'id: relay-1, driver: hid-relay, port: "hid:by-path/usb-0000:00:14.0-2/input0", outputs: { open: 1 }';
const INPUTS = 'id: inputs-1, driver: modbus-relay, port: /dev/serial/by-id/b, inputs: { a: 1, b: 2, c: 3 }';

const fileOf = (...devices: string[]) => `${HEAD}${devices.map((device) => `  - { ${device} }\n`).join('')}${LANES}`;
const changed = (device: string, piece: string, replacement: string) => {
	if (!device.includes(piece)) throw new Error(`no ${piece}`);
	return fileOf(device.replace(piece, replacement), INPUTS);
};

describe('relay boards and inputs in gateway.yaml', () => {
	it.each([RELAY, COIL, HID])('serve one lane from several boards: %s', (relay) => {
		const text = fileOf(relay, INPUTS);
		expect(problemsOf(text, { driverSchemas })).toEqual([]);
		const parsed = parse(text, { driverSchemas });
		expect(parsed.result === 'valid' && parsed.config.site.lanes[0]).toMatchObject({
			barrier: { deviceId: 'relay-1', output: 'open' },
			loops: { arming: { deviceId: 'inputs-1', input: 'a' }, safety: { deviceId: 'inputs-1', input: 'b' } },
			position: { closed: { deviceId: 'inputs-1', input: 'c' } },
			rules: { travelMs: 16_000, stuckLoopMs: 900_000 },
		});
	});

	const MISTAKES: readonly (readonly [title: string, text: string, problem: RegExp])[] = [
		['another board', changed(RELAY, 'lcus', 'lcas'), /^gateway\.yaml:5:76: devices\[0\]\.board: found "lcas", .*lcus/],
		['no board', changed(RELAY, 'board: lcus, ', ''), /^gateway\.yaml:5:\d+: devices\[0\]\.board: found nothing/],
		[
			'more relays than channels',
			changed(RELAY, 'open: 1', 'open: 2'),
			/^gateway\.yaml:5:\d+: devices\[0\]\.channels: .*highest channel/,
		],
		[
			'two names for one relay',
			changed(RELAY, 'open: 1', 'open: 1, hold: 1'),
			/^gateway\.yaml:5:\d+: devices\[0\]\.outputs: .*channel of its own/,
		],
		[
			'inputs that it has not',
			changed(RELAY, 'outputs:', 'inputs: { arming: 1 }, outputs:'),
			/^gateway\.yaml:5:\d+: devices\[0\]\.inputs: found an unknown key/,
		],
		[
			'a guard that is none',
			changed(RELAY, 'board:', 'guard: yes, board:'),
			/^gateway\.yaml:5:\d+: devices\[0\]\.guard: .*required/,
		],
		[
			'a guard over TCP',
			changed(RELAY, '/dev/serial/by-id/a', 'tcp://10.0.0.9:4001'),
			/^gateway\.yaml:5:\d+: devices\[0\]\.guard: .*over TCP/,
		],
		[
			'a guard over TCP for coils',
			changed(COIL, '/dev/serial/by-id/a', 'tcp://10.0.0.9:4001'),
			/^gateway\.yaml:5:\d+: devices\[0\]\.guard: .*over TCP/,
		],
		[
			'two boards without addresses on one port',
			fileOf(RELAY, RELAY.replace('relay-1', 'relay-2'), INPUTS),
			/^gateway\.yaml:6:\d+: devices\[1\]\.port: found the port of relay-1, expected a port of its own/,
		],
		[
			'a pulse by value without the value',
			changed(COIL, 'pulseMode: coil', 'pulseMode: value'),
			/^gateway\.yaml:5:\d+: devices\[0\]\.pulseValue: .*pulseValue/,
		],
		[
			'flash of registers',
			changed(COIL, 'pulseMode: coil', 'writeFunction: 6'),
			/^gateway\.yaml:5:\d+: devices\[0\]\.pulseMode: .*coils/,
		],
		[
			'a serial of four characters',
			changed(HID, 'outputs:', 'serial: BITF, outputs:'),
			/^gateway\.yaml:5:\d+: devices\[0\]\.serial: .*five characters/,
		],
		[
			'an input that no board has',
			fileOf(RELAY, INPUTS.replace('c: 3', 'd: 3')),
			/^gateway\.yaml:14:\d+: lanes\[0\]\.position\.closed: found the input c, which inputs-1 has not/,
		],
		[
			'a travel of no time',
			`${fileOf(RELAY, INPUTS)}    travelMs: 10\n`,
			/^gateway\.yaml:15:15: lanes\[0\]\.travelMs: found 10, expected at least 1000/,
		],
		[
			'a stuck loop after no number',
			`${fileOf(RELAY, INPUTS)}    stuckLoopMs: never\n`,
			/^gateway\.yaml:15:18: lanes\[0\]\.stuckLoopMs: found "never", expected a number/,
		],
	];
	it.each(MISTAKES)('name the place of %s', (_, text, problem) => {
		const problems = problemsOf(text, { driverSchemas });
		expect(problems).toHaveLength(1);
		expect(problems[0]).toMatch(problem);
	});
});
