import type { Readable } from 'node:stream';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { LIMITS } from '../../core/limits.ts';
import { stopped, type TableProblem } from './table-problem.ts';

/** The files inside a workbook (ECMA-376 part 2). Inflated only on the way through, never past a given size. */
export interface XlsxArchive {
	has(name: string): boolean;
	/** Chunks of some kB. Throws `ReadingStopped` for what is too large. */
	read(name: string, maximumBytes: number): AsyncIterable<Uint8Array>;
}

/** Unwinds the reading of a workbook; caught where it began. */
export class ReadingStopped extends Error {
	readonly problem: TableProblem;

	constructor(problem: TableProblem) {
		super(problem.code);
		this.name = 'ReadingStopped';
		this.problem = problem;
	}
}

/** Throws whatever yauzl says of a file that is no zip, and `ReadingStopped`. */
export async function openXlsxArchive(bytes: Uint8Array): Promise<XlsxArchive> {
	const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
		lazyEntries: true,
		// An entry that inflates to more than it says breaks off there.
		validateEntrySizes: true,
	});
	if (zip.entryCount > LIMITS.workbookEntries) throw new ReadingStopped(stopped('inflatesTooMuch'));
	const entries = new Map<string, Entry>();
	for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry);
	return {
		has: (name) => entries.has(name.toLowerCase()),
		read: (name, maximumBytes) => readEntry(zip, entries.get(name.toLowerCase()), maximumBytes),
	};
}

async function* readEntry(zip: ZipFile, entry: Entry | undefined, maximumBytes: number): AsyncGenerator<Uint8Array> {
	if (entry === undefined) throw new ReadingStopped(stopped('brokenWorkbook'));
	if (entry.isEncrypted()) throw new ReadingStopped(stopped('oldWorkbook'));
	if (entry.uncompressedSize > maximumBytes) throw new ReadingStopped(stopped('inflatesTooMuch'));
	const stream: Readable = await zip.openReadStreamPromise(entry);
	for await (const chunk of stream) yield chunk as Uint8Array;
}
