import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory, writeFileAtomically } from './atomic-file.ts';
import type { EvidenceImageRow } from './evidence.ts';

export const EVIDENCE_DIR = 'evidence';
/** Photos of interventions, kept the same way. */
export const PHOTOS_DIR = 'photos';

/** Which picture's files; names are made of a hash and a number only. */
export type EvidenceFileOf = Pick<EvidenceImageRow, 'id' | 'revision' | 'contentType'>;
export type EvidenceForm = 'image' | 'thumbnail';

/** Below the directory of evidence. */
export function evidenceFile({ id, revision, contentType }: EvidenceFileOf, form: EvidenceForm): string {
	const name = `${id}-${revision}`;
	const ending = contentType === 'image/png' ? 'png' : 'jpg';
	return path.join(id.slice(0, 2), form === 'image' ? `${name}.${ending}` : `${name}-small.jpg`);
}

/** Both files are on the disk when it returns, or it throws what the system says and neither is. */
export function writeEvidence(
	dir: string,
	of: EvidenceFileOf,
	{ bytes, thumbnail }: { readonly bytes: Uint8Array; readonly thumbnail: Uint8Array },
): void {
	const folder = path.join(dir, of.id.slice(0, 2));
	if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncDirectory(dir);
	const small = path.join(dir, evidenceFile(of, 'thumbnail'));
	writeFileAtomically(small, thumbnail);
	try {
		writeFileAtomically(path.join(dir, evidenceFile(of, 'image')), bytes);
	} catch (error) {
		rmSync(small, { force: true });
		throw error;
	}
}

/** The pictures' files. Slow disks hold nothing up: all of it waits elsewhere. */
export interface EvidenceFiles {
	readonly dir: string;
	/** undefined: it is not there (any more). */
	read(of: EvidenceFileOf, form: EvidenceForm): Promise<Uint8Array<ArrayBuffer> | undefined>;
	remove(of: readonly EvidenceFileOf[]): Promise<void>;
	/** Removes every file but these pictures'. @returns how many went, and the ids of pictures that lack a file. */
	sweep(known: readonly EvidenceFileOf[]): Promise<{ readonly removed: number; readonly missing: readonly string[] }>;
}

export function createEvidenceFiles(storeDir: string, name: string = EVIDENCE_DIR): EvidenceFiles {
	const dir = path.join(storeDir, name);
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	chmodSync(dir, 0o700);

	async function sweep(known: readonly EvidenceFileOf[]) {
		const expected = new Map(
			known.flatMap((of) => [[evidenceFile(of, 'image'), of.id] as const, [evidenceFile(of, 'thumbnail'), of.id]]),
		);
		let removed = 0;
		for (const entry of await readdir(dir, { withFileTypes: true })) {
			const names = entry.isDirectory() ? await readdir(path.join(dir, entry.name)) : [''];
			for (const name of names) {
				const file = path.join(entry.name, name);
				if (expected.delete(file)) continue;
				await rm(path.join(dir, file), { force: true, recursive: true });
				removed += 1;
			}
		}
		return { removed, missing: [...new Set(expected.values())] };
	}

	return {
		dir,
		async read(of, form) {
			try {
				return await readFile(path.join(dir, evidenceFile(of, form)));
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
				throw error;
			}
		},
		async remove(of) {
			for (const one of of) {
				await rm(path.join(dir, evidenceFile(one, 'image')), { force: true });
				await rm(path.join(dir, evidenceFile(one, 'thumbnail')), { force: true });
			}
		},
		sweep,
	};
}
