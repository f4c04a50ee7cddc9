import { secretField } from '../../../../gateway/core/directory/mask.ts';
import type { EditEntry } from '../../../../gateway/core/journal.ts';
import type { AnyRow } from '../../../../gateway/services/directory/directory-edits.ts';
import type { RecordGrant } from '../../../../gateway/services/operators/record-grants.ts';
import type { RightStanding } from '../../../../gateway/services/stays/right-standing.ts';
import { opensDialog } from '../../components/dialog-frame.tsx';
import { Icon } from '../../components/icon.tsx';
import { Pill } from '../../components/status.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { HistoryLink } from '../activity/activity-words.tsx';
import { explainHref } from '../explain/explain-link.ts';
import { personLoginHref } from '../my-access/person-login-page.tsx';
import { RecordGrantsCard, showsGrants } from '../operators/record-grants-card.tsx';
import { StandingCard } from '../payment/standing-card.tsx';
import { PersonalDataLink } from '../privacy/person-page.tsx';
import { DoneNotice, type EditDone } from './done-notice.tsx';
import { seenRow } from './edit-form.ts';
import { type DirectoryFace, listHref, newHref, rowHref } from './face-links.ts';
import { FieldValue, hasValue } from './field-value.tsx';
import { formValuesOf } from './form-values.ts';
import { HistoryPanel } from './history-panel.tsx';
import { RelatedPanel } from './related-panel.tsx';
import type { RelatedRows } from './related-rows.ts';
import { groupName } from './row-form.tsx';
import { type RowNames, rowTitle } from './row-names.ts';
import { typedPeriods } from './schedule-values.ts';
import { isStateField } from './value-tones.ts';
import { WeekPicture } from './week-picture.tsx';

export interface DetailProps {
	readonly ui: Ui;
	readonly face: DirectoryFace;
	readonly row: AnyRow;
	/** The reader may change it. */
	readonly mayWrite: boolean;
	/** To whom it is given by itself. */
	readonly grants: readonly RecordGrant[];
	/** It has a code, which the reader asked for. */
	readonly showsCode: boolean;
	/** What its QR code or PIN says is theirs to see. */
	readonly mayReadCode: boolean;
	readonly names: RowNames;
	readonly related: readonly RelatedRows[];
	readonly history: readonly EditEntry[];
	/** Changed here, and central has not taken it over yet. */
	readonly isPending: boolean;
	readonly done: EditDone | undefined;
	/** Of a right: what it has left. */
	readonly standing: RightStanding | undefined;
}

/** A row to read; changing it is a step of its own. */
export function DetailPage(props: DetailProps) {
	const { ui, face, row, showsCode, names, related, history, done, standing } = props;
	// A title stays in the browser's history.
	const titled = showsCode ? seenRow(ui, face, row) : row;
	const id = String(row['id']);
	const words = ui.directory.face(face.face.path);
	const record = `${face.table}/${id}`;
	return (
		<Page
			ui={ui}
			title={plainUntrusted(rowTitle(ui, face.table, titled, names))}
			back={{ href: listHref(face), label: words.title }}
			aside={<States {...props} />}
		>
			{done !== undefined && <DoneNotice ui={ui} done={done} />}
			<Actions {...props} />
			<div class="detail">
				<div class="detail__main">
					{face.face.form.map(({ group, fields }) => (
						<Group {...props} group={group} fields={fields} />
					))}
				</div>
				<div class="detail__side">
					{standing !== undefined && <StandingCard ui={ui} standing={standing} />}
					{related.map((one) => (
						<RelatedPanel ui={ui} id={id} related={one} />
					))}
					{showsGrants(ui, record) && <RecordGrantsCard ui={ui} record={record} grants={props.grants} isBeside />}
					<HistoryPanel ui={ui} table={face.table} entries={history} names={names} />
					<HistoryLink ui={ui} target={id} />
				</div>
			</div>
		</Page>
	);
}

function States({ ui, face, row, names, isPending }: DetailProps) {
	const states = Object.keys(face.aggregate.fields).filter(isStateField);
	return (
		<p class="states">
			{states.map((field) => (
				<FieldValue ui={ui} table={face.table} field={field} row={row} names={names} />
			))}
			{isPending && (
				<Pill tone="warning" icon="sync">
					{ui.t('dir.pending')}
				</Pill>
			)}
		</p>
	);
}

/** What can be done with it; for a holder first what is done most. */
function Actions({ ui, face, row, related, mayWrite }: DetailProps) {
	const { t } = ui;
	const id = String(row['id']);
	const deleteHref = rowHref(face, id, 'delete');
	const quick =
		face.table === 'holders'
			? related.filter(({ isPart, face: to }) => isPart && ui.mayInParts(`${to.table}:write`))
			: [];
	const asksAccess = face.table === 'holders' && ui.mayInParts('decisions:check');
	const keepsPerson = face.table === 'holders' && ui.may('personalData:export');
	const mayInvite = face.table === 'holders' && row['kind'] === 'person' && ui.may('ownAccess:invite');
	if (!mayWrite && quick.length === 0 && !asksAccess && !keepsPerson && !mayInvite) return null;
	return (
		<div class="row-actions">
			{quick.map(({ face: to, field }) => {
				const href = newHref(to, { [field]: id });
				return (
					<a class="button" id={`quick-${to.table}`} href={href} {...opensDialog(href)}>
						<Icon name="plus" />
						{ui.directory.face(to.face.path).one}
					</a>
				);
			})}
			{asksAccess && (
				<a class="button" href={explainHref({ holder: id })}>
					<Icon name="question" />
					{t('explain.title')}
				</a>
			)}
			{face.table === 'holders' && <PersonalDataLink ui={ui} holderId={id} />}
			{mayInvite && (
				<a class="button" id="person-login" href={personLoginHref(id)}>
					<Icon name="person" />
					{t('login.person')}
				</a>
			)}
			{face.table === 'bundles' && ui.may('assignedRights:write') && (
				<a class="button" id="apply-bundle" href={rowHref(face, id, 'apply')}>
					<Icon name="people" />
					{t('bundle.apply')}
				</a>
			)}
			{mayWrite && (
				<>
					<a class="button button--primary" id="edit" href={rowHref(face, id, 'edit')}>
						<Icon name="edit" />
						{t('dir.edit')}
					</a>
					<a class="button button--danger" id="delete" href={deleteHref} {...opensDialog(deleteHref)}>
						<Icon name="trash" />
						{t('dir.delete')}
					</a>
				</>
			)}
		</div>
	);
}

/** What of a group is set, or says something by not being so. */
function Group(props: DetailProps & { group: string; fields: readonly string[] }) {
	const { ui, face, row, names, group, fields } = props;
	const shown = fields.filter(
		(field) => hasValue(row[field]) || ui.directory.field(face.table, field).none !== undefined,
	);
	const hasAnything = shown.some((field) => hasValue(row[field]));
	if (!hasAnything && group !== 'validity') return null;
	return (
		<section class="card" aria-labelledby={`group-${group}`}>
			<h2 class="card__title" id={`group-${group}`}>
				{groupName(ui, group)}
			</h2>
			<dl class="pairs pairs--wide">
				{shown.map((field) => (
					<div>
						<dt>{ui.directory.field(face.table, field).label}</dt>
						<dd>
							{field === 'periods' && hasValue(row[field]) && (
								<WeekPicture ui={ui} periods={typedPeriods(formValuesOf(ui, face.table, row, [field]))} />
							)}
							<FieldValue ui={ui} table={face.table} field={field} row={row} names={names} linked />
							<CodeNote {...props} field={field} />
						</dd>
					</div>
				))}
			</dl>
		</section>
	);
}

/** Beside what a QR code or PIN says: how to see it, or that it was seen. */
function CodeNote({ ui, face, row, showsCode, mayReadCode, field }: DetailProps & { field: string }) {
	if (secretField(face.aggregate, row) !== field) return null;
	if (showsCode) return <p class="muted">{ui.t('dir.codeShown')}</p>;
	if (!mayReadCode) return <p class="muted">{ui.t('dir.codeHidden')}</p>;
	return (
		<p>
			<a id="show-code" href={`${rowHref(face, String(row['id']))}?code=show`}>
				{ui.t('dir.showCode')}
			</a>
		</p>
	);
}
