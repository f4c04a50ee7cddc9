import { LIMITS } from '../../core/limits.ts';
import type { MadePasskeyResponse, UsedPasskeyResponse } from '../../core/passkey-response.ts';
import type { PasskeyRow } from '../../store/passkeys.ts';

/** Whose passkeys they are: bound to a name, and good from this one address only. */
export interface RelyingParty {
	/** The host's name (Web Authentication Level 3, `RP ID`). */
	readonly id: string;
	/** Such as `https://gate.example.org`. */
	readonly origin: string;
	/** Shown by authenticators. */
	readonly name: string;
}

/** @param address as the configuration has it; without one passkeys can't be used */
export function relyingPartyOf(address: string, name: string): RelyingParty {
	const { hostname, origin } = new URL(address);
	return { id: hostname, origin, name };
}

/** JSON for the browser's `navigator.credentials` (5.1.9, 5.1.10). */
export type PasskeyOptions = Readonly<Record<string, unknown>> & { readonly challenge: string };

type Known = Pick<PasskeyRow, 'credentialId' | 'transports'>;

/** What is kept of a passkey that was made. */
export type MadePasskey = Pick<PasskeyRow, 'credentialId' | 'publicKey' | 'counter' | 'transports'>;

/** EdDSA, ES256, RS256 (RFC 9053, RFC 8812): every authenticator has one of them. */
const ALGORITHMS = [-8, -7, -257];

/** Loaded when the first passkey is made or used: half a second that a start does not need. */
const library = () => import('@simplewebauthn/server');
const helpers = () => import('@simplewebauthn/server/helpers');

/** For `navigator.credentials.create()`: one that stays in the authenticator, and looks at who uses it. */
export async function creationOptions(
	party: RelyingParty,
	asked: {
		readonly challenge: string;
		readonly operator: { readonly id: string; readonly email: string; readonly name: string };
		/** Those they have: an authenticator takes no second one. */
		readonly present: readonly Known[];
	},
): Promise<PasskeyOptions> {
	const { generateRegistrationOptions } = await library();
	const { challenge, operator, present } = asked;
	const options = await generateRegistrationOptions({
		...{ rpID: party.id, rpName: party.name, attestationType: 'none', supportedAlgorithmIDs: ALGORITHMS },
		...{ userID: new TextEncoder().encode(operator.id), userName: operator.email, userDisplayName: operator.name },
		challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
		timeout: LIMITS.passkeyChallengeMs,
		excludeCredentials: present.map(described),
		authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
	});
	return { ...options };
}

/** For `navigator.credentials.get()`. @param allowed none: the authenticator shows those it has */
export async function requestOptions(
	party: RelyingParty,
	{ challenge, allowed }: { readonly challenge: string; readonly allowed: readonly Known[] },
): Promise<PasskeyOptions> {
	const { generateAuthenticationOptions } = await library();
	const options = await generateAuthenticationOptions({
		...{ rpID: party.id, userVerification: 'required', timeout: LIMITS.passkeyChallengeMs },
		challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
		...(allowed.length > 0 && { allowCredentials: allowed.map(described) }),
	});
	return { ...options };
}

function described({ credentialId, transports }: Known) {
	return { id: credentialId, transports: [...transports] };
}

export interface Expected {
	readonly party: RelyingParty;
	readonly isChallenge: (challenge: string) => boolean;
}

/**
 * 7.1. Throws where it is not what was asked for. Certificates of makers are neither asked for nor read: the library would
 * fetch their revocation lists from wherever they say.
 */
export async function verifyMade(
	response: MadePasskeyResponse,
	{ party, isChallenge }: Expected,
): Promise<MadePasskey> {
	checkFrame(response.response.clientDataJSON);
	const { decodeAttestationObject, isoBase64URL } = await helpers();
	const attestation = decodeAttestationObject(isoBase64URL.toBuffer(response.response.attestationObject));
	const statement = attestation.get('attStmt');
	const isPlain = attestation.get('fmt') === 'none';
	const isOwn = attestation.get('fmt') === 'packed' && statement instanceof Map && !statement.has('x5c');
	if (!isPlain && !isOwn) throw new Error('an attestation that nobody asked for');
	const { verifyRegistrationResponse } = await library();
	const { verified, registrationInfo } = await verifyRegistrationResponse({
		response: { ...response, response: { ...response.response }, clientExtensionResults: {} },
		...{ expectedChallenge: isChallenge, expectedOrigin: party.origin, expectedRPID: party.id },
		...{ requireUserVerification: true, supportedAlgorithmIDs: ALGORITHMS },
	});
	if (!verified) throw new Error('the attestation does not fit');
	const { id: credentialId, publicKey, counter } = registrationInfo.credential;
	if (credentialId !== response.id) throw new Error('another credential than it says');
	return { credentialId, publicKey, counter, transports: response.response.transports };
}

/**
 * 7.2. Throws where it is not what was asked for. The counter is for whoever keeps it: it is looked at after the signature.
 * @returns the counter
 */
export async function verifyUsed(
	response: UsedPasskeyResponse,
	{ party, isChallenge, passkey }: Expected & { readonly passkey: PasskeyRow },
): Promise<number> {
	checkFrame(response.response.clientDataJSON);
	const { verifyAuthenticationResponse } = await library();
	const { userHandle, ...parts } = response.response;
	const { verified, authenticationInfo } = await verifyAuthenticationResponse({
		response: { ...response, response: { ...parts, ...(userHandle && { userHandle }) }, clientExtensionResults: {} },
		...{ expectedChallenge: isChallenge, expectedOrigin: party.origin, expectedRPID: party.id },
		credential: { id: passkey.credentialId, publicKey: passkey.publicKey, counter: 0 },
		requireUserVerification: true,
	});
	if (!verified) throw new Error('the signature does not fit');
	return authenticationInfo.newCounter;
}

/** Challenge of what was signed; undefined: it says none. */
export function challengeOf(clientDataJson: string): string | undefined {
	const { challenge } = clientData(clientDataJson);
	return typeof challenge === 'string' ? challenge : undefined;
}

/** 7.2, step 13: no page of ours stands in another's frame; not every browser names the outer one. */
function checkFrame(clientDataJson: string): void {
	if (clientData(clientDataJson)['crossOrigin'] === true) throw new Error('asked for in a frame of another page');
}

/** Throws SyntaxError. */
function clientData(base64url: string): Readonly<Record<string, unknown>> {
	const parsed: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
	return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}
