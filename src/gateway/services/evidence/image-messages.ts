import type { EvidenceRefusal, ImageArea } from '../../core/evidence.ts';
import type { EvidenceFileOf } from '../../store/evidence-files.ts';

/** What the process that looks at pictures is asked. `id` names the question. */
export type ImageAsk =
	/** `photo`: what people took, made smaller and coded anew. */
	| { readonly id: number; readonly kind: 'keep' | 'photo'; readonly imageId: string; readonly bytes: Uint8Array }
	/** A picture of a person, which is told and not written. */
	| { readonly id: number; readonly kind: 'portrait'; readonly bytes: Uint8Array }
	| {
			readonly id: number;
			readonly kind: 'blur';
			readonly of: EvidenceFileOf;
			/** null: the whole. */
			readonly areas: readonly ImageArea[] | null;
	  };

/** `kept`: both files are on the disk. */
export type ImageAnswer =
	| ({ readonly result: 'kept' } & WrittenImage)
	| { readonly result: 'refused'; readonly because: EvidenceRefusal };

/** A square JPEG. */
export type PortraitAnswer =
	| { readonly result: 'portrait'; readonly bytes: Uint8Array }
	| { readonly result: 'refused'; readonly because: EvidenceRefusal };

export interface WrittenImage {
	readonly contentType: 'image/jpeg' | 'image/png';
	readonly sha256: string;
	/** Of both files. */
	readonly fileBytes: number;
	readonly widthPx: number;
	readonly heightPx: number;
}

/** `begun` comes before anything is done: a process that dies without it never saw the question. */
export interface ImageReply {
	readonly id: number;
	readonly says: 'begun' | ImageAnswer | PortraitAnswer;
}
