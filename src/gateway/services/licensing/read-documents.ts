import {
	type ParkStatement,
	type ProductLicence,
	parkStatementClaims,
	productLicenceClaims,
} from '../../core/licence/product-licence.ts';
import type { Log } from '../../core/log.ts';
import type { LicenceDocument } from '../../store/licences.ts';
import { openDocument } from './signed-document.ts';

/** Public keys that documents are signed with, PEM; absent: nobody can sign one. */
export interface LicenceKeys {
	readonly vendorKey?: string;
	readonly supportKey?: string;
}

/** A document that counts, with its text. */
export type Read<T> = T & { readonly text: string };

export interface ReadDocuments {
	readonly licence: Read<ProductLicence> | null;
	/** Why the stored licence does not count; null: it does, or there is none. */
	readonly problem: string | null;
	/** By park. */
	readonly statements: ReadonlyMap<string, Read<ParkStatement>>;
}

export const NO_DOCUMENTS: ReadDocuments = { licence: null, problem: null, statements: new Map() };

/** Signatures are checked again at every reading: what lies on the disk is believed no more than what comes. */
export async function readDocuments(
	documents: readonly LicenceDocument[],
	keys: LicenceKeys,
	log: Log,
): Promise<ReadDocuments> {
	let licence: Read<ProductLicence> | null = null;
	let problem: string | null = null;
	const statements = new Map<string, Read<ParkStatement>>();
	for (const { kind, text, serial } of documents) {
		const isLicence = kind === 'productLicence';
		const opened = await openDocument(text, kind, isLicence ? keys.vendorKey : keys.supportKey);
		const claims = 'claims' in opened ? opened.claims : undefined;
		const asLicence = isLicence ? productLicenceClaims.safeParse(claims) : undefined;
		const asStatement = isLicence ? undefined : parkStatementClaims.safeParse(claims);
		if (asLicence?.success) licence = { ...asLicence.data, text };
		else if (asStatement?.success) statements.set(asStatement.data.park, { ...asStatement.data, text });
		else {
			const detail = 'detail' in opened ? opened.detail : 'This version can not read it; ask the vendor for a new one.';
			log.warn({ serial, kind, problem: detail }, 'a stored licence document does not count');
			if (isLicence) problem = detail;
		}
	}
	return { licence, problem, statements };
}
