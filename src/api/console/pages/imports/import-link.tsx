import type { ImportKindName } from '../../../../gateway/services/imports/import-kinds.ts';
import { Icon } from '../../components/icon.tsx';
import type { Ui } from '../../ui.ts';
import type { DirectoryFace } from '../directory/face-links.ts';
import { newImportHref } from './import-paths.ts';

const KINDS: Readonly<Record<string, ImportKindName>> = { holders: 'people', vehicles: 'vehicles', rights: 'rights' };

/** Beside a list of what can be brought in. */
export function ImportLink({ ui, face: { face } }: { ui: Ui; face: DirectoryFace }) {
	const kind = KINDS[face.path];
	if (kind === undefined || !ui.may('directory:import')) return null;
	return (
		<a class="button import-link" href={newImportHref(kind)}>
			<Icon name="upload" />
			<span>{ui.t('import.list')}</span>
		</a>
	);
}
