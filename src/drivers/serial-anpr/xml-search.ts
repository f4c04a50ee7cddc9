import type { Found, FrameSearch } from '../frame-search.ts';

/** Bytes of one error that are kept to be shown. */
const SHOWN_BYTES = 64;
/** What may stand before a message: a byte order mark, an XML declaration, blanks. */
const PROLOGUE_BYTES = 256;
const PROLOGUE = /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*>\s*)?$/;
const SMALL_BUFFER_BYTES = 4_096;
const GREATER = 0x3e;
const SPACE = 0x20;

/** Tattile's roots, and Axxon's. */
const XML_ROOTS = ['MESSAGE', 'Msg', 'root', 'CAR_PLATE'] as const;
export type XmlRoot = (typeof XML_ROOTS)[number];
const OPENING = new RegExp(`<(${XML_ROOTS.join('|')})[\\s>]$`);
/** The longest opening that is looked for, with the character after it. */
const OPENING_BYTES = Math.max(...XML_ROOTS.map((root) => root.length)) + 2;

/** One message with its pictures, from its declaration or opening tag to its closing tag. */
export interface XmlMessage {
	readonly kind: 'xml';
	readonly root: XmlRoot;
	readonly bytes: Uint8Array;
}

/**
 * Cuts messages that nothing frames but their root tags. Each byte is looked at once, so a picture of a megabyte costs
 * no more in small chunks. A message in which another begins was cut: half a plate would be another plate.
 */
export function createXmlSearch(longestBytes: number): FrameSearch<XmlMessage> {
	let buffer = new Uint8Array(SMALL_BUFFER_BYTES);
	let used = 0;
	/** Offset of the next byte in the stream. */
	let at = 0;
	let root: XmlRoot | undefined;
	let found: Found<XmlMessage>[] = [];

	function take(byte: number): void {
		at += 1;
		if (root === undefined && used === 0 && byte <= SPACE) return;
		if (used === buffer.length) grow();
		buffer[used] = byte;
		used += 1;
		if (root !== undefined && byte === GREATER && tail(root.length + 3) === `</${root}>`) finish(root);
		else if (byte <= SPACE || byte === GREATER) lookForOpening();
		if (used > longestBytes) giveUp('overrun', used);
		else if (root === undefined && used > PROLOGUE_BYTES) giveUp('noise', used - OPENING_BYTES);
	}

	function lookForOpening(): void {
		const opening = OPENING.exec(tail(OPENING_BYTES));
		if (opening === null) return;
		const start = used - opening[0].length;
		const wasInside = root !== undefined;
		if (wasInside) giveUp('unfinished', start);
		else if (start > 0 && !PROLOGUE.test(latin1(0, start))) giveUp('noise', start);
		root = XML_ROOTS.find((name) => name === opening[1]);
	}

	function finish(name: XmlRoot): void {
		found.push({ offset: at - used, item: { kind: 'xml', root: name, bytes: buffer.slice(0, used) } });
		drop(used);
	}

	/** The first bytes belong to nothing. */
	function giveUp(reason: string, count: number): void {
		const bytes = buffer.slice(0, Math.min(count, SHOWN_BYTES));
		found.push({ offset: at - used, item: { kind: 'frameError', reason, bytes } });
		drop(count);
	}

	function drop(count: number): void {
		const rest = buffer.slice(count, used);
		buffer = new Uint8Array(SMALL_BUFFER_BYTES);
		buffer.set(rest);
		used = rest.length;
		root = undefined;
	}

	function grow(): void {
		const larger = new Uint8Array(Math.min(buffer.length * 2, longestBytes + 1));
		larger.set(buffer);
		buffer = larger;
	}

	function tail(count: number): string {
		return latin1(Math.max(0, used - count), used);
	}

	function latin1(from: number, to: number): string {
		return String.fromCharCode(...buffer.subarray(from, to));
	}

	function taken(): readonly Found<XmlMessage>[] {
		const all = found;
		found = [];
		return all;
	}

	return {
		push(chunk) {
			for (const byte of chunk) take(byte);
			return taken();
		},
		timeout() {
			if (used > 0) giveUp(root === undefined ? 'noise' : 'timeout', used);
			return taken();
		},
		reset() {
			drop(used);
			at = 0;
			found = [];
		},
		partial: () => used > 0,
	};
}
