import { isLicenceKind } from '../../../../gateway/core/licence/licence-kinds.ts';
import { scopeOfRecord } from '../../../../gateway/core/permission/record-kinds.ts';
import { scopeText } from '../../../../gateway/core/permission/scope.ts';
import type { Permission } from '../../../../gateway/core/permission.ts';
import type { AccessExplained } from '../../../../gateway/services/operators/explain-access.ts';
import type { OperatorView } from '../../../../gateway/services/operators/operator-view.ts';
import { Field, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { permissionOptions, permissionWord } from '../../permission-words.ts';
import { roleWord } from '../../role-words.ts';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { kindName } from '../licences/kind-words.ts';
import { operatorHref, scopeOptions, scopeWords } from './operators-frame.tsx';

export interface AccessQuestion {
	readonly permission: Permission;
	readonly place: string;
	/** `holders/h-1`, in place of a part of the site; empty: none. */
	readonly record: string;
	readonly answer: AccessExplained;
}

interface AccessCardProps {
	readonly ui: Ui;
	readonly operator: OperatorView;
	readonly question?: AccessQuestion | undefined;
}

/** May they? Yes, because… */
export function AccessCard({ ui, operator, question }: AccessCardProps) {
	const { t } = ui;
	const lanes = ui.site.lanes.map(({ id, name }) => ({ value: `lane:${id}`, label: name }));
	return (
		<section class="card" aria-labelledby="access-title">
			<h2 class="card__title" id="access-title">
				{t('operators.mayThey')}
			</h2>
			<form class="calendar-filters" method="get" action={operatorHref(operator.id)}>
				<Select
					name="permission"
					label={t('operators.permission')}
					options={permissionOptions(ui)}
					selected={question?.permission}
				/>
				<Select
					name="place"
					label={t('operators.place')}
					options={[...scopeOptions(ui), ...lanes]}
					selected={question?.place ?? 'site'}
				/>
				<Field
					name="record"
					label={t('operators.record.of')}
					hint={t('operators.record.ofHint')}
					value={question?.record}
					maxLength={200}
				/>
				<button class="button" type="submit">
					{t('operators.ask')}
				</button>
			</form>
			{question !== undefined && <AccessAnswer ui={ui} operator={operator} question={question} />}
		</section>
	);
}

/** A sentence, and what it rests on: roles, groups, licences and places by their names. */
function AccessAnswer({ ui, operator, question }: { ui: Ui; operator: OperatorView; question: AccessQuestion }) {
	const { t } = ui;
	const { answer, permission, place, record } = question;
	const sources = answer.grants.map(({ kind, id, name, scope }) => {
		const words = sourceWords(ui, { kind, id, name });
		return t(`operators.by.${kind}`, { name: words, scope: scopeWords(ui, scope) });
	});
	const denials = answer.denials.map(({ group, scope: text }) => {
		const scope = scopeWords(ui, text);
		if (group === null) return t('operators.byDenial', { scope });
		return t('operators.byGroupDenial', { name: plainUntrusted(group.name), scope });
	});
	const values = {
		who: plainUntrusted(operator.name),
		what: permissionWord(ui, permission),
		place: record === '' ? placeWords(ui, place) : recordWords(ui, record),
	};
	const title = answer.because === 'granted' ? t('operators.yes', values) : t(`operators.no.${answer.because}`, values);
	return (
		<Notice tone={answer.may ? 'good' : 'bad'} title={title} announce>
			<Reasons title={t('operators.why.given')} reasons={answer.may ? sources : denials} />
			{!answer.may && <Reasons title={t(ELSEWHERE[answer.because])} reasons={sources} />}
			<p>
				<code class="permission-key">{permission}</code>
			</p>
		</Notice>
	);
}

const ELSEWHERE = {
	granted: 'operators.why.elsewhere',
	notGranted: 'operators.why.elsewhere',
	denied: 'operators.why.denied',
} as const;

function Reasons({ title, reasons }: { title: string; reasons: readonly string[] }) {
	if (reasons.length === 0) return null;
	return (
		<>
			<p>{title}:</p>
			<ul>
				{reasons.map((words) => (
					<li>{words}</li>
				))}
			</ul>
		</>
	);
}

/** `lane:L1` besides what permissions are given for. */
function placeWords(ui: Ui, place: string): string {
	const lane = ui.site.lanes.find(({ id }) => place === `lane:${id}`);
	return lane?.name ?? scopeWords(ui, place);
}

/** As it was typed, where it is no record that is known. */
function recordWords(ui: Ui, record: string): string {
	const scope = scopeOfRecord(record);
	return scope === undefined ? plainUntrusted(record) : scopeWords(ui, scopeText(scope));
}

/** What grants it, in the reader's language where it has words for it. */
function sourceWords(
	ui: Ui,
	{ kind, id, name }: Pick<AccessExplained['grants'][number], 'kind' | 'id' | 'name'>,
): string {
	if (kind === 'role') return roleWord(ui, { id, name });
	return kind === 'licenceKind' && isLicenceKind(id) ? kindName(ui, id) : plainUntrusted(name);
}
