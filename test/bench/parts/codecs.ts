import type { FrameSearch } from '../../../src/drivers/frame-search.ts';
import { decodePush } from '../../../src/drivers/hikvision-push/event.ts';
import { hikvisionPush } from '../../../src/drivers/hikvision-push/index.ts';
import { encodeFrame as encodeModbus, encodeRequest, FUNCTION } from '../../../src/drivers/modbus-relay/frame.ts';
import { createReplyFramer } from '../../../src/drivers/modbus-relay/reply-framer.ts';
import { COMMAND, REPLY } from '../../../src/drivers/osdp/codes.ts';
import { encodeFrame } from '../../../src/drivers/osdp/frame.ts';
import { createOsdpFramer } from '../../../src/drivers/osdp/framer.ts';
import { encodeRaw } from '../../../src/drivers/osdp/replies.ts';
import { createEmSearch } from '../../../src/drivers/rdm6300/frame.ts';
import { createLineSearch } from '../../../src/drivers/text-line/line-search.ts';
import { createChafonSearch } from '../../../src/drivers/uhf-chafon/frame.ts';
import { createCfSearch } from '../../../src/drivers/uhf-chafon-cf/frame.ts';
import { createIndySearch } from '../../../src/drivers/uhf-indy/frame.ts';
import { createR200Search } from '../../../src/drivers/uhf-r200/frame.ts';
import { createMercurySearch } from '../../../src/drivers/uhf-thingmagic/frame.ts';
import { vzenithPush } from '../../../src/drivers/vzenith-push/index.ts';
import { readCard } from '../../../src/drivers/wiegand/card-bits.ts';
import { WIEGAND_FORMATS } from '../../../src/drivers/wiegand/formats.ts';
import { cardFromText } from '../../../src/drivers/wiegand-serial/card-text.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { cardBits } from '../population.ts';
import { codecsOfRegistry } from './codecs-of-registry.ts';

const ROUNDS = 60;
const FRAMES_PER_ROUND = 500;
const PUSHES_PER_ROUND = 10;

/** What a frame costs, in and out. */
export const codecs: Part = {
	name: 'codecs',
	limitS: 60,
	run: async () => [
		osdpIn(),
		osdpOut(),
		modbusBoth(),
		hikvisionIn(),
		...tagReadersIn(),
		largeJsonIn(),
		...(await codecsOfRegistry()),
	],
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

/** As large as cameras send them: the picture stands in the text. */
function largeJsonIn(): Figure {
	const picture = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), Buffer.alloc(300_000, 0x5a)]).toString('base64');
	const PlateResult = { license: '1ABC234', confidence: 95, plateid: 1, imageFile: picture };
	const body = Buffer.from(JSON.stringify({ AlarmInfoPlate: { serialno: 'x', result: { PlateResult } } }));
	return perCall('JSON push with a picture of 300 kB, parsed', PUSHES_PER_ROUND, () => {
		const [, observation] = vzenithPush.decode(body, 'application/json');
		if (observation?.kind !== 'observation') throw new Error('no plate');
	});
}

function wiegandLineIn(): Figure {
	const search = createLineSearch({ start: 'none', end: 'character', longest: 64 });
	const format = WIEGAND_FORMATS.H10301;
	const line = new TextEncoder().encode('10111101100010001110101110\r');
	return perCall('line of a Wiegand card, with its parity', FRAMES_PER_ROUND, () => {
		const [found] = search.push(line);
		const card = found?.item.kind === 'line' ? cardFromText(found.item.text, 'bits', format) : undefined;
		if (card === undefined || readCard(card, [format]).result === 'rejected') throw new Error('no card');
	});
}

/** One tag as each serial reader says it, from `test/fixtures/serial-readers`. */
function tagReadersIn(): readonly Figure[] {
	return [
		framed('125 kHz fob', createEmSearch('rdm6300'), '0230463033363835363842423903'),
		wiegandLineIn(),
		framed('tag of an R200', createR200Search(), 'BB02220011C9340030751FEB705C5904E3D50D703A76EF7E'),
		framed('tag of a UHFReader288', createChafonSearch(), '1500010301010C3039606303C74380001A055940F93E'),
		framed('tag of a CF reader', createCfSearch(), 'CF0000011200FD3A01000CE28069950000400A8F3981330A1D'),
		framed('tag of an Indy reader', createIndySearch(), 'A01301898C3000300833B2DDD901400000000137BB'),
		framed(
			'tag of a ThingMagic module',
			createMercurySearch(),
			'FF2822000010001B01FF0101C4110E16400000012700000500000F00803000000000000000000000001545E94A561D',
		),
	];
}

function framed(what: string, search: FrameSearch<{ readonly kind: string }>, hex: string): Figure {
	const bytes = Uint8Array.fromHex(hex);
	return perCall(`${what}, framed and checked`, FRAMES_PER_ROUND, () => {
		const [found, ...others] = search.push(bytes);
		if (found === undefined || found.item.kind === 'frameError' || others.length > 0)
			throw new Error(`${what}: no frame`);
	});
}
