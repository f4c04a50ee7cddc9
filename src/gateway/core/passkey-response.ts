import { z } from 'zod';
import { LIMITS } from './limits.ts';

const base64url = (longest: number) =>
	z
		.string()
		.min(1)
		.max(longest)
		.regex(/^[\w-]+$/);

const credential = {
	id: base64url(LIMITS.passkeyIdChars),
	rawId: base64url(LIMITS.passkeyIdChars),
	type: z.literal('public-key'),
};

/** What a browser says of a passkey that was made (Web Authentication Level 3, 5.1.9 `RegistrationResponseJSON`); the rest of it is dropped. */
export const madePasskeySchema = z.object({
	...credential,
	response: z.object({
		clientDataJSON: base64url(LIMITS.passkeyPartChars),
		attestationObject: base64url(LIMITS.passkeyAttestationChars),
		transports: z.array(z.string().max(32)).max(16).default([]),
	}),
});

/** What a browser says of a passkey that was used (`AuthenticationResponseJSON`); the rest of it is dropped. */
export const usedPasskeySchema = z.object({
	...credential,
	response: z.object({
		clientDataJSON: base64url(LIMITS.passkeyPartChars),
		authenticatorData: base64url(LIMITS.passkeyPartChars),
		signature: base64url(LIMITS.passkeyPartChars),
		/** Whose it is, as it was told when the passkey was made. */
		userHandle: base64url(100).nullish(),
	}),
});

export type MadePasskeyResponse = z.infer<typeof madePasskeySchema>;
export type UsedPasskeyResponse = z.infer<typeof usedPasskeySchema>;

/** Of the JSON that a form brings; undefined: it is none of a browser's. */
export function parsePasskeyJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
	try {
		return schema.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined;
	}
}
