import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { EvidenceRefusal } from '../../core/evidence.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { EvidenceFileOf, EvidenceFiles, EvidenceForm } from '../../store/evidence-files.ts';
import type { InterventionPhoto } from '../../store/intervention-records.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { EvidenceFile } from '../evidence/evidence.ts';
import type { ImageProcess } from '../evidence/image-client.ts';
import type { InterventionWriter, Refusal } from './write-interventions.ts';

export type PhotoAnswer =
	| { readonly result: 'done'; readonly photo: InterventionPhoto }
	| Refusal
	/** `picture`: what is wrong with it, or that there is no room for it. */
	| { readonly result: 'refused'; readonly because: 'picture'; readonly picture: EvidenceRefusal };

/** Photos of interventions: made small, coded anew without what is no picture, within bounds of their own. */
export interface InterventionPhotos {
	/** The same photo of the same intervention is kept once. */
	add(number: number, bytes: Uint8Array, operatorId: string): Promise<PhotoAnswer>;
	/** Its files are gone when it resolves. */
	remove(number: number, photoId: string, operatorId: string): Promise<PhotoAnswer>;
	/** undefined: there is none (any more). */
	file(number: number, photoId: string, form: EvidenceForm): Promise<EvidenceFile | undefined>;
}

export interface InterventionPhotosDeps {
	readonly store: Pick<SiteStore, 'interventions' | 'transaction'>;
	readonly writer: InterventionWriter;
	readonly files: EvidenceFiles;
	readonly images: Pick<ImageProcess, 'ask'>;
	/** Throws where the system does not say. */
	readonly freeBytes: () => number;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly log: Log;
	/** Nothing is written before. */
	readonly ready: () => Promise<void>;
}

export function createInterventionPhotos(deps: InterventionPhotosDeps): InterventionPhotos {
	const { store, writer, files, clock } = deps;
	const { interventions } = store;
	let waiting = 0;

	function hasRoom(bytes: number): boolean {
		const used = interventions.photoUsage();
		return used.bytes + bytes <= LIMITS.photoStoreBytes && used.images < LIMITS.photoStoreImages && hasDisk(bytes);
	}

	function hasDisk(bytes: number): boolean {
		try {
			return deps.freeBytes() - bytes > LIMITS.diskForEvidenceBytes;
		} catch (error) {
			deps.log.debug({ err: error }, 'the system does not say how much room the disk has');
			return true;
		}
	}

	/** Those of what has been closed longest go first. @returns false: no room can be made. */
	async function makeRoom(bytes: number): Promise<boolean> {
		while (!hasRoom(bytes)) {
			const over = interventions.photosOfClosed(clock.nowMs() + 1, LIMITS.maintenanceSlice);
			if (over.length === 0) return false;
			await endPhotos({ store, files }, over);
		}
		return true;
	}

	async function keep(number: number, bytes: Uint8Array, operatorId: string): Promise<PhotoAnswer> {
		const id = createHash('sha256').update(`${number}\n`).update(bytes).digest('hex');
		const known = interventions.photo(id);
		if (known !== undefined) return { result: 'done', photo: known };
		if (!(await makeRoom(LIMITS.evidenceImageBytes))) return refusedPicture('noRoom');
		const answer = await deps.images.ask({ kind: 'photo', imageId: id, bytes });
		if (answer.result === 'refused') return refusedPicture(answer.because);
		const { contentType, widthPx, heightPx, fileBytes } = answer;
		const photo: InterventionPhoto = {
			...{ id, number, contentType, widthPx, heightPx, bytes: fileBytes },
			...{ atMs: clock.nowMs(), operatorId },
		};
		// It may have been removed, or filled up, while the picture was looked at.
		const written = writer.transact((): PhotoAnswer => {
			const row = writer.held(number);
			const twin = interventions.photo(id);
			if (twin !== undefined) return { result: 'done', photo: twin };
			if (interventions.photos(number).length >= LIMITS.interventionPhotos) return writer.refuse('tooMany');
			interventions.addPhoto(photo);
			writer.write(row, 'photoAdded', operatorId, { photo: id, widthPx, heightPx });
			return { result: 'done', photo };
		});
		if (interventions.photo(id) === undefined) await files.remove([fileOf(photo)]);
		return written;
	}

	return {
		async add(number, bytes, operatorId) {
			if (interventions.intervention(number) === undefined) return { result: 'refused', because: 'notFound' };
			if (interventions.photos(number).length >= LIMITS.interventionPhotos) {
				return { result: 'refused', because: 'tooMany' };
			}
			if (waiting >= LIMITS.photosWaiting) return refusedPicture('busy');
			waiting += 1;
			try {
				await deps.ready();
				return await keep(number, bytes, operatorId);
			} finally {
				waiting -= 1;
			}
		},
		async remove(number, photoId, operatorId) {
			const answer = writer.transact((): PhotoAnswer => {
				const row = writer.held(number);
				const photo = ofNumber(interventions.photo(photoId), number) ?? writer.refuse('noSuchPart');
				interventions.removePhoto(photoId);
				writer.write(row, 'photoRemoved', operatorId, { photo: photoId });
				return { result: 'done', photo };
			});
			if (answer.result === 'done') await files.remove([fileOf(answer.photo)]);
			return answer;
		},
		async file(number, photoId, form) {
			const photo = ofNumber(interventions.photo(photoId), number);
			if (photo === undefined) return undefined;
			const bytes = await files.read(fileOf(photo), form);
			const contentType = form === 'image' ? photo.contentType : 'image/jpeg';
			return bytes && { bytes, contentType, version: `${photoId}-${form}` };
		},
	};
}

/** Rows first: a file that is left over is swept at the next start. */
export async function endPhotos(
	{ store, files }: Pick<InterventionPhotosDeps, 'store' | 'files'>,
	photos: readonly InterventionPhoto[],
): Promise<void> {
	store.transaction(() => {
		for (const { id } of photos) store.interventions.removePhoto(id);
	});
	await files.remove(photos.map(fileOf));
}

export function fileOf({ id, contentType }: InterventionPhoto): EvidenceFileOf {
	return { id, contentType, revision: 0 };
}

function ofNumber(photo: InterventionPhoto | undefined, number: number): InterventionPhoto | undefined {
	return photo?.number === number ? photo : undefined;
}

function refusedPicture(picture: EvidenceRefusal): PhotoAnswer {
	return { result: 'refused', because: 'picture', picture };
}
