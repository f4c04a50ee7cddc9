import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { SealedText } from '../../store/hand-overs.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** The text that is hashed, and its SHA-256 in hex. */
export function sealOf(content: object): Pick<SealedText, 'content' | 'sha256'> {
	const text = canonicalJson(content);
	return { content: text, sha256: sha256Of(text) };
}

/** Whether a text is still the one that was sealed: by its own hash, and by the one in the hash-chained journal. */
export function isIntact(journal: Pick<SiteStore['journal'], 'entryAt'>, sealed: SealedText): boolean {
	if (sha256Of(sealed.content) !== sealed.sha256) return false;
	const entry = journal.entryAt(sealed.gatewayEpoch, sealed.seq);
	return entry?.type === 'audit' && entry.detail['sha256'] === sealed.sha256;
}

function sha256Of(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
