import { decodePush } from '../../../src/drivers/hikvision-push/event.ts';
import { hikvisionPush } from '../../../src/drivers/hikvision-push/index.ts';
import { encodeFrame as encodeModbus, encodeRequest, FUNCTION } from '../../../src/drivers/modbus-relay/frame.ts';
import { createReplyFramer } from '../../../src/drivers/modbus-relay/reply-framer.ts';
import { COMMAND, REPLY } from '../../../src/drivers/osdp/codes.ts';
import { encodeFrame } from '../../../src/drivers/osdp/frame.ts';
import { createOsdpFramer } from '../../../src/drivers/osdp/framer.ts';
import { encodeRaw } from '../../../src/drivers/osdp/replies.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { cardBits } from '../population.ts';

const ROUNDS = 60;
const FRAMES_PER_ROUND = 500;
const PUSHES_PER_ROUND = 10;

/** What a frame costs, in and out. */
export const codecs: Part = {
	name: 'codecs',
	limitS: 30,
	run: () => Promise.resolve([osdpIn(), osdpOut(), modbusBoth(), hikvisionIn()]),
};

/** Median over the rounds: others on this machine cost some rounds more. */
function perCall(what: string, calls: number, work: () => void): Figure {
	const roundsMs = Array.from({ length: ROUNDS }, () => {
		const startedMs = performance.now();
		for (let n = 0; n < calls; n++) work();
		return performance.now() - startedMs;
	});
	return { what, measured: (percentile(roundsMs, 0.5) / calls) * 1_000, unit: 'µs' };
}

const NOTHING = new Uint8Array(0);
const plain = { address: 1, sequence: 1, check: 'crc' } as const;

function osdpIn(): Figure {
	const framer = createOsdpFramer();
	const card = { bytes: cardBits(1), bitCount: 26 };
	const reply = encodeFrame({ ...plain, reply: true, code: REPLY.RAW, data: encodeRaw(card) });
	return perCall('OSDP card reply, framed and checked', FRAMES_PER_ROUND, () => {
		if (framer.push(reply).length !== 1) throw new Error('no frame');
	});
}

function osdpOut(): Figure {
	return perCall('OSDP poll, encoded', FRAMES_PER_ROUND, () => {
		encodeFrame({ ...plain, reply: false, code: COMMAND.POLL, data: NOTHING });
	});
}

function modbusBoth(): Figure {
	const framer = createReplyFramer();
	const request = { function: FUNCTION.readInputs, unit: 1, address: 0, count: 8 } as const;
	const reply = encodeModbus([1, FUNCTION.readInputs, 1, 0b101]);
	return perCall('Modbus inputs, asked and answered', FRAMES_PER_ROUND, () => {
		encodeRequest(request);
		framer.expect(request);
		if (framer.push(reply).length !== 1) throw new Error('no frame');
	});
}

function hikvisionIn(): Figure {
	const config = hikvisionPush.config.parse({ id: 'cam', driver: 'hikvision-push', path: 'cam' });
	const camera = hikvisionPush.createSimulator(config);
	const at = new Date(0);
	const read = { plate: '1ABC234', confidence: 0.95, direction: 'approaching', eventId: 'e1', at } as const;
	const { body, contentType } = camera.plate(read);
	const kilobytes = Math.round(body.length / 1_000);
	return perCall(`Hikvision push with two pictures, ${kilobytes} kB, parsed`, PUSHES_PER_ROUND, () => {
		if (decodePush(body, contentType).length === 0) throw new Error('no event');
	});
}
