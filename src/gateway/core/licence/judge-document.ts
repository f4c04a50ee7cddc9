import type { z } from 'zod';
import {
	type ParkStatement,
	type ProductLicence,
	parkStatementClaims,
	productLicenceClaims,
} from './product-licence.ts';

/** Why a document was not taken; stable names, for programs. */
export type DocumentRefusal =
	/** Longer than any licence. */
	| 'tooLarge'
	/** No JWS in compact form (RFC 7515, 7.1). */
	| 'malformed'
	/** Not signed with EdDSA: `none` and HMAC are no signatures here. */
	| 'wrongAlgorithm'
	/** A licence where a statement was due, or the other way. */
	| 'wrongKind'
	/** Not signed by the key of the configuration. */
	| 'forged'
	/** The configuration names no key that could have signed it. */
	| 'noKey'
	/** Well signed, but a claim is missing or means nothing. */
	| 'incomplete'
	| 'otherSite'
	| 'otherGateway'
	| 'expired'
	| 'notYetValid'
	/** Signed before the one that counts, or the same again with another text. */
	| 'older'
	| 'unknownPark';

export interface RefusedDocument {
	readonly refusal: DocumentRefusal;
	/** One sentence: what is wrong, and how to mend it. */
	readonly detail: string;
}

/** Whom documents must be for. */
export interface DocumentSubject {
	readonly tenant: string;
	readonly site: string;
	/** RFC 7638 thumbprint. */
	readonly gatewayKey: string;
	readonly parkIds: readonly string[];
}

/** The document that counts now. */
interface Present {
	readonly jti: string;
	readonly iat: number;
}

type Judged<T> = { readonly claims: T } | RefusedDocument;

/**
 * Whether a licence whose signature holds may take the place of the one that counts.
 *
 * @param present The one that counts; null: none.
 * @param nowMs UTC epoch ms; null: the clock can't be trusted, so it is at least when the licence was signed.
 */
export function judgeProductLicence(
	claims: unknown,
	subject: DocumentSubject,
	present: Present | null,
	nowMs: number | null,
): Judged<ProductLicence> {
	const parsed = productLicenceClaims.safeParse(claims);
	if (!parsed.success) return incomplete(parsed.error);
	const licence = parsed.data;
	const refused = notForHere(licence, subject) ?? notNewer(licence, present);
	if (refused !== undefined) return refused;
	if (licence.gatewayKey !== undefined && licence.gatewayKey !== subject.gatewayKey)
		return no('otherGateway', 'It was made for another gateway’s key; send the vendor this gateway’s request file');
	if (licence.exp <= licence.nbf) return no('incomplete', 'It ends before it begins; ask the vendor for another');
	const atMs = nowMs ?? licence.iat * 1_000;
	if (licence.exp * 1_000 <= atMs)
		return no('expired', `It ran out on ${date(licence.exp)}; ask the vendor for a new one`);
	if (licence.nbf * 1_000 > atMs)
		return no(
			'notYetValid',
			`It is valid from ${date(licence.nbf)} on; install it then, or set the gateway’s clock right`,
		);
	return { claims: licence };
}

/**
 * Whether support's word on a park is newer than what counts of that park.
 *
 * @param presentOf The statement that counts of a park; null: none.
 */
export function judgeParkStatement(
	claims: unknown,
	subject: DocumentSubject,
	presentOf: (park: string) => Present | null,
): Judged<ParkStatement> {
	const parsed = parkStatementClaims.safeParse(claims);
	if (!parsed.success) return incomplete(parsed.error);
	const statement = parsed.data;
	const refused = notForHere(statement, subject);
	if (refused !== undefined) return refused;
	if (!subject.parkIds.includes(statement.park))
		return no('unknownPark', `This site has no such park; it has ${subject.parkIds.join(', ') || 'none'}`);
	return notNewer(statement, presentOf(statement.park)) ?? { claims: statement };
}

function notForHere({ aud }: { readonly aud: string }, { tenant, site }: DocumentSubject): RefusedDocument | undefined {
	const here = `${tenant}/${site}`;
	return aud === here ? undefined : no('otherSite', `It is for another site; this one is ${here}`);
}

function notNewer({ iat, jti }: Present, present: Present | null): RefusedDocument | undefined {
	if (present === null || iat > present.iat) return undefined;
	// The very same one again is no mistake: the caller says so before it asks.
	if (iat === present.iat && jti > present.jti) return undefined;
	return no('older', `A later one, signed on ${date(present.iat)}, counts; ask the vendor for a new one`);
}

function incomplete(error: z.ZodError): RefusedDocument {
	const [issue] = error.issues;
	const where = issue?.path.join('.') || 'the document';
	return no('incomplete', `Its claim ${where} is missing or of no use; ask the vendor for another`);
}

function no(refusal: DocumentRefusal, detail: string): RefusedDocument {
	return { refusal, detail: `${detail}.` };
}

function date(seconds: number): string {
	return Temporal.Instant.fromEpochMilliseconds(seconds * 1_000)
		.toString()
		.slice(0, 10);
}
