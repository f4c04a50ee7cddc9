import { z } from 'zod';

/** What a licence may switch on. A name that this version does not know is kept and shown, and does nothing. */
export const CAPABILITIES = ['rfid', 'anpr', 'bookings', 'visitors', 'maintenance', 'reports', 'signature'] as const;

export type Capability = (typeof CAPABILITIES)[number];

const name = z.string().min(1).max(200);
const id = z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, dot, hyphen and underscore, 64 at most');
const count = z.int().min(0).max(1_000_000);
/** NumericDate of RFC 7519: seconds since 1970. */
const seconds = z.int().min(0).max(253_402_300_799);
const contact = z.object({
	name,
	email: z.string().max(254).optional(),
	phone: z.string().max(40).optional(),
	url: z.string().max(500).optional(),
});

/** Of a licence and of a statement: who it is for, when it was signed, and its number, used once (RFC 7519, 4.1). */
const signed = {
	jti: id,
	iat: seconds,
	/** `tenant/site`. */
	aud: z.string().regex(/^[\w.-]{1,64}\/[\w.-]{1,64}$/, 'TENANT/SITE'),
};

/** Claims of a product licence. Others are left out, so that a later vendor may say more. */
export const productLicenceClaims = z.object({
	...signed,
	nbf: seconds,
	exp: seconds,
	/** Number of this gateway at the vendor. */
	instance: id,
	/** RFC 7638 thumbprint of the gateway's own key; absent: any gateway of the site. */
	gatewayKey: z
		.string()
		.regex(/^[\w-]{43}$/)
		.optional(),
	customer: z.object({ id, name, contact: contact.optional() }),
	vendor: contact,
	support: contact.optional(),
	/** Name of what was bought. */
	variant: name,
	capabilities: z.array(id).max(64),
	/** Operators that may be active at once. */
	operators: count,
	/** Cameras whose reads may decide. */
	cameras: count,
	/** Seats by kind of licence. */
	seats: z.record(id, count).default({}),
	parks: z.union([z.literal('all'), z.array(z.string().min(1).max(64)).max(100)]),
});

export type ProductLicence = z.output<typeof productLicenceClaims>;

/** Claims of support's word on one park: only it makes a park active or inactive. */
export const parkStatementClaims = z.object({
	...signed,
	park: z.string().min(1).max(64),
	active: z.boolean(),
	/** For people. */
	reason: z.string().max(500).optional(),
	support: contact.optional(),
});

export type ParkStatement = z.output<typeof parkStatementClaims>;

/** Whom to call, shown to people only. */
export type Contact = z.output<typeof contact>;
