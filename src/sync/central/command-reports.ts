import type { Body } from '../envelope.ts';

/** Reports being put together at once; more are from sites that were cut off in between. */
const AT_ONCE = 32;

/** Puts together what comes in parts. */
export interface CommandReports {
	/** @returns the whole, with its last part. */
	take(site: string, part: Body<'commandReport'>): string | undefined;
}

export function createCommandReports(): CommandReports {
	const begun = new Map<string, (string | undefined)[]>();
	return {
		take(site, { commandId, index, count, part }) {
			const key = `${site}/${commandId}`;
			const parts = begun.get(key) ?? Array.from<string | undefined>({ length: count });
			if (index >= count || parts.length !== count) return undefined;
			parts[index] = part;
			begun.delete(key);
			if (parts.every((one) => one !== undefined)) return parts.join('');
			begun.set(key, parts);
			const [oldest] = begun.keys();
			if (begun.size > AT_ONCE && oldest !== undefined) begun.delete(oldest);
			return undefined;
		},
	};
}
