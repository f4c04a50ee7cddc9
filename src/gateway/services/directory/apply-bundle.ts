import { setImmediate as turn } from 'node:timers/promises';
import type { DirectoryRow } from '../../core/directory.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import { type BundleDifference, bundleDifference } from './bundle-rights.ts';
import type { DirectoryChange, DirectoryEdits, EditBy, EditProblem } from './directory-edits.ts';
import type { DirectoryLists } from './directory-lists.ts';

/** One holder whose rights a bundle would change. */
export interface BundleChange {
	readonly holderId: string;
	readonly holderName: string;
	/** Specifications. */
	readonly gains: readonly string[];
	readonly loses: readonly string[];
}

export interface BundlePreview {
	/** Holders who gain or lose something, all of them. */
	readonly holders: number;
	readonly gains: number;
	readonly loses: number;
	/** The first of them, at most `LIMITS.pageSize`. */
	readonly changes: readonly BundleChange[];
}

export type BundleAnswer =
	/** `batchIds`: each can be undone. */
	| { readonly result: 'done'; readonly holders: number; readonly batchIds: readonly string[] }
	| { readonly result: 'refused'; readonly holders: number; readonly problems: readonly EditProblem[] };

/**
 * A bundle that changed gives nobody anything by itself (X10): this says who would gain and lose what if it reached back,
 * and does it, when asked, in batches between which the lanes decide.
 */
export interface BundleApplication {
	preview(bundleId: string): Promise<BundlePreview>;
	apply(bundleId: string, by: EditBy): Promise<BundleAnswer>;
}

type Holder = DirectoryRow<'holders'>;
type Right = DirectoryRow<'assignedRights'>;
type Bundle = DirectoryRow<'bundles'>;

interface Affected extends BundleDifference {
	readonly holder: Holder;
}

/** Holders looked at between two turns of the event loop. */
const HOLDERS_PER_SLICE = 20;

export function createBundleApplication(deps: {
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'find'>;
	readonly lists: Pick<DirectoryLists, 'rows'>;
	readonly edits: Pick<DirectoryEdits, 'edit'>;
	readonly newId: () => string;
}): BundleApplication {
	const { directory, lists, edits, newId } = deps;

	/** Who has the tag, for the default bundle everybody, and who has rights of it from another time. */
	async function* affected(bundleId: string): AsyncGenerator<Affected> {
		const bundle = directory.row('bundles', bundleId);
		if (bundle === undefined)
			throw new GatewayError('NOT_FOUND', `There is no bundle ${JSON.stringify(bundleId)} here.`);
		const where = bundle.isDefault ? { kind: ['person'] } : { tags: [bundle.tag] };
		const isAmong = ({ kind, tags }: Holder) => (bundle.isDefault ? kind === 'person' : tags.includes(bundle.tag));
		// Rows of declared tables; the general type forgets which.
		for await (const rows of lists.rows({ table: 'holders', where }))
			yield* inSlices(rows as unknown as readonly Holder[]);
		const seen = new Set<string>();
		for await (const rights of lists.rows({ table: 'assignedRights', where: { bundleId: [bundleId] } })) {
			const ids = rights.map(({ holderId }) => String(holderId)).filter((id) => !seen.has(id));
			const holders = [...new Set(ids)].flatMap((id) => directory.row('holders', id) ?? []);
			for (const { id } of holders) seen.add(id);
			yield* inSlices(holders.filter((holder) => !isAmong(holder)));
		}
	}

	async function* inSlices(holders: readonly Holder[]): AsyncGenerator<Affected> {
		for (let at = 0; at < holders.length; at += HOLDERS_PER_SLICE) {
			yield* differences(holders.slice(at, at + HOLDERS_PER_SLICE));
			await turn();
		}
	}

	function differences(holders: readonly Holder[]): readonly Affected[] {
		return directory.read(() => {
			const bundles = rows<Bundle>('bundles', {}, LIMITS.bundles);
			return holders
				.map((holder) => {
					const rights = rows<Right>('assignedRights', { holderId: holder.id }, LIMITS.editsTogether);
					return { holder, ...bundleDifference(holder, rights, bundles) };
				})
				.filter(({ gains, loses, moves }) => gains.length + loses.length + moves.length > 0);
		});
	}

	function rows<Row>(table: 'bundles' | 'assignedRights', where: Readonly<Record<string, unknown>>, limit: number) {
		const ids = directory.find(table, where, limit);
		return ids.map((id) => directory.row(table, id)).filter((row) => row !== undefined) as readonly Row[];
	}

	return {
		async preview(bundleId) {
			const changes: BundleChange[] = [];
			const total = { holders: 0, gains: 0, loses: 0 };
			for await (const { holder, gains, loses } of affected(bundleId)) {
				if (gains.length + loses.length === 0) continue;
				total.holders += 1;
				total.gains += gains.length;
				total.loses += loses.length;
				if (changes.length >= LIMITS.pageSize) continue;
				changes.push({
					holderId: holder.id,
					holderName: holder.name,
					gains: gains.map(({ specificationId }) => specificationId),
					loses: loses.map(({ specificationId }) => specificationId),
				});
			}
			return { ...total, changes };
		},
		async apply(bundleId, { operatorId }) {
			const batchIds: string[] = [];
			/** In the batch that goes on: one that is larger can't be undone at once. */
			let inBatch = Number.POSITIVE_INFINITY;
			let holders = 0;
			let waiting: DirectoryChange[] = [];
			const write = (): readonly EditProblem[] => {
				if (waiting.length === 0) return [];
				const goesOn = inBatch + waiting.length <= LIMITS.editsTogether ? batchIds.at(-1) : undefined;
				const answer = edits.edit(waiting, { operatorId, batchId: goesOn ?? newId() });
				if (answer.result === 'refused') return answer.problems;
				inBatch = goesOn === undefined ? waiting.length : inBatch + waiting.length;
				waiting = [];
				if (goesOn === undefined) batchIds.push(answer.batchId);
				return [];
			};
			for await (const one of affected(bundleId)) {
				const changes = changesFor(one);
				if (waiting.length + changes.length > LIMITS.bundleEditsTogether) {
					const problems = write();
					if (problems.length > 0) return { result: 'refused', holders, problems };
				}
				waiting.push(...changes);
				holders += 1;
			}
			const problems = write();
			return problems.length > 0 ? { result: 'refused', holders, problems } : { result: 'done', holders, batchIds };
		},
	};
}

function changesFor({ holder, gains, loses, moves }: Affected): readonly DirectoryChange[] {
	const table = 'assignedRights';
	const valid = { validFromMs: null, validToMs: null };
	return [
		...loses.map(({ id }) => ({ op: 'delete', table, key: id }) as const),
		...moves.map(({ id, bundleId }) => ({ op: 'update', table, key: id, fields: { bundleId } }) as const),
		...gains.map((gain) => {
			const row = { holderId: holder.id, state: 'active', ...valid, ...gain };
			return { op: 'create', table, row } as const;
		}),
	];
}
