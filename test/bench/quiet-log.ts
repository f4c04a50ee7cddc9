import type { Log } from '../../src/gateway/core/log.ts';

/** Says what went wrong, nothing else. */
export const quietLog: Log = {
	debug: () => undefined,
	info: () => undefined,
	warn: (fields, message) => console.error(message, fields),
	error: (fields, message) => console.error(message, fields),
	child: () => quietLog,
};
