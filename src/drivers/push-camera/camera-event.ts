import type { EvidenceImage, PlateDirection } from '../../gateway/core/observation.ts';
import type { CameraTime } from './camera-time.ts';

/** Size of the plate in the picture, pixels: too small a plate is the usual cause of wrong reads. */
export interface PlateSize {
	readonly widthPx: number;
	readonly heightPx: number;
}

export interface PlateRead {
	/** As read; never a vendor's word for "none". */
	readonly plate: string;
	/** 0–1. */
	readonly confidence: number;
	readonly direction: PlateDirection;
	/** ISO 3166-1 alpha-2. */
	readonly country?: string;
	readonly time?: CameraTime;
	/** What the same event has again when it is sent twice; absent: nothing tells two passages apart. */
	readonly key?: string;
	/** For keys a camera begins anew with, such as the number of a track: how long they count, ms. */
	readonly keyLifeMs?: number;
	/** For cameras that tell one vehicle in several events of their own: the plate within this is the same passage, ms. */
	readonly sameWithinMs?: number;
	/** Pixels of the plate. */
	readonly size?: PlateSize;
	readonly pictures: readonly EvidenceImage[];
	/** First bytes of the message, hex; LIMITS.rawReadBytes. */
	readonly raw: string;
}

/** What every event tells besides; all of it is the sender's word. */
export interface EventOrigin {
	/** Byte offset of its text in the body. */
	readonly offset: number;
	/** The vendor's name for the kind of event, as written. */
	readonly eventType: string;
	/** What the camera is known by in its own events: its serial number or MAC address. */
	readonly identity?: string;
	/** What the camera calls itself, for the technician. */
	readonly names: Readonly<Record<string, string>>;
	/** Buffered, retransmitted, `lost` or faked: kept, opens nothing. */
	readonly historical: boolean;
}

/**
 * One thing a camera said, whatever its vendor. `noPlate`: a vehicle was seen, nothing was read. `heartbeat`:
 * nothing happened, the camera is alive.
 */
export type UnderstoodEvent =
	| (EventOrigin & { readonly kind: 'plate' } & PlateRead)
	| (EventOrigin & { readonly kind: 'input'; readonly port: number; readonly active: boolean })
	| (EventOrigin & { readonly kind: 'noPlate' | 'heartbeat' | 'other' });
/** Or why a text could not be understood. */
export type CameraEvent =
	| UnderstoodEvent
	| { readonly kind: 'malformed'; readonly offset: number; readonly reason: string };
export type PlateEvent = Extract<CameraEvent, { kind: 'plate' }>;
