import mqtt from 'mqtt';
import { SerialPort } from 'serialport';
import { crc16 } from '../../../src/drivers/osdp/frame.ts';
import { openFloor } from './floor-store.ts';

// node wire-floor.ts READER_TTY BOARD_TTY CREDENTIALS LOG BROKER_URL POLL_MS: the least that could do a gateway's
// work on the same bytes. Polls the reader, looks the card up, commits, writes the relay's frame, publishes.
// No rules, no lanes, no recovery.
const [readerPath = '', boardPath = '', credentialsFile = '', logFile = '', brokerUrl = '', pollMs = ''] =
	process.argv.slice(2);
const RAW = 0x50;
const store = openFloor(credentialsFile, logFile);
const client = await mqtt.connectAsync(brokerUrl, { protocolVersion: 5, reconnectPeriod: 0 });
const reader = await openPort(readerPath);
const board = await openPort(boardPath);
const polls = [0, 1, 2, 3].map(pollFrame);
/** Unit 1, write coil, flash-on of channel 1, 5 × 100 ms, CRC-16 of Modbus. */
const flashOn = Buffer.from('0105020000050c71', 'hex');
let buffer = Buffer.alloc(0);
let sequence = 0;

reader.on('data', (chunk: Buffer) => {
	buffer = Buffer.concat([buffer, chunk]);
	for (;;) {
		// Mark, SOM, address, length; the mark is outside the length.
		const length = buffer.length < 5 ? Number.POSITIVE_INFINITY : buffer.readUInt16LE(3) + 1;
		if (buffer.length < length) return;
		if (buffer[6] === RAW) decide(buffer.subarray(7, length - 2));
		buffer = buffer.subarray(length);
		sequence = (sequence % 3) + 1;
		setTimeout(poll, Number(pollMs));
	}
});
board.on('data', () => undefined);
poll();
console.log('ready');
process.on('SIGTERM', () => process.exit());

function decide(data: Uint8Array): void {
	const bits = (data[2] ?? 0) | ((data[3] ?? 0) << 8);
	const tag = `${bits}:${Buffer.from(data.subarray(4)).toString('hex').toUpperCase()}`;
	const id = crypto.randomUUID();
	const holder = store.lookUp(tag)?.holder;
	store.begin();
	store.record(id, 'L1', tag, holder);
	store.commit();
	if (holder !== undefined) board.write(flashOn);
	client.publish('floor/events', JSON.stringify({ id, lane: 'L1', tag, holder }), { qos: 1 });
}

function poll(): void {
	reader.write(polls[sequence]);
}

function pollFrame(number: number): Buffer {
	const frame = Buffer.from([0x53, 0x01, 0x08, 0x00, 0x04 | number, 0x60]);
	const crc = crc16(frame);
	return Buffer.from([0xff, ...frame, crc & 0xff, crc >> 8]);
}

async function openPort(path: string): Promise<SerialPort> {
	const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
	await new Promise<void>((resolve, reject) => port.open((error) => (error === null ? resolve() : reject(error))));
	keepPromisesMoving(port);
	return port;
}

/** As the gateway does (src/drivers/ports/tty.ts): without it the floor would wait for timers and be no floor. */
function keepPromisesMoving({ port }: SerialPort): void {
	if (port === undefined || !('poller' in port)) return;
	const run = () => {
		setImmediate(() => undefined);
	};
	port.poller.on('readable', run);
	port.poller.on('writable', run);
}
