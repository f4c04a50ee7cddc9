import { createHash } from 'node:crypto';
import type { EvidenceRefusal } from '../../core/evidence.ts';
import { LIMITS } from '../../core/limits.ts';
import type { EvidenceFile } from '../evidence/evidence.ts';
import { Refused, refusable } from './guarded-change.ts';
import type { OperatorsParts } from './operators-deps.ts';

export type PictureAnswer =
	| { readonly result: 'done' }
	/** Nothing was changed. */
	| { readonly result: 'refused'; readonly because: EvidenceRefusal };

/** Pictures of operators: nothing is kept of what was sent but its pixels, and those in one size. */
export interface OwnPicture {
	has(operatorId: string): boolean;
	/** undefined: they have none. */
	get(operatorId: string): EvidenceFile | undefined;
	/** In place of the one there was; audited. Looked at in a process of its own. */
	set(operatorId: string, bytes: Uint8Array): Promise<PictureAnswer>;
	/** @returns false: there was none. */
	remove(operatorId: string): boolean;
}

export function createOwnPicture({ store, audit, journalGrew, portrait }: OperatorsParts): OwnPicture {
	const { operators, transaction } = store;
	let waiting = 0;

	async function made(bytes: Uint8Array) {
		if (portrait === undefined) return refused('noRoom');
		if (bytes.length > LIMITS.portraitBytes) return refused('tooLarge');
		if (waiting >= LIMITS.portraitsWaiting) return refused('busy');
		waiting += 1;
		try {
			return await portrait(bytes);
		} finally {
			waiting -= 1;
		}
	}

	function keep(operatorId: string, jpeg: Uint8Array): PictureAnswer {
		const version = createHash('sha256').update(jpeg).digest('hex').slice(0, 32);
		const answer = refusable(transaction, (): PictureAnswer => {
			// They may have been removed, and the last place taken, while it was looked at.
			const isThere = operators.operatorById(operatorId) !== undefined;
			const hasRoom = operators.hasPicture(operatorId) || operators.pictureCount() < LIMITS.portraits;
			if (!isThere || !hasRoom || jpeg.length > LIMITS.portraitStoredBytes) throw new Refused(refused('noRoom'));
			operators.setPicture(operatorId, { version, jpeg: Uint8Array.from(jpeg) });
			audit.write('ownPictureSet', operatorId, operatorId, { bytes: jpeg.length });
			return { result: 'done' };
		});
		if (answer.result === 'done') journalGrew();
		return answer;
	}

	return {
		has: operators.hasPicture,
		get(operatorId) {
			const found = operators.pictureOf(operatorId);
			return found && { bytes: Uint8Array.from(found.jpeg), contentType: 'image/jpeg', version: found.version };
		},
		async set(operatorId, bytes) {
			const answer = await made(bytes);
			return answer.result === 'portrait' ? keep(operatorId, answer.bytes) : answer;
		},
		remove(operatorId) {
			if (!operators.hasPicture(operatorId)) return false;
			transaction(() => {
				operators.setPicture(operatorId, null);
				audit.write('ownPictureRemoved', operatorId, operatorId, {});
			});
			journalGrew();
			return true;
		},
	};
}

function refused(because: EvidenceRefusal): { readonly result: 'refused'; readonly because: EvidenceRefusal } {
	return { result: 'refused', because };
}
