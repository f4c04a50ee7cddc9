import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Digits and letters that are not mistaken for each other when read aloud or off a screen. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const GROUPS = 3;
const GROUP_LENGTH = 4;

/** Such as `7KQM-X2PD-94HB`: 59 bits, more than can be tried before it expires. */
export function newCode(): string {
	const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
	return Array.from({ length: GROUPS }, group).join('-');
}

/** However it was typed: in any case, with or without dashes and spaces. */
export function hashCode(code: string): string {
	return sha256(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''));
}

/** 256 random bits, so a plain hash is enough to keep it. */
export function newToken(): string {
	return randomBytes(32).toString('base64url');
}

/** The prefix lets scanners of published files find it, and people tell what it is. */
export function newApiToken(): string {
	return `pgt_${newToken()}`;
}

export function hashToken(token: string): string {
	return sha256(token);
}

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}

/** Names a login where it is listed: too short to be turned back into what is kept of its token. */
export function sessionId(tokenHash: string): string {
	return tokenHash.slice(0, 16);
}
