import type { ImportKindName } from '../../../../gateway/services/imports/import-kinds.ts';
import { Icon } from '../../components/icon.tsx';
import type { Ui } from '../../ui.ts';
import type { DirectoryFace } from '../directory/face-links.ts';
import { isFiltered, listQuery, type RowFilter } from '../directory/list-query.ts';
import { newImportHref } from './import-paths.ts';

const FORMATS = ['xlsx', 'csv', 'jsonl'] as const;

const KINDS: Readonly<Record<string, ImportKindName>> = { holders: 'people', vehicles: 'vehicles', rights: 'rights' };

/** What of a list can be taken along, and brought in. */
export function ExportMenu({ ui, face, filter }: { ui: Ui; face: DirectoryFace; filter: RowFilter }) {
	const { t } = ui;
	const kind = ui.may('directory:import') ? KINDS[face.face.path] : undefined;
	const mayExport = ui.may('directory:export');
	if (kind === undefined && !mayExport) return null;
	return (
		<details class="export" data-menu>
			<summary class="button export__button">
				<Icon name="download" />
				<span class="export__label">{t('export.menu')}</span>
			</summary>
			<div class="export__panel">
				{kind !== undefined && (
					<a class="export__way" href={newImportHref(kind)}>
						<Icon name="upload" size="small" />
						{t('export.import')}
					</a>
				)}
				{mayExport && (
					<>
						<p class="export__heading">{t(isFiltered(filter) ? 'export.asFiltered' : 'export.as')}</p>
						{FORMATS.map((format) => (
							<a class="export__way" href={exportHref(ui, face, filter, format)} download>
								<Icon name="download" size="small" />
								{t(`export.${format}`)}
							</a>
						))}
						<p class="field__hint">{t('export.hint')}</p>
					</>
				)}
			</div>
		</details>
	);
}

/** Narrowed and ordered as the list is. */
export function exportHref(
	{ language }: Ui,
	face: DirectoryFace,
	filter: RowFilter,
	format: (typeof FORMATS)[number],
): string {
	const { where = {}, q, descending } = listQuery(face, filter);
	const asked = new URLSearchParams({ format, lang: language, ...(q !== undefined && { q }) });
	if (descending === true) asked.set('sort', 'desc');
	for (const [field, values] of Object.entries(where))
		if (face.face.fixed?.[field] === undefined) for (const value of values) asked.append(field, value);
	return `${face.path}/export?${asked}`;
}
