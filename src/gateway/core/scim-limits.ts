/** Bounds of what identity providers send by SCIM (RFC 7644); see `LIMITS`. */
export const SCIM_LIMITS = {
	/** Resources of one answer; Okta and Entra ask for 100 at a time. */
	scimPage: 200,
	scimPageDefault: 100,
	/** Characters of a filter or a path, comparisons in it, and brackets within one another: what people and providers write has five. */
	scimFilterLength: 4_000,
	scimFilterTerms: 30,
	scimFilterDepth: 20,
	/** Operations of one PATCH. */
	scimPatchOperations: 1_000,
	/** Operations of one bulk request: each is a commit of its own, and the lanes' go between. */
	scimBulkOperations: 200,
	/** Members put in, or taken out, by one request: one transaction of less than half a second. */
	scimMembersChanged: 1_000,
	/** Members told in one page of groups; a group that has more is told by itself. */
	scimMembersListed: 20_000,
	/** Values of one attribute, characters of one value, and of all that is kept of one user. */
	scimValues: 50,
	scimValueLength: 4_000,
	scimUserLength: 32_000,
} as const;
