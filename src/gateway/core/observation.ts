interface Read {
	/** Unique within the gateway; names the read in the journal. */
	readonly id: string;
	readonly deviceId: string;
	/** When the gateway got it, UTC epoch ms. */
	readonly atMs: number;
	/** The same moment on the monotonic clock: the start of the latency that is measured. */
	readonly monotonicMs: number;
	/** Bytes of the device's message, hex, for diagnosis; bounded by LIMITS.rawReadBytes. */
	readonly raw?: string;
	/**
	 * Pictures as the device sent them, at most LIMITS.evidenceImages of LIMITS.evidenceImageBytes each: bytes as received, the
	 * type by their first bytes (`parsePicture` of a push driver). A driver says nothing else about them. None in a list: stills
	 * are being taken, and come to `services/evidence` when they are.
	 */
	readonly evidence?: readonly EvidenceImage[];
}

/** One card, fob or transponder seen by one reader. */
export interface TagObservation extends Read {
	readonly kind: 'tag';
	/** Canonical value a credential is matched by; see `tag.ts`. */
	readonly tag: string;
	/** What a person can read on the card, such as `H10301 FC 53 CN 48062`. */
	readonly label?: string;
	readonly antenna?: number;
	/** Received signal strength where the reader tells, dBm. */
	readonly rssiDbm?: number;
}

/** Digits that somebody pressed at one reader's keypad. A secret: it is shown and logged only by `codeName`. */
export interface PinObservation extends Omit<Read, 'raw'> {
	readonly kind: 'pin';
	readonly pin: string;
}

/** Travel as the camera saw it: `approaching` moves toward the camera. */
export type PlateDirection = 'approaching' | 'leaving' | 'unknown';

/** One number plate seen by one camera. */
export interface PlateObservation extends Read {
	readonly kind: 'plate';
	/** As the camera read it, untrusted text; matched after `normalisePlate`. */
	readonly plate: string;
	/** 0–1 whatever the camera's scale. */
	readonly confidence: number;
	/** ISO 3166-1 alpha-2 where the camera tells. */
	readonly country?: string;
	readonly direction: PlateDirection;
	/** The camera's own clock, UTC epoch ms; never trusted for decisions. */
	readonly cameraTimeMs?: number;
	/** `zoned`: the camera told UTC or its offset. `assumed`: its local time in the zone it is configured to have. */
	readonly cameraTimeTrust?: 'zoned' | 'assumed';
	/** The same event sent again has the same key. */
	readonly dedupeKey: string;
	/** Buffered, retransmitted or `lost` events: logged, never open a barrier. */
	readonly historical: boolean;
}

/** A picture that came with a read. `services/evidence` checks, keeps and links it after the decision; lanes never look at it. */
export interface EvidenceImage {
	readonly role: 'plate' | 'scene' | 'still';
	readonly contentType: 'image/jpeg' | 'image/png';
	readonly bytes: Uint8Array;
}

export type Observation = TagObservation | PlateObservation | PinObservation;
