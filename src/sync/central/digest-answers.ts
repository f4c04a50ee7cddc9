import { type BucketSums, decodeSums, differingBuckets } from '../../gateway/core/directory-digest.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Body } from '../envelope.ts';
import type { StoredRow } from './stream-digests.ts';
import { pages, type StreamStore } from './stream-store.ts';

type Request = Body<'digestRequest'>;
type Answer = Body<'digestAnswer'>;

/** What a site whose rows differ is sent: the first differing buckets as they are now, in parts that fit messages. */
export function answerDigest(
	{ heads, digests }: Pick<StreamStore, 'heads' | 'digests'>,
	request: Request,
): readonly Answer[] {
	const { requestId, stream, centralEpoch, rev } = request;
	return digests.atOneState((): readonly Answer[] => {
		const head = heads().find((known) => known.stream === stream);
		if (head === undefined) return [];
		const theirs = decodeSums(Buffer.from(request.sums, 'base64'));
		const ours = head.centralEpoch === centralEpoch ? digests.sumsAt(stream, rev) : undefined;
		if (theirs === undefined || ours === undefined) return [{ answer: 'snapshot', requestId, stream }];
		const differing = differingBuckets(ours, theirs);
		if (differing.length === 0) return [{ answer: 'same', requestId, stream }];
		if (differing.length > LIMITS.mendedBuckets) return [{ answer: 'snapshot', requestId, stream }];
		const sent = firstBuckets(digests, stream, differing);
		const rows = sent.flatMap((bucket) => bucket.rows);
		const cut = pages(rows, LIMITS.snapshotChunkRows, ({ row }) => row.length);
		const parts = cut.length === 0 ? [[]] : cut;
		const told = { requestId, stream, centralEpoch, rev: head.rev, differing: differing.length };
		const buckets = sent.map(({ bucket, sum }) => ({ bucket, sum }));
		return parts.map((page, part) => ({
			...{ answer: 'rows', ...told, buckets, part, parts: parts.length },
			rows: page.map(({ table, key, row }) => ({ table, key, row: JSON.parse(row) as unknown })),
		}));
	});
}

interface SentBucket {
	readonly bucket: number;
	readonly sum: string;
	readonly rows: readonly StoredRow[];
}

/** At least one. */
function firstBuckets(digests: StreamStore['digests'], stream: string, differing: readonly number[]): SentBucket[] {
	const sums = digests.sums(stream);
	const sent: SentBucket[] = [];
	let count = 0;
	for (const bucket of differing) {
		const rows = digests.rowsOf(stream, bucket);
		if (sent.length > 0 && count + rows.length > LIMITS.mendedRows) break;
		count += rows.length;
		sent.push({ bucket, sum: hexOf(sums, bucket), rows });
	}
	return sent;
}

function hexOf(sums: BucketSums, bucket: number): string {
	return (sums[bucket] ?? 0n).toString(16).padStart(16, '0');
}
