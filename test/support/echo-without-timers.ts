import { createSerialPort } from '../../src/drivers/ports/serial-port.ts';

// Run as a program: PATH. Sends 50 bytes one by one, each after the echo of the one before, with no
// timer anywhere: only the port itself can wake the process.
const [path = ''] = process.argv.slice(2);
const frozen = { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined };
let echoes = 0;
const port = createSerialPort(
	frozen,
	path,
	{ baud: 115_200 },
	{
		onBytes(chunk) {
			echoes += chunk.length;
			if (echoes < 50) void port.write(Uint8Array.of(echoes));
			else process.exit(0);
		},
		onClosed: (problem) => {
			process.stderr.write(`${problem}\n`);
			process.exit(1);
		},
	},
);
await port.open();
await port.write(Uint8Array.of(0));
