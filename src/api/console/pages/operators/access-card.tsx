import { isLicenceKind } from '../../../../gateway/core/licence/licence-kinds.ts';
import { PERMISSIONS, type Permission } from '../../../../gateway/core/permission.ts';
import type { AccessExplained } from '../../../../gateway/services/operators/explain-access.ts';
import type { OperatorView } from '../../../../gateway/services/operators/operator-view.ts';
import { Field, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
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
					options={PERMISSIONS.map((permission) => ({ value: permission, label: permission }))}
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
			{question !== undefined && <AccessAnswer ui={ui} answer={question.answer} />}
		</section>
	);
}

function AccessAnswer({ ui, answer }: { ui: Ui; answer: AccessExplained }) {
	const { t } = ui;
	const sources = answer.grants.map(({ kind, id, name, scope }) => {
		const words = sourceWords(ui, { kind, id, name });
		return t(`operators.by.${kind}`, { name: words, scope: scopeWords(ui, scope) });
	});
	const denials = answer.denials.map(({ group, scope: text }) => {
		const scope = scopeWords(ui, text);
		if (group === null) return t('operators.byDenial', { scope });
		return t('operators.byGroupDenial', { name: plainUntrusted(group.name), scope });
	});
	return (
		<Notice tone={answer.may ? 'good' : 'bad'} title={t(`operators.because.${answer.because}`)} announce>
			<ul>
				{[...denials, ...sources].map((words) => (
					<li>{words}</li>
				))}
			</ul>
		</Notice>
	);
}

/** What grants it, in the reader's language where it has words for it. */
function sourceWords(
	ui: Ui,
	{ kind, id, name }: Pick<AccessExplained['grants'][number], 'kind' | 'id' | 'name'>,
): string {
	if (kind === 'role') return roleWord(ui, { id, name });
	if (kind === 'record') return scopeWords(ui, name);
	return kind === 'licenceKind' && isLicenceKind(id) ? kindName(ui, id) : plainUntrusted(name);
}
