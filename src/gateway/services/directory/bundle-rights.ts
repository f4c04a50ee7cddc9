import { VISITOR_TAG } from '../../core/directory/holders.ts';
import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { ChangedRow, ChangedRows } from './changed-rows.ts';

/** Changes what follows from the changes of a batch, in the same batch. */
export type FollowUp = (rows: ChangedRows, newId: () => string) => void;

type Bundle = DirectoryRow<'bundles'>;
type Holder = DirectoryRow<'holders'>;
type Right = DirectoryRow<'assignedRights'>;

/** What a holder's bundles would give and take. */
export interface BundleDifference {
	/** Specifications that the holder's bundles give and it has not from them, each with its bundle. */
	readonly gains: readonly { readonly specificationId: string; readonly bundleId: string }[];
	/** Rights that a bundle gave which the holder no longer has. */
	readonly loses: readonly Right[];
	/** Rights that go on, given by another bundle from now on: what was used and paid stays with them. */
	readonly moves: readonly Right[];
}

/** Bundles by the tag: those of a holder's tags, or the default one for who has none. The visitors' tag gives nothing: a visitor's right is the visit's, with its end. */
function bundlesOf(holder: Pick<Holder, 'tags' | 'kind'>, bundles: readonly Bundle[]): readonly Bundle[] {
	const tagged = bundles.filter(({ tag }) => tag !== VISITOR_TAG && holder.tags.includes(tag));
	if (tagged.length > 0 || holder.kind !== 'person' || holder.tags.includes(VISITOR_TAG)) return tagged;
	return bundles.filter(({ isDefault }) => isDefault);
}

/** Only rights that a bundle gave are ever taken; a specification that somebody gave by hand is not given a second time. */
export function bundleDifference(
	holder: Pick<Holder, 'tags' | 'kind'>,
	rights: readonly Right[],
	bundles: readonly Bundle[],
): BundleDifference {
	const own = bundlesOf(holder, bundles);
	const wanted = own.flatMap(({ id: bundleId, specificationIds }) =>
		specificationIds.map((specificationId) => ({ specificationId, bundleId })),
	);
	const gains = wanted.filter(
		({ specificationId }, place) =>
			wanted.findIndex((one) => one.specificationId === specificationId) === place &&
			!rights.some((right) => right.specificationId === specificationId),
	);
	const given = rights.filter(({ bundleId }) => bundleId !== null);
	const giver = ({ specificationId }: Right) => wanted.find((one) => one.specificationId === specificationId)?.bundleId;
	return {
		gains,
		loses: given.filter((right) => giver(right) === undefined),
		moves: given.flatMap((right) => {
			const bundleId = giver(right);
			return bundleId === undefined || own.some(({ id }) => id === right.bundleId) ? [] : [{ ...right, bundleId }];
		}),
	};
}

/** A holder who is new, or whose tags change, gets what the bundles of the tags give; others keep what they have. */
export const followBundles: FollowUp = (rows, newId) => {
	const touched = rows.all().filter(isRetagged);
	if (touched.length === 0) return;
	// Rows of a declared table; the general type forgets which.
	const bundles = rows.find('bundles', {}, LIMITS.bundles) as readonly Bundle[];
	if (bundles.length === 0) return;
	for (const { key, after } of touched) giveBundles(rows, { ...(after as Holder), id: key }, bundles, newId);
};

/** Carries the difference out. */
function giveBundles(rows: ChangedRows, holder: Holder, bundles: readonly Bundle[], newId: () => string): void {
	const rights = rows.find('assignedRights', { holderId: holder.id }, LIMITS.editsTogether) as readonly Right[];
	const { gains, loses, moves } = bundleDifference(holder, rights, bundles);
	for (const { id } of loses) rows.set('assignedRights', id, null);
	for (const right of moves) rows.set('assignedRights', right.id, right);
	for (const gain of gains) {
		const id = newId();
		const none = { validFromMs: null, validToMs: null, poolId: null, spaceId: null };
		rows.set('assignedRights', id, { id, holderId: holder.id, state: 'active', ...none, ...gain });
	}
}

function isRetagged({ table, before, after }: ChangedRow): boolean {
	if (table !== 'holders' || after === null) return false;
	return before === null || JSON.stringify(before['tags']) !== JSON.stringify(after['tags']);
}
