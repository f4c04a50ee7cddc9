/** RFC 7644, table 9. */
export type ScimType =
	| 'invalidFilter'
	| 'tooMany'
	| 'uniqueness'
	| 'mutability'
	| 'invalidSyntax'
	| 'invalidPath'
	| 'noTarget'
	| 'invalidValue'
	| 'invalidVers'
	| 'sensitive';

export type ScimStatus = 400 | 403 | 404 | 409 | 412 | 413 | 429 | 501;

/** What a request asks for is not done; thrown from wherever it is found, and said as an error of RFC 7644, 3.12. */
export class ScimRefusal extends Error {
	readonly status: ScimStatus;
	readonly scimType: ScimType | undefined;

	constructor(status: ScimStatus, scimType: ScimType | undefined, detail: string) {
		super(detail);
		this.name = 'ScimRefusal';
		this.status = status;
		this.scimType = scimType;
	}
}

/** Most of them. */
export function badRequest(scimType: ScimType, detail: string): ScimRefusal {
	return new ScimRefusal(400, scimType, detail);
}
