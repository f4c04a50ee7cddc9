import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { SCB } from './codes.ts';
import { carriesMac, encodeFrame, type FrameFields, type OsdpFrame } from './frame.ts';

/** AES-128: keys and blocks. */
export const KEY_BYTES = 16;
const BLOCK_BYTES = 16;

/** The default key every reader knows when new: good for handing over a real key, for nothing else. */
export const SCBK_D: Uint8Array = Uint8Array.from({ length: KEY_BYTES }, (_, index) => 0x30 + index);

/** Keys of one secure session (SCP, annex of IEC 60839-11-5). */
export interface SessionKeys {
	readonly encryption: Uint8Array;
	readonly mac1: Uint8Array;
	readonly mac2: Uint8Array;
}

/** @param randomOfPanel RND.A, 8 bytes, of which the first 6 go into the keys */
export function deriveSessionKeys(key: Uint8Array, randomOfPanel: Uint8Array): SessionKeys {
	const derive = (purpose: number): Uint8Array =>
		encryptBlock(key, Uint8Array.of(0x01, purpose, ...randomOfPanel.subarray(0, 6), 0, 0, 0, 0, 0, 0, 0, 0));
	return { encryption: derive(0x82), mac1: derive(0x01), mac2: derive(0x02) };
}

/** Proves that the reader knows the key. */
export function clientCryptogram(keys: SessionKeys, randomOfPanel: Uint8Array, randomOfReader: Uint8Array): Uint8Array {
	return encryptBlock(keys.encryption, Uint8Array.of(...randomOfPanel, ...randomOfReader));
}

/** Proves that the panel knows the key. */
export function serverCryptogram(keys: SessionKeys, randomOfPanel: Uint8Array, randomOfReader: Uint8Array): Uint8Array {
	return encryptBlock(keys.encryption, Uint8Array.of(...randomOfReader, ...randomOfPanel));
}

/** R-MAC(I), what the first command's MAC is chained to. */
export function initialMac(keys: SessionKeys, cryptogramOfServer: Uint8Array): Uint8Array {
	return encryptBlock(keys.mac2, encryptBlock(keys.mac1, cryptogramOfServer));
}

/** In constant time. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && timingSafeEqual(a, b);
}

/** All 16 bytes; 4 go on the wire. @param chainedTo the last MAC of the other direction */
function computeMac(keys: SessionKeys, chainedTo: Uint8Array, covered: Uint8Array): Uint8Array {
	const padded = covered.length % BLOCK_BYTES === 0 ? covered : pad(covered);
	const lastBlockAt = padded.length - BLOCK_BYTES;
	let chain = chainedTo;
	if (lastBlockAt > 0) chain = cbc(keys.mac1, chain, padded.subarray(0, lastBlockAt)).subarray(-BLOCK_BYTES);
	return cbc(keys.mac2, chain, padded.subarray(lastBlockAt));
}

export type Opened =
	/** `clear`: authentic data that the sender did not encrypt. */
	| { readonly result: 'ok'; readonly data: Uint8Array; readonly clear: boolean }
	| { readonly result: 'bad'; readonly reason: 'notSecured' | 'mac' | 'padding' };

/** One end of an established channel; both directions chain to each other, so a lost step ends it. */
export interface SecureChannel {
	/**
	 * Encrypts the data, adds security block and MAC.
	 * @param oddly leaves the data in clear in a block of type 15, as some readers do with status replies
	 * @returns the frame without mark
	 */
	seal(fields: FrameFields, oddly?: 'clear'): Uint8Array;
	/** Verifies and decrypts; only a frame that is authentic moves the chain on. */
	open(frame: OsdpFrame): Opened;
}

export function createSecureChannel(keys: SessionKeys, rMacI: Uint8Array): SecureChannel {
	let lastSent = rMacI;
	let lastReceived = rMacI;
	return {
		seal(fields, oddly) {
			const encrypted = fields.data.length > 0 && oddly === undefined;
			const data = encrypted ? cbc(keys.encryption, inverted(lastReceived), pad(fields.data)) : fields.data;
			const base = encrypted ? SCB.PANEL_ENCRYPTED : SCB.PANEL_MAC;
			const type = oddly === 'clear' ? SCB.PANEL_MAC : base + (fields.reply ? 1 : 0);
			const security = { type, data: new Uint8Array(0) };
			return encodeFrame({ ...fields, data, security }, (covered) => {
				lastSent = computeMac(keys, lastReceived, covered);
				return lastSent.subarray(0, 4);
			});
		},
		open(frame) {
			if (!carriesMac(frame.security?.type) || frame.mac === undefined) return { result: 'bad', reason: 'notSecured' };
			const mac = computeMac(keys, lastSent, frame.covered);
			if (!sameBytes(mac.subarray(0, 4), frame.mac)) return { result: 'bad', reason: 'mac' };
			const type = frame.security?.type;
			const encrypted = type === SCB.PANEL_ENCRYPTED || type === SCB.READER_ENCRYPTED;
			const data = encrypted ? decrypt(keys, inverted(lastSent), frame.data) : frame.data;
			if (data === undefined) return { result: 'bad', reason: 'padding' };
			lastReceived = mac;
			return { result: 'ok', data, clear: !encrypted && data.length > 0 };
		},
	};
}

function decrypt(keys: SessionKeys, iv: Uint8Array, data: Uint8Array): Uint8Array | undefined {
	if (data.length % BLOCK_BYTES !== 0) return undefined;
	const decipher = createDecipheriv('aes-128-cbc', keys.encryption, iv).setAutoPadding(false);
	const padded = decipher.update(data);
	const end = padded.lastIndexOf(0x80);
	return end === -1 || padded.subarray(end + 1).some((byte) => byte !== 0)
		? undefined
		: Uint8Array.from(padded.subarray(0, end));
}

/** 0x80 and zeros to the next whole block; a whole block more when there is no room. */
function pad(data: Uint8Array): Uint8Array {
	const padded = new Uint8Array((Math.floor(data.length / BLOCK_BYTES) + 1) * BLOCK_BYTES);
	padded.set(data);
	padded[data.length] = 0x80;
	return padded;
}

function inverted(bytes: Uint8Array): Uint8Array {
	return bytes.map((byte) => ~byte);
}

function encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
	return Uint8Array.from(createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block));
}

function cbc(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
	return Uint8Array.from(createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false).update(blocks));
}
