import { SaxesParser } from 'saxes';
import { LIMITS } from '../../core/limits.ts';
import { stopped } from './table-problem.ts';
import { ReadingStopped } from './xlsx-archive.ts';

export interface XmlHandlers {
	/** Names without their prefix. */
	open?(name: string, attributes: Readonly<Record<string, string>>): void;
	text?(text: string): void;
	close?(name: string): void;
}

/** Bytes without any tag in between: the longest cell, with every character as an escape. */
const SILENT_BYTES = LIMITS.tableCellLength * 8;

/**
 * Hands the tags and texts of a part to `handlers` as they come; after each chunk it lets the consumer take what has
 * gathered. Entities of a document type are not known, so that none expands.
 */
export async function* parseXml(chunks: AsyncIterable<Uint8Array>, handlers: XmlHandlers): AsyncGenerator<undefined> {
	const parser = new SaxesParser({ xmlns: false, position: false });
	const decoder = new TextDecoder();
	let bytes = 0;
	let lastTagAt = 0;
	parser.on('error', (error) => {
		throw error;
	});
	parser.on('opentag', ({ name, attributes }) => {
		lastTagAt = bytes;
		handlers.open?.(withoutPrefix(name), attributes);
	});
	parser.on('text', (text) => handlers.text?.(text));
	parser.on('cdata', (text) => handlers.text?.(text));
	parser.on('closetag', ({ name }) => {
		lastTagAt = bytes;
		handlers.close?.(withoutPrefix(name));
	});
	for await (const chunk of chunks) {
		bytes += chunk.length;
		parser.write(decoder.decode(chunk, { stream: true }));
		if (bytes - lastTagAt > SILENT_BYTES) throw new ReadingStopped(stopped('inflatesTooMuch'));
		yield;
	}
	parser.write(decoder.decode());
	parser.close();
	yield;
}

/** For parts whose handlers keep what they need. */
export async function parseWholeXml(chunks: AsyncIterable<Uint8Array>, handlers: XmlHandlers): Promise<void> {
	const parsing = parseXml(chunks, handlers);
	while (!(await parsing.next()).done);
}

function withoutPrefix(name: string): string {
	return name.slice(name.indexOf(':') + 1);
}

/** `_x000D_`: characters that XML can't hold (ECMA-376 part 1, 22.9.2.19 ST_Xstring). */
export function decodeXstring(text: string): string {
	if (!text.includes('_x')) return text;
	return text.replaceAll(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** What `decodeXstring` reads back; escapes what looks like an escape, and what XML forbids. */
export function encodeXstring(text: string): string {
	return text
		.toWellFormed()
		.replaceAll(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
		.replaceAll(NOT_IN_XML, (character) => {
			const code = character.charCodeAt(0).toString(16).toUpperCase();
			return `_x${code.padStart(4, '0')}_`;
		});
}

/** XML 1.0, 2.2; carriage returns would be read as line feeds (2.11). */
const NOT_IN_XML = /(?![\t\n])\p{Cc}|[\uFFFE\uFFFF]/gu;
