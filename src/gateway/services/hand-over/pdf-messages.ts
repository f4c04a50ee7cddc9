import type { HandOverContent, SignatureContent } from '../../core/hand-over.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';

/** A report as it is printed. */
export interface PrintedHandOver {
	readonly content: HandOverContent;
	readonly sha256: string;
	readonly signatures: readonly (SignatureContent & { readonly sha256: string })[];
	/** Names of the operators: who wrote it, then at whose login each signature was given. */
	readonly by: readonly string[];
	readonly language: Language;
	/** IANA, of its times. */
	readonly timeZone: string;
}

export interface PdfCommands {
	handOver: { ask: PrintedHandOver; answer: Uint8Array<ArrayBuffer> };
	close: { ask: null; answer: null };
}
