import { tagFromBits } from '../../gateway/core/tag.ts';
import type { DecodedLine } from '../driver.ts';
import type { Found } from '../frame-search.ts';
import { COMMAND, nameOfCode, REPLY, textOfNak } from './codes.ts';
import type { OsdpFrame } from './frame.ts';
import { createOsdpSearch } from './framer.ts';
import { parseKeypad, parseLevels, parseLstatr, parsePdcap, parsePdid, parseRaw } from './replies.ts';

/** Chunks of the whole capture, so that lines come out while it is read. */
const CHUNK_BYTES = 4096;

/**
 * Lines of a captured stream, both directions. What is inside a secure channel stays as it was sent;
 * the key of a KEYSET, and what a keypad said, are never shown.
 */
export function* decodeOsdp(bytes: Uint8Array): Iterable<DecodedLine> {
	const search = createOsdpSearch();
	for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
		for (const found of search.push(bytes.subarray(at, at + CHUNK_BYTES))) yield* linesOf(found);
	}
	for (const found of search.timeout()) yield* linesOf(found);
}

function* linesOf({ offset, item }: Found<OsdpFrame>): Iterable<DecodedLine> {
	if (item.kind === 'frameError') {
		yield { offset, kind: 'error', reason: item.reason, bytes: item.bytes.toHex() };
		return;
	}
	yield frameLine(offset, item);
	const card = item.reply && item.code === REPLY.RAW && item.mac === undefined ? parseRaw(item.data) : undefined;
	if (card === undefined) return;
	const { reader, bitCount, bytes } = card;
	yield { offset, kind: 'observation', address: item.address, reader, tag: tagFromBits(bytes, bitCount) };
}

function frameLine(offset: number, frame: OsdpFrame): DecodedLine {
	const { address, reply, sequence, check, security, code, mac } = frame;
	return {
		offset,
		kind: 'frame',
		direction: reply ? 'reply' : 'command',
		address,
		name: nameOfCode(reply, code),
		sequence,
		check,
		...(security !== undefined && { security: security.type.toString(16) }),
		...dataFields(frame),
		...(mac !== undefined && { mac: mac.toHex() }),
	};
}

function dataFields({ reply, code, data, mac }: OsdpFrame): Record<string, unknown> {
	if (!reply && code === COMMAND.KEYSET) return { data: 'redacted', dataBytes: data.length };
	if (reply && code === REPLY.KEYPAD) return { data: 'redacted', keys: parseKeypad(data)?.length };
	if (data.length === 0) return {};
	const shown = { data: data.toHex() };
	// Ciphertext, or the odd reply in clear: not interpreted.
	if (mac !== undefined || !reply) return shown;
	switch (code) {
		case REPLY.NAK:
			return { ...shown, meaning: textOfNak(data[0]) };
		case REPLY.PDID:
			return { ...shown, identity: parsePdid(data) };
		case REPLY.PDCAP:
			return { ...shown, capabilities: Object.fromEntries(parsePdcap(data)) };
		case REPLY.LSTATR:
			return { ...shown, status: parseLstatr(data) };
		case REPLY.ISTATR:
		case REPLY.OSTATR:
			return { ...shown, levels: parseLevels(data) };
		default:
			return shown;
	}
}
