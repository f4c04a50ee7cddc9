import { z } from 'zod';

/** Files of a store that a backup holds, by their path below it. Nothing else of a backup is ever read or put in place. */
const BACKED_UP =
	/^(?:site\.db|directory-\d{1,9}\.db|configuration\/(?:state\.json|[0-9a-f]{64}\.yaml)|evidence\/[0-9a-f]{2}\/[0-9a-f]{64}-\d{1,9}(?:-small)?\.(?:jpg|png))$/;

export function isBackedUp(path: string): boolean {
	return BACKED_UP.test(path);
}

/** `manifest.json` of a backup: what it is of, and what its files must be. Written last: a backup without one is unfinished. */
export const backupManifestSchema = z.strictObject({
	format: z.literal(1),
	/** Of the program that made it. */
	version: z.string().max(64),
	tenant: z.string().max(64),
	site: z.string().max(64),
	/** UTC epoch ms. */
	madeAtMs: z.int().min(0),
	/** Where the journal stood. */
	gatewayEpoch: z.string().max(64),
	lastSeq: z.int().min(0),
	files: z
		.array(
			z.strictObject({
				path: z.string().regex(BACKED_UP),
				bytes: z.int().min(0),
				/** Hex. */
				sha256: z.string().regex(/^[0-9a-f]{64}$/),
			}),
		)
		.max(2_000_000),
});

export type BackupManifest = z.output<typeof backupManifestSchema>;
export type BackupFile = BackupManifest['files'][number];

/** Says that what is staged of a restore is whole, and what of it is to be done next. */
export const restoreMarkerSchema = z.strictObject({
	next: z.enum(['setAside', 'place']),
	asideDir: z.string().regex(/^replaced-[0-9TZ]{16}$/),
});
export type RestoreMarker = z.output<typeof restoreMarkerSchema>;
