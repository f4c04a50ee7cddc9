import { hasWriteLevel, RECORD_LEVELS, scopeOfRecord } from '../../../../gateway/core/permission/record-kinds.ts';
import type { RecordGrant, RecordGrants } from '../../../../gateway/services/operators/record-grants.ts';
import { Field, Select } from '../../components/field.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { groupHref, operatorHref } from './operators-frame.tsx';

export const RECORD_GRANTS_PATH = '/record-grants';

export interface RecordGrantsProps {
	readonly ui: Ui;
	/** As in `core/permission/record-kinds.ts`. */
	readonly record: string;
	readonly grants: readonly RecordGrant[];
	/** On the record's own page: giving it is a step of its own. */
	readonly isBeside?: true;
	/** What was typed last, where it was not taken. */
	readonly typed?: { readonly who: string; readonly until: string };
}

/** Whether the reader is shown to whom this record is given. */
export function showsGrants(ui: Pick<Ui, 'may'>, record: string): boolean {
	return ui.may('operators:read') && scopeOfRecord(record) !== undefined;
}

/** To whom it is given, for who may see that. */
export function grantsShown(
	ui: Pick<Ui, 'may'>,
	grants: Pick<RecordGrants, 'of'>,
	record: string,
): readonly RecordGrant[] {
	return showsGrants(ui, record) ? grants.of(record) : [];
}

export function recordGrantsHref(record: string): string {
	return `${RECORD_GRANTS_PATH}?${new URLSearchParams({ record })}`;
}

/** Who may see and change one record, besides those whose roles reach there; one more by the form below. */
export function RecordGrantsCard(props: RecordGrantsProps) {
	const { ui, record, grants, typed, isBeside } = props;
	const { t } = ui;
	const levels = RECORD_LEVELS.filter((level) => level === 'read' || hasWriteLevel(record));
	return (
		<section class="card" aria-labelledby="record-grants-title">
			<h2 class="card__title" id="record-grants-title">
				{t('operators.record.title')}
			</h2>
			<div class="stack">
				{grants.length === 0 ? (
					<p class="muted">{t('operators.record.nobody')}</p>
				) : (
					<table class="plain-table">
						<tbody>
							{grants.map((grant) => (
								<GrantRow {...{ ui, record, grant }} />
							))}
						</tbody>
					</table>
				)}
				{isBeside && ui.may('operators:write') && (
					<p>
						<a class="button" href={recordGrantsHref(record)}>
							{t('operators.give')}
						</a>
					</p>
				)}
				{!isBeside && ui.may('operators:write') && (
					<form class="stack" method="post" action={RECORD_GRANTS_PATH}>
						<CsrfField ui={ui} />
						<input type="hidden" name="record" value={record} />
						<Field
							name="who"
							id="record-who"
							label={t('operators.record.who')}
							hint={t('operators.record.whoHint')}
							value={typed?.who}
							maxLength={254}
							autocomplete="off"
							required
						/>
						<Select
							name="level"
							id="record-level"
							label={t('operators.record.level')}
							options={levels.map((level) => ({ value: level, label: t(`operators.record.${level}`) }))}
							selected="read"
						/>
						<Field
							name="until"
							id="record-until"
							type="datetime-local"
							label={t('operators.record.until')}
							hint={t('operators.record.untilHint')}
							value={typed?.until}
						/>
						<button class="button" type="submit">
							{t('operators.give')}
						</button>
					</form>
				)}
			</div>
		</section>
	);
}

function GrantRow({ ui, record, grant }: Pick<RecordGrantsProps, 'ui' | 'record'> & { readonly grant: RecordGrant }) {
	const { to, level, endsAtMs } = grant;
	const ending = endsAtMs === null ? '' : ` ${ui.t('operators.record.untilAt', { time: ui.formats.minute(endsAtMs) })}`;
	return (
		<tr>
			<th scope="row">
				<a href={to.kind === 'operator' ? operatorHref(to.id) : groupHref(to.id)}>
					<Untrusted ui={ui} text={to.name} />
				</a>
				<p class="muted">{ui.t(`operators.record.${level ?? 'some'}`) + ending}</p>
			</th>
			<td class="figures">
				{ui.may('operators:write') && (
					<form method="post" action={RECORD_GRANTS_PATH}>
						<CsrfField ui={ui} />
						<input type="hidden" name="record" value={record} />
						<input type="hidden" name="kind" value={to.kind} />
						<input type="hidden" name="id" value={to.id} />
						<button class="button" type="submit">
							{ui.t('operators.take')}
							<span class="visually-hidden">
								{' '}
								<Untrusted ui={ui} text={to.name} />
							</span>
						</button>
					</form>
				)}
			</td>
		</tr>
	);
}
