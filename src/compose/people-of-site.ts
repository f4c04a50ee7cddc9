import { nearestPlates } from '../gateway/services/decisions/nearest-plate.ts';
import { findHolders, holderHit } from '../gateway/services/directory/find-holders.ts';
import type { DirectoryReader } from '../gateway/store/directory-reader.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

/** Who is known here by name, for pages. */
export function peopleOfSite(reader: DirectoryReader, { operators }: Pick<SiteStore, 'operators'>) {
	return {
		find: (text: string, limit: number) => findHolders(reader, text, limit),
		holder: (holderId: string) => holderHit(reader, holderId),
		nearestPlates: (read: string) => nearestPlates(reader, read),
		operatorName: (operatorId: string) => operators.operatorById(operatorId)?.name ?? null,
	};
}
