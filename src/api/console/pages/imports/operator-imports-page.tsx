import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { OperatorImport } from '../../../../gateway/services/operators/operator-imports.ts';
import { FileField } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { IMPORTS_PATH, OPERATOR_IMPORTS_PATH, operatorImportHref } from './import-paths.ts';

interface OperatorImportsProps {
	readonly ui: Ui;
	readonly imports: readonly OperatorImport[];
	readonly mappings: readonly { readonly id: string; readonly name: string }[];
	readonly tooLarge: boolean;
}

const EXAMPLE =
	'E-mail;Name;Roles;Groups;Language\nada@example.org;Ada Lovelace;reception, security@park:P1;Day shift;en\n';

/** Where a list of operators is brought in, and what was brought in before. */
export function OperatorImportsPage({ ui, imports, mappings, tooLarge }: OperatorImportsProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('opImport.title')} back={{ href: IMPORTS_PATH, label: t('import.title') }}>
			<div class="stack">
				<p class="import-intro">{t('opImport.intro')}</p>
				<form class="card import-form" method="post" action={OPERATOR_IMPORTS_PATH} enctype="multipart/form-data">
					<CsrfField ui={ui} />
					{mappings.length > 0 && (
						<div class="field">
							<label class="field__label" for="saved">
								{t('mapping.title')}
							</label>
							<div class="field__frame field__frame--select">
								<select class="field__input" id="saved" name="saved">
									<option value="">—</option>
									{mappings.map(({ id, name }) => (
										<option value={id}>{name}</option>
									))}
								</select>
								<Icon name="chevron-down" size="small" />
							</div>
						</div>
					)}
					<FileField
						name="file"
						label={t('import.file')}
						accept=".csv,.txt,text/csv"
						hint={t('opImport.fileHint', { rows: ui.formats.number(LIMITS.operatorImportRows) })}
						error={tooLarge ? t('opImport.tooLarge') : undefined}
					/>
					<p class="field__hint">{t('opImport.rolesHint')}</p>
					<p class="field__hint">{t('opImport.again')}</p>
					<pre>
						<code>{EXAMPLE}</code>
					</pre>
					<div class="dialog__actions">
						<button class="button button--primary" type="submit">
							<Icon name="search" />
							{t('opImport.show')}
						</button>
					</div>
				</form>
				<section aria-labelledby="earlier">
					<h2 class="card__title" id="earlier">
						{t('opImport.earlier')}
					</h2>
					<Earlier ui={ui} imports={imports} />
				</section>
			</div>
		</Page>
	);
}

function Earlier({ ui, imports }: Pick<OperatorImportsProps, 'ui' | 'imports'>) {
	const { t } = ui;
	if (imports.length === 0)
		return <EmptyState icon="upload" title={t('opImport.none')} hint={t('opImport.noneHint')} />;
	return (
		<ul class="card card--flush import-list">
			{imports.map(({ id, fileName, operatorId, createdAtMs, stage }) => (
				<li class="visit import-line">
					<p class="visit__who">
						<a class="visit__link" href={operatorImportHref(id)}>
							<Untrusted ui={ui} text={fileName} />
						</a>
					</p>
					<p class="visit__by">
						<bdi>
							{operatorId === null ? t('import.byCommand') : t('import.by', { name: ui.operatorName(operatorId) })}
						</bdi>
					</p>
					<p class="visit__time">
						<Moment ui={ui} atMs={createdAtMs} />
					</p>
					<p class="visit__state">{t(`opImport.stage.${stage}`)}</p>
				</li>
			))}
		</ul>
	);
}
