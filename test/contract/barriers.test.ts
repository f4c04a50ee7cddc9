import { barrierContract } from './barrier-contract.ts';
import { answeringCamera, boardCase } from './played-barriers.ts';

const outputs = { open: 1, hold: 2 };
const KEY = '00112233445566778899aabbccddeeff';

for (const each of [
	boardCase('modbus-relay, pulses timed by the board', 'modbus-relay', { outputs }, { settleMs: 500, hold: 'hold' }),
	boardCase(
		'modbus-relay, pulses by a value of its own',
		'modbus-relay',
		{
			outputs,
			writeFunction: 6,
			stateFunction: 3,
			onValue: 0x0100,
			offValue: 0x0200,
			pulseMode: 'value',
			pulseValue: 0x0500,
		},
		{ settleMs: 500, hold: 'hold' },
	),
	boardCase('modbus-relay, coils', 'modbus-relay', { outputs, pulseMode: 'coil' }, { settleMs: 500, hold: 'hold' }),
	boardCase('osdp', 'osdp', { address: 5, outputs: { open: 0, hold: 1 } }, { settleMs: 4_000, hold: 'hold' }),
	boardCase(
		'osdp, secure channel',
		'osdp',
		{ address: 5, key: KEY, outputs: { open: 0, hold: 1 } },
		{ settleMs: 4_000, hold: 'hold' },
	),
	boardCase(
		'serial-relay, LCUS',
		'serial-relay',
		{ board: 'lcus', channels: 2, outputs },
		{ settleMs: 600, answers: false, hold: 'hold' },
	),
	boardCase(
		'serial-relay, KMtronic',
		'serial-relay',
		{ board: 'kmtronic', channels: 2, outputs },
		{ settleMs: 1_000, hold: 'hold' },
	),
	boardCase('hid-relay', 'hid-relay', { outputs }, { settleMs: 1_000, hold: 'hold' }),
	answeringCamera,
])
	barrierContract(each);
