import { aggregateOf, type DirectoryTable } from '../../../gateway/core/directory.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { FieldError } from '../../console/components/field.tsx';
import { Notice } from '../../console/components/notice.tsx';
import { SystemWords } from '../../console/components/text.tsx';
import { CsrfField } from '../../console/layout/account-menu.tsx';
import { Page } from '../../console/layout/page.tsx';
import { plainUntrusted } from '../../console/untrusted-text.ts';
import type { Fleet } from '../fleet.ts';
import { type CentralUi, rowHref, tableHref, tableName } from './central-ui.ts';
import { SavedReach, type SavedRev } from './row-list-page.tsx';

export interface RowForm {
	readonly json: string;
	/** What it was when it was read; empty: a new row. */
	readonly tag: string;
	readonly error?: string | undefined;
	/** What of the row does not fit, each with its field. */
	readonly misfits?: readonly string[];
	readonly isConflict?: boolean;
}

interface RowPageProps {
	readonly ui: CentralUi;
	readonly fleet: Fleet;
	readonly table: DirectoryTable;
	/** undefined: a new row. */
	readonly rowKey: string | undefined;
	readonly form: RowForm;
	readonly saved: SavedRev | undefined;
}

/** One row as JSON, checked by its table when it is saved. */
export function RowPage(props: RowPageProps) {
	const { ui, fleet, table, rowKey, form, saved } = props;
	const { t } = ui;
	return (
		<Page
			ui={ui}
			title={rowKey === undefined ? t('fleet.new') : plainUntrusted(rowKey)}
			back={{ href: tableHref(table), label: tableName(ui, table) }}
		>
			{saved !== undefined && (
				<Notice tone="good" title={t('fleet.saved', { rev: saved.rev, stream: saved.stream })} announce>
					<SavedReach ui={ui} fleet={fleet} saved={saved} />
				</Notice>
			)}
			{form.isConflict === true && (
				<Notice tone="bad" title={t('fleet.conflict')} announce>
					<p>{t('fleet.conflictHint')}</p>
				</Notice>
			)}
			{form.misfits !== undefined && (
				<Notice tone="bad" title={t('fleet.misfit')} announce>
					<ul>
						{form.misfits.map((misfit) => (
							<li>
								<SystemWords ui={ui} text={misfit} />
							</li>
						))}
					</ul>
				</Notice>
			)}
			<div class="two-columns">
				<Editor {...props} />
				<Fields ui={ui} table={table} />
			</div>
		</Page>
	);
}

function Editor({ ui, table, rowKey, form }: RowPageProps) {
	const { t } = ui;
	const action = rowKey === undefined ? tableHref(table) : rowHref(table, rowKey);
	const may = ui.may(`${table}:write`);
	return (
		<section class="card stack">
			<form class="stack" method="post" action={action}>
				<CsrfField ui={ui} />
				<input type="hidden" name="tag" value={form.tag} />
				<div class="field">
					<label class="field__label" for="json">
						{t('fleet.json')}
					</label>
					<div class="field__frame">
						<textarea
							class="field__input field__input--lines fleet-row"
							id="json"
							name="json"
							rows={Math.min(30, form.json.split('\n').length + 2)}
							maxlength={LIMITS.formBodyBytes / 2}
							spellcheck={false}
							readonly={!may}
							aria-describedby={form.error === undefined ? 'json-hint' : 'json-hint json-error'}
							aria-invalid={form.error === undefined ? undefined : 'true'}
						>
							{form.json}
						</textarea>
					</div>
					<p class="field__hint" id="json-hint">
						{t('fleet.jsonHint')}
					</p>
					<FieldError id="json-error" error={form.error} />
				</div>
				{may && (
					<button class="button button--primary" type="submit">
						{t('fleet.save')}
					</button>
				)}
			</form>
			{may && rowKey !== undefined && (
				<form method="post" action={`${action}/delete`}>
					<CsrfField ui={ui} />
					<input type="hidden" name="tag" value={form.tag} />
					<button class="button button--danger" type="submit">
						{t('fleet.delete')}
					</button>
				</form>
			)}
		</section>
	);
}

function Fields({ ui, table }: Pick<RowPageProps, 'ui' | 'table'>) {
	return (
		<section class="card" aria-labelledby="fields-title">
			<h2 class="card__title" id="fields-title">
				{ui.t('fleet.fields')}
			</h2>
			<dl class="pairs pairs--wide">
				{Object.keys(aggregateOf(table).fields).map((field) => (
					<div>
						<dt class="code">{field}</dt>
						<dd>{ui.directory.field(table, field).label}</dd>
					</div>
				))}
			</dl>
		</section>
	);
}
