import { createSerialPort } from '../../src/drivers/ports/serial-port.ts';

// Run as a program: PATH. Prints how opening the port ends for a user without any rights.
const [path = ''] = process.argv.slice(2);
if (process.getuid?.() === 0) {
	process.setgroups?.([]);
	process.setgid?.(65_534);
	process.setuid?.(65_534);
}
const frozen = { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined };
const port = createSerialPort(frozen, path, { baud: 9600 }, { onBytes: () => undefined, onClosed: () => undefined });
try {
	await port.open();
	process.stdout.write('opened');
} catch (error) {
	process.stdout.write(error instanceof Error ? error.message : String(error));
}
process.exit(0);
