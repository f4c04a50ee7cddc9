import type { ImportMapping } from '../../../../gateway/services/imports/import-mappings.ts';
import { FileField } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { IMPORTS_PATH, MAPPINGS_PATH } from './import-paths.ts';
import { type SavedMapping, SavedNotice } from './mapping-forms.tsx';

interface MappingsProps {
	readonly ui: Ui;
	readonly mappings: readonly ImportMapping[];
	readonly saved: SavedMapping | undefined;
}

/** Mappings of columns that have a name: what is in them, to take along, and to bring from another gateway. */
export function MappingsPage({ ui, mappings, saved }: MappingsProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('mapping.title')} back={{ href: IMPORTS_PATH, label: t('import.title') }}>
			<div class="stack">
				<SavedNotice ui={ui} saved={saved} />
				<p class="import-intro">{t('mapping.intro')}</p>
				{mappings.length === 0 ? (
					<EmptyState icon="list-check" title={t('mapping.none')} hint={t('mapping.noneHint')} />
				) : (
					mappings.map((mapping) => <MappingCard ui={ui} mapping={mapping} />)
				)}
				<form class="card card--form" method="post" action={MAPPINGS_PATH} enctype="multipart/form-data">
					<h2 class="card__title">{t('mapping.bring')}</h2>
					<CsrfField ui={ui} />
					<FileField
						name="file"
						label={t('import.file')}
						accept=".json,application/json"
						hint={t('mapping.bringHint')}
					/>
					<button class="button" type="submit">
						<Icon name="upload" size="small" />
						{t('mapping.bring')}
					</button>
				</form>
			</div>
		</Page>
	);
}

function MappingCard({ ui, mapping }: { readonly ui: Ui; readonly mapping: ImportMapping }) {
	const { t } = ui;
	const { id, kind, name, columns, version, changedAtMs, operatorId, emptyCells } = mapping;
	const path = `${MAPPINGS_PATH}/${encodeURIComponent(id)}`;
	return (
		<details class="card">
			<summary class="card__title import-mapping-name">
				<Untrusted ui={ui} text={name} />
				<span class="muted">{` · ${t(`import.kind.${kind}`)} · ${t('mapping.columns', { count: columns.length })}`}</span>
			</summary>
			<dl class="mapping-columns">
				{columns.map(({ column, field }) => (
					<div>
						<dt>
							<Untrusted ui={ui} text={column} />
						</dt>
						<dd>{field ?? <span class="muted">{t('import.notUsed')}</span>}</dd>
					</div>
				))}
			</dl>
			<p class="muted">
				{`${t('import.empty')}: ${t(`import.empty.${emptyCells}`)} · ${t('mapping.version', { version })} · `}
				<bdi>{operatorId === null ? t('import.byCommand') : t('import.by', { name: ui.operatorName(operatorId) })}</bdi>
				{' · '}
				<Moment ui={ui} atMs={changedAtMs} />
			</p>
			<div class="dialog__actions">
				<a class="button" href={`${path}/file`} download>
					<Icon name="download" size="small" />
					{t('mapping.take')}
				</a>
				<form method="post" action={`${path}/remove`}>
					<CsrfField ui={ui} />
					<button class="button" type="submit">
						<Icon name="trash" size="small" />
						{t('mapping.remove')}
					</button>
				</form>
			</div>
		</details>
	);
}
