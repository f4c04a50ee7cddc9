import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';

/** One thing that can be done, said in a line before its button. */
export function Act(props: {
	readonly ui: Ui;
	readonly action: string;
	readonly label: string;
	readonly hint: string;
	/** Sent as `yes`. */
	readonly field?: string;
	/** It takes a tick first: nothing brings it back. */
	readonly sure?: true;
}) {
	const { ui, hint, field, sure } = props;
	return (
		<form class="act" method="post" action={props.action}>
			<CsrfField ui={ui} />
			{field !== undefined && <input type="hidden" name={field} value="yes" />}
			<p class="muted">{hint}</p>
			{sure && (
				<label class="option">
					<input type="checkbox" name="sure" value="yes" required />
					{ui.t('operators.sure')}
				</label>
			)}
			<button class="button" type="submit">
				{props.label}
			</button>
		</form>
	);
}
