import { modbusRelay } from '../../src/drivers/modbus-relay/index.ts';
import { osdp } from '../../src/drivers/osdp/index.ts';
import { serialDriverContract } from './serial-driver-contract.ts';

serialDriverContract({
	driver: modbusRelay,
	entries: [
		{ id: 'boom-1', unit: 1, outputs: { open: 1 }, inputs: { arming: 1, safety: { channel: 2, invert: true } } },
		{ id: 'boom-2', unit: 255, outputs: { open: 2 }, pulseMode: 'coil', coilOffset: 1, onValue: 0x0100 },
	],
	onlineWithinMs: 500,
	// Three answers missed, each after its time-out and a pause, of two boards in turn.
	offlineWithinMs: 2 * 3 * 350 + 500,
	backWithinMs: 3_000,
	stimuli: ['input arming on', 'input safety on', 'input arming off', 'power off', 'power on', 'input safety off'],
});

serialDriverContract({
	driver: osdp,
	entries: [
		{ id: 'reader-1', address: 1 },
		{ id: 'reader-2', address: 2, key: '00112233445566778899aabbccddeeff', outputs: { open: 0 } },
	],
	onlineWithinMs: 4_000,
	offlineWithinMs: 10_000,
	backWithinMs: 15_000,
	stimuli: ['card 26:9ADDDF00', 'tamper on', 'tamper off', 'card 26:9ADDDF00'],
});
