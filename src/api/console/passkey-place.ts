import type { Operators } from '../../gateway/services/operators.ts';
import type { HttpContext } from '../http/login-context.ts';

/** Whether passkeys work on the page that is read. */
export type PasskeyPlace =
	| { readonly state: 'here' }
	/** The console has no name. */
	| { readonly state: 'noAddress' }
	/** It is open by another name, or without encryption. */
	| { readonly state: 'elsewhere'; readonly address: string };

/** By the name that it was asked for: a proxy in front may encrypt. */
export function passkeyPlace(c: HttpContext, { passkeys: { address } }: Operators): PasskeyPlace {
	if (address === null) return { state: 'noAddress' };
	return new URL(address).host === c.req.header('host') ? { state: 'here' } : { state: 'elsewhere', address };
}
