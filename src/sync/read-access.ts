import type { BrokerAccess, LinkProblem } from './link.ts';

/** Asks how the broker is reached; a secret that is missing is a problem of this connection, and may be there at the next. */
export function readAccess(broker: () => BrokerAccess): { access: BrokerAccess } | { problem: LinkProblem } {
	try {
		return { access: broker() };
	} catch (error) {
		return { problem: { kind: 'auth', text: error instanceof Error ? error.message : String(error) } };
	}
}
