import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What an authenticator and a browser say, or a lying one. */
export interface Told {
	readonly origin?: string;
	readonly rpId?: string;
	readonly challenge?: string;
	readonly type?: string;
	readonly crossOrigin?: boolean;
	readonly isPresent?: boolean;
	readonly isVerified?: boolean;
	readonly counter?: number;
	readonly userHandle?: string | null;
	/** In place of the id of the credential that signs. */
	readonly id?: string;
	readonly attestation?: ReadonlyMap<string, unknown>;
}

interface Credential {
	readonly id: Buffer;
	readonly key: KeyObject;
	readonly userHandle: string;
	counter: number;
}

export interface Asked {
	readonly challenge: string;
	readonly [more: string]: unknown;
}

/**
 * A passkey's authenticator with the browser around it (Web Authentication Level 3, 5.1.9, 6.1, 6.5): ES256, no attestation.
 * It signs whatever it is told to.
 */
export function createSoftwareAuthenticator({ origin, rpId }: { readonly origin: string; readonly rpId: string }) {
	let held: Credential | undefined;

	function clientData(challenge: string, told: Told, type: string): Buffer {
		const { crossOrigin = false } = told;
		const said = { type: told.type ?? type, challenge: told.challenge ?? challenge, origin: told.origin ?? origin };
		return Buffer.from(JSON.stringify({ ...said, crossOrigin }));
	}

	/** 6.1: hash of the RP ID, flags UP, UV, BE, BS and AT, counter. */
	function authenticatorData(told: Told, counter: number, attested = Buffer.alloc(0)): Buffer {
		const { isPresent = true, isVerified = true } = told;
		const flags = (isPresent ? 1 : 0) | (isVerified ? 4 : 0) | (attested.length > 0 ? 0x40 : 0);
		const head = Buffer.alloc(5);
		head.writeUInt8(flags, 0);
		head.writeUInt32BE(counter, 1);
		const name = createHash('sha256')
			.update(told.rpId ?? rpId)
			.digest();
		return Buffer.concat([name, head, attested]);
	}

	const need = (): Credential => {
		if (held === undefined) throw new Error('it holds no passkey');
		return held;
	};

	return {
		get credentialId() {
			return need().id.toString('base64url');
		},
		/** Signatures made so far; a copy of it goes on from where it was copied. */
		set counter(value: number) {
			need().counter = value;
		},
		/** `navigator.credentials.create()`, as JSON. */
		make(options: Asked, told: Told = {}) {
			const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
			const user = Object(options['user']);
			held = { id: randomBytes(32), key: privateKey, userHandle: String(user.id), counter: told.counter ?? 1 };
			const attested = Buffer.concat([
				...[Buffer.alloc(16), Buffer.of(0, held.id.length), held.id],
				encodeCbor(coseKey(publicKey)),
			]);
			const authData = authenticatorData(told, held.counter, attested);
			const attestation =
				told.attestation ??
				new Map<string, unknown>([
					['fmt', 'none'],
					['attStmt', new Map()],
				]);
			const id = told.id ?? held.id.toString('base64url');
			return {
				...{ id, rawId: id, type: 'public-key', clientExtensionResults: {}, authenticatorAttachment: 'platform' },
				response: {
					clientDataJSON: clientData(options.challenge, told, 'webauthn.create').toString('base64url'),
					attestationObject: encodeCbor(new Map([...attestation, ['authData', authData]])).toString('base64url'),
					transports: ['internal'],
				},
			};
		},
		/** `navigator.credentials.get()`, as JSON. */
		use(options: Asked, told: Told = {}) {
			const credential = need();
			credential.counter += credential.counter === 0 ? 0 : 1;
			const data = clientData(options.challenge, told, 'webauthn.get');
			const authData = authenticatorData(told, told.counter ?? credential.counter);
			const signed = Buffer.concat([authData, createHash('sha256').update(data).digest()]);
			const id = told.id ?? credential.id.toString('base64url');
			const userHandle = told.userHandle === undefined ? credential.userHandle : told.userHandle;
			return {
				...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
				response: {
					clientDataJSON: data.toString('base64url'),
					authenticatorData: authData.toString('base64url'),
					signature: sign('sha256', signed, credential.key).toString('base64url'),
					...(userHandle !== null && { userHandle }),
				},
			};
		},
	};
}

export type SoftwareAuthenticator = ReturnType<typeof createSoftwareAuthenticator>;

/** RFC 9053, 7.1.1: kty EC2, alg ES256, crv P-256, x, y. */
function coseKey(publicKey: KeyObject): Map<number, unknown> {
	const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
	return new Map<number, unknown>([
		...([
			[1, 2],
			[3, -7],
			[-1, 1],
		] as const),
		[-2, Buffer.from(x, 'base64url')],
		[-3, Buffer.from(y, 'base64url')],
	]);
}

/** RFC 8949, as much as keys and attestations need. */
export function encodeCbor(value: unknown): Buffer {
	if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
	if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
	if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
	if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
	if (value instanceof Map) {
		const members = [...value].flatMap(([key, member]) => [encodeCbor(key), encodeCbor(member)]);
		return Buffer.concat([head(5, value.size), ...members]);
	}
	throw new Error(`no CBOR of ${typeof value}`);
}

function head(major: number, count: number): Buffer {
	const kind = major << 5;
	if (count < 24) return Buffer.of(kind | count);
	if (count < 256) return Buffer.of(kind | 24, count);
	return Buffer.of(kind | 25, count >> 8, count & 255);
}
