import type { Clock } from '../../core/clock.ts';
import type { Site } from '../../core/site.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { DirectoryEdits } from '../directory/directory-edits.ts';
import type { DirectoryLists } from '../directory/directory-lists.ts';

export interface VisitorsDeps {
	readonly site: Pick<Site, 'timeZone'>;
	readonly directory: Pick<
		DirectoryReader,
		'read' | 'row' | 'find' | 'holder' | 'credential' | 'credentialsOf' | 'rightsOf'
	>;
	readonly lists: Pick<DirectoryLists, 'page'>;
	readonly edits: Pick<DirectoryEdits, 'edit' | 'history'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	/** For QR codes and PINs. */
	readonly randomBytes: (length: number) => Uint8Array;
}
