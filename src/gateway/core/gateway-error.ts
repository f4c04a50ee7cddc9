/** Stable codes of broken resources and bugs; expected outcomes are unions, never thrown. */
export type GatewayErrorCode =
	| 'CONFIG_INVALID'
	| 'CREDENTIAL_MISSING'
	| 'STORE_UNAVAILABLE'
	| 'STORE_FULL'
	| 'STORE_READ_ONLY'
	| 'STORE_NEWER'
	| 'STORE_CORRUPT'
	| 'PORT_UNAVAILABLE'
	| 'PORT_BUSY'
	| 'PORT_LOST'
	| 'ADDRESS_IN_USE'
	| 'BROKER_UNREACHABLE'
	| 'SYSTEM_PART_MISSING'
	| 'NOT_FOUND'
	| 'FORBIDDEN'
	| 'UNAUTHENTICATED'
	| 'CONFLICT'
	| 'INVALID_REQUEST'
	| 'TOO_MANY'
	| 'INTERNAL';

/** Caught in three places only: the device supervisor, the HTTP problem handler and main. The message names what, where and how to mend it. */
export class GatewayError extends Error {
	readonly code: GatewayErrorCode;

	constructor(code: GatewayErrorCode, message: string, options?: { cause?: unknown }) {
		super(message, options);
		this.name = 'GatewayError';
		this.code = code;
	}
}
