import { LIMITS } from '../../../../gateway/core/limits.ts';
import { IMPORT_KINDS, type ImportKindName } from '../../../../gateway/services/imports/import-kinds.ts';
import type { Import } from '../../../../gateway/services/imports/imports.ts';
import { FieldError, FileField } from '../../components/field.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { exampleHref, IMPORTS_PATH, importHref, MAPPINGS_PATH, OPERATOR_IMPORTS_PATH } from './import-paths.ts';
import { StagePill } from './import-stage.tsx';

export interface ImportsProps {
	readonly ui: Ui;
	readonly imports: readonly Import[];
	/** Chosen when the page is come to from a list. */
	readonly kind: ImportKindName | undefined;
	readonly problem: 'tooLarge' | 'noKind' | 'busy' | undefined;
	readonly removed: boolean;
}

const FILE_MEGABYTES = LIMITS.tableBytes / 1_048_576;

export const KIND_ICONS: Readonly<Record<ImportKindName, IconName>> = {
	people: 'people',
	vehicles: 'car',
	rights: 'key',
};

/** Where a list is brought in, and what was brought in before. */
export function ImportsPage(props: ImportsProps) {
	const { ui, removed } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('import.title')}>
			<div class="stack">
				{removed && <Notice tone="good" title={t('import.removed')} announce />}
				<p class="import-intro">{t('import.intro')}</p>
				<div class="import-new">
					<UploadForm {...props} />
					<Examples ui={ui} />
				</div>
				<section aria-labelledby="earlier">
					<h2 class="card__title" id="earlier">
						{t('import.earlier')}
					</h2>
					<Earlier {...props} />
				</section>
			</div>
		</Page>
	);
}

/** The file comes last, so that all that is asked about it is known before it arrives. */
function UploadForm({ ui, kind, problem }: ImportsProps) {
	const { t } = ui;
	const size = FILE_MEGABYTES;
	return (
		<form class="card import-form" method="post" action={IMPORTS_PATH} enctype="multipart/form-data">
			<CsrfField ui={ui} />
			<fieldset>
				<legend class="field__label">{t('import.what')}</legend>
				<div class="options import-kinds">
					{IMPORT_KINDS.map((name) => (
						<label class="option">
							<input type="radio" name="kind" value={name} checked={name === (kind ?? IMPORT_KINDS[0])} required />
							<Icon name={KIND_ICONS[name]} />
							<span class="import-kind">
								<span>{t(`import.kind.${name}`)}</span>
								<span class="muted">{t(`import.kind.${name}.hint`)}</span>
							</span>
						</label>
					))}
				</div>
				<FieldError id="kind-error" error={problem === 'noKind' ? t('import.noKind') : undefined} />
			</fieldset>
			<FileField
				name="file"
				label={t('import.file')}
				accept=".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
				hint={t('import.fileHint', { size })}
				error={uploadProblem(ui, problem)}
			/>
			<div class="dialog__actions">
				<button class="button button--primary" type="submit">
					<Icon name="search" />
					{t('import.upload')}
				</button>
			</div>
		</form>
	);
}

function uploadProblem({ t }: Ui, problem: ImportsProps['problem']): string | undefined {
	if (problem === 'tooLarge') return t('import.tooLarge', { size: FILE_MEGABYTES });
	return problem === 'busy' ? t('import.problem.busy') : undefined;
}

const OPERATORS = 'operators:write';

function Examples({ ui: { t, may } }: { ui: Ui }) {
	return (
		<section class="card import-examples" aria-labelledby="examples">
			<h2 class="card__title" id="examples">
				{t('import.examples')}
			</h2>
			<ul>
				{IMPORT_KINDS.map((kind) => (
					<li class="import-example">
						<Icon name={KIND_ICONS[kind]} />
						<span class="import-example__kind">{t(`import.kind.${kind}`)}</span>
						{(['xlsx', 'csv'] as const).map((format) => (
							<a class="button" href={exampleHref(kind, format)} download>
								<Icon name="download" size="small" />
								{t(`import.example.${format}`)}
							</a>
						))}
					</li>
				))}
			</ul>
			<p class="field__hint">{t('import.examplesHint')}</p>
			<p>
				<a href={MAPPINGS_PATH}>{t('mapping.title')}</a>
				{may(OPERATORS) && (
					<>
						{' · '}
						<a href={OPERATOR_IMPORTS_PATH}>{t('opImport.title')}</a>
					</>
				)}
			</p>
			<details class="import-about">
				<summary>{t('import.about')}</summary>
				<ul>
					{(['excel', 'csv', 'again', 'nothing'] as const).map((about) => (
						<li>{t(`import.about.${about}`)}</li>
					))}
				</ul>
			</details>
		</section>
	);
}

function Earlier({ ui, imports }: ImportsProps) {
	const { t } = ui;
	if (imports.length === 0) return <EmptyState icon="upload" title={t('import.none')} hint={t('import.noneHint')} />;
	return (
		<ul class="card card--flush import-list">
			{imports.map(({ id, kind, fileName, operatorId, createdAtMs, state }) => (
				<li class="visit import-line">
					<p class="visit__who">
						<a class="visit__link" href={importHref(id)}>
							<Untrusted ui={ui} text={fileName} />
						</a>
						<span class="muted">{t(`import.kind.${kind}`)}</span>
					</p>
					<p class="visit__by">
						<bdi>
							{operatorId === null ? t('import.byCommand') : t('import.by', { name: ui.operatorName(operatorId) })}
						</bdi>
					</p>
					<p class="visit__time">
						<Moment ui={ui} atMs={createdAtMs} />
					</p>
					<p class="visit__state">
						<StagePill ui={ui} stage={state.stage} />
					</p>
				</li>
			))}
		</ul>
	);
}
