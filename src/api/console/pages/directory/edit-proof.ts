import { createHmac } from 'node:crypto';
import type { Ui } from '../../ui.ts';

/** Only whoever is signed in here could have been given it: an undo, and the version of a row that may be masked. */
function proofOf({ login }: Ui, text: string): string {
	return createHmac('sha256', login?.csrf ?? '')
		.update(text)
		.digest('base64url')
		.slice(0, 22);
}

/** Of a row as it was read: a hash of what it holds can't be tried out by who sees it masked. */
export function versionOf(ui: Ui, etag: string): string {
	return proofOf(ui, `version ${etag}`);
}

/** Names a batch of edits that this login made itself. */
export function batchToken(ui: Ui, batchId: string): string {
	return `${batchId}.${proofOf(ui, `batch ${batchId}`)}`;
}

/** undefined: it is not from us, or of another login. */
export function batchOfToken(ui: Ui, token: unknown): string | undefined {
	if (typeof token !== 'string' || token.length > 200) return undefined;
	const batchId = token.slice(0, token.lastIndexOf('.'));
	return batchId !== '' && token === batchToken(ui, batchId) ? batchId : undefined;
}
