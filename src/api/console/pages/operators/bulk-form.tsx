import { BULK_ACTIONS, type BulkRow } from '../../../../gateway/services/operators/bulk-changes.ts';
import { Field, Select } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { refusalWords } from '../../routes/operator-refusals.ts';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { OPERATORS_PATH } from './operators-frame.tsx';

/** Boxes in the list belong to it by its id. */
export const BULK_FORM = 'bulk';

/** One change of all that are ticked in the list. */
export function BulkForm({ ui }: { readonly ui: Ui }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="bulk-title">
			<h2 class="card__title" id="bulk-title">
				{t('groups.bulk.title')}
			</h2>
			<form class="calendar-filters" id={BULK_FORM} method="post" action={`${OPERATORS_PATH}/bulk`}>
				<CsrfField ui={ui} />
				<Select
					name="action"
					label={t('groups.bulk.action')}
					options={BULK_ACTIONS.map((action) => ({ value: action, label: t(`groups.bulk.action.${action}`) }))}
					selected="activate"
				/>
				<Field
					name="group"
					id="bulk-group"
					label={t('groups.bulk.group')}
					hint={t('groups.bulk.groupHint')}
					maxLength={200}
				/>
				<label>
					<input type="checkbox" name="sure" value="yes" required /> {t('operators.sure')}
				</label>
				<button class="button" type="submit">
					{t('groups.bulk.do')}
				</button>
			</form>
		</section>
	);
}

/** What came of each. */
export function BulkRows({ ui, rows }: { readonly ui: Ui; readonly rows: readonly BulkRow[] }) {
	return (
		<ul>
			{rows.map(({ operatorId, name, refusal }) => (
				<li>
					{plainUntrusted(name ?? operatorId)}:{' '}
					{refusal === null ? ui.t('groups.bulk.rowDone') : refusalWords(ui, refusal)}
				</li>
			))}
		</ul>
	);
}
