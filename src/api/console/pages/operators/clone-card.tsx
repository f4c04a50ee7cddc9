import type { OperatorGroupView } from '../../../../gateway/services/operators/operator-group-view.ts';
import type { OperatorView } from '../../../../gateway/services/operators/operator-view.ts';
import { Field } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { groupHref, operatorHref } from './operators-frame.tsx';

/** Somebody else who may do the same. */
export function CloneOperatorCard({ ui, operator }: { readonly ui: Ui; readonly operator: OperatorView }) {
	const hint = ui.t('groups.clone.operatorHint');
	return <CloneCard ui={ui} action={`${operatorHref(operator.id)}/clone`} hint={hint} asksEmail />;
}

export function CloneGroupCard({ ui, group }: { readonly ui: Ui; readonly group: OperatorGroupView }) {
	return <CloneCard ui={ui} action={`${groupHref(group.id)}/clone`} hint={ui.t('groups.clone.groupHint')} />;
}

function CloneCard(props: {
	readonly ui: Ui;
	readonly action: string;
	readonly hint: string;
	readonly asksEmail?: true;
}) {
	const { t } = props.ui;
	return (
		<section class="card" aria-labelledby="clone-title">
			<h2 class="card__title" id="clone-title">
				{t('groups.clone.title')}
			</h2>
			<p class="card__note">{props.hint}</p>
			<form class="stack" method="post" action={props.action}>
				<CsrfField ui={props.ui} />
				{props.asksEmail && (
					<Field name="email" id="clone-email" type="email" label={t('login.email')} required maxLength={254} />
				)}
				<Field name="name" id="clone-name" label={t('operators.name')} required maxLength={200} />
				<button class="button" type="submit">
					{t('groups.clone.do')}
				</button>
			</form>
		</section>
	);
}
