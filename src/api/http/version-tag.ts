import { z } from '@hono/zod-openapi';
import { InvalidRequest } from './problem.ts';

/** ETags of what counts its changes. */
export const ifMatchHeader = z.object({
	'if-match': z.string().max(100).optional().openapi({
		description: 'The ETag it was read with: only while it still is as it was then, else 412',
		example: '"3"',
	}),
});

export function versionTag(version: number): string {
	return `"${version}"`;
}

/** undefined: none was sent, or any will do. Throws InvalidRequest for a tag of something else. */
export function versionOf(ifMatch: string | undefined): number | undefined {
	if (ifMatch === undefined || ifMatch === '*') return undefined;
	const version = /^"(\d{1,15})"$/.exec(ifMatch)?.[1];
	if (version !== undefined) return Number(version);
	const mend = 'Send the ETag as it came, or leave the header out.';
	throw new InvalidRequest([{ path: 'header.if-match', problem: 'No ETag of this', mend }]);
}
