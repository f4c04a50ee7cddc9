/** What mails of a site are about. */
export const LETTER_KINDS = ['invitation', 'passwordReset', 'addressCode', 'addressNotice'] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];

/** A mail before it is written out. What is said of it comes from outside: it is plain text and breaks no header. */
export interface Letter {
	readonly kind: LetterKind;
	readonly to: string;
	readonly name: string;
	readonly language: 'en' | 'fr' | 'nl';
	/** What people call the site, and its IANA time zone. */
	readonly site: string;
	readonly timeZone: string;
	/** With the one-time code; null: it brings none. */
	readonly link: string | null;
	/** Until when the link works; null: it has none. */
	readonly endsAtMs: number | null;
	/** Of `addressNotice`: the new address, masked. */
	readonly newAddress: string | null;
}

/**
 * Why a mail was not taken. `unanswered`: the connection ended in the middle, it may have been taken. `expired`: its
 * code was too old before it could leave. `noCentralMail`: central has no mail server. `lost`: it can't be read any more.
 */
export const MAIL_PROBLEMS = [
	'unreachable',
	'noEncryption',
	'loginRefused',
	'addressRefused',
	'refused',
	'unanswered',
	'tooMany',
	'expired',
	'noCentralMail',
	'lost',
] as const;
export type MailProblem = (typeof MAIL_PROBLEMS)[number];

/** What became of one try to send a mail. */
export type Sent =
	| { readonly result: 'sent' }
	/** `again`: it may be taken later. `code`: of the mail server (RFC 5321, 4.2), null where it did not answer. */
	| { readonly result: 'failed'; readonly problem: MailProblem; readonly code: number | null; readonly again: boolean };

/** Text from outside where a line of a mail stands: it begins no other. */
export function oneLine(text: string): string {
	return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
