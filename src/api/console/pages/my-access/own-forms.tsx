import type { Child } from 'hono/jsx';
import type { OwnAccessRules } from '../../../../gateway/services/own-access/own-access-rules.ts';
import { Field, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { MY_ACCESS_PATH, myAccessHref } from './my-access-paths.ts';

/** What was typed, as it was typed. */
export type Typed = Readonly<Record<string, string>>;

export interface FormProps {
	readonly ui: Ui;
	readonly typed: Typed;
	/** What stands against it. */
	readonly problems: readonly string[];
}

export function OwnForm(
	props: FormProps & {
		readonly title: string;
		readonly hint?: string;
		readonly action: string;
		readonly submit: string;
		/** Buttons after the one that submits. */
		readonly further?: Child;
		readonly children?: Child;
	},
) {
	const { ui, title, hint, problems } = props;
	return (
		<Page ui={ui} title={title} back={{ href: MY_ACCESS_PATH, label: ui.t('mine.title') }}>
			<form class="card card--form stack" method="post" action={props.action}>
				<CsrfField ui={ui} />
				{problems.length > 0 && (
					<Notice tone="bad" title={ui.t('booking.refused')} announce>
						{problems.map((problem) => (
							<p>{problem}</p>
						))}
					</Notice>
				)}
				{hint !== undefined && <p class="muted">{hint}</p>}
				{props.children}
				<div class="dialog__actions">
					<a class="button button--quiet" href={MY_ACCESS_PATH}>
						{ui.t('app.cancel')}
					</a>
					<button class="button button--primary" type="submit">
						{props.submit}
					</button>
					{props.further}
				</div>
			</form>
		</Page>
	);
}

export function Times({ ui, typed }: Pick<FormProps, 'ui' | 'typed'>) {
	const common = { type: 'datetime-local', required: true } as const;
	return (
		<>
			<Field {...{ ...common, name: 'from', label: ui.t('booking.from'), value: typed['from'] }} />
			<Field {...{ ...common, name: 'to', label: ui.t('booking.to'), value: typed['to'] }} />
		</>
	);
}

export function GiveUpPage(props: FormProps) {
	const { ui, typed } = props;
	const { t } = ui;
	return (
		<OwnForm
			{...props}
			title={t('mine.giveUp')}
			hint={t('mine.giveUpHint')}
			action={myAccessHref('give-up')}
			submit={t('mine.giveUpSubmit')}
		>
			<input type="hidden" name="right" value={typed['right'] ?? ''} />
			<Times {...props} />
		</OwnForm>
	);
}

export function InvitePage(props: FormProps & { readonly rules: OwnAccessRules }) {
	const { ui, typed, rules } = props;
	const { t } = ui;
	const { visitHours: hours, visitDaysAhead: days, visitsAtOnce: count } = rules;
	const by = [
		{ value: 'qr', label: t('mine.guestByQr') },
		{ value: 'plate', label: t('mine.guestByPlate') },
	];
	return (
		<OwnForm
			{...props}
			title={t('mine.invite')}
			hint={t('mine.inviteHint', { hours, days, count })}
			action={myAccessHref('invite')}
			submit={t('mine.invite')}
		>
			<Field
				{...{ name: 'name', label: t('mine.guestName'), value: typed['name'] ?? '', maxLength: 200 }}
				autocomplete="off"
				required
			/>
			<Times {...props} />
			<Select name="by" label={t('mine.guestBy')} options={by} selected={typed['by'] ?? 'qr'} />
			<Field
				{...{ name: 'plate', label: t('mine.guestPlate'), value: typed['plate'] ?? '', maxLength: 32 }}
				autocomplete="off"
				spellcheck={false}
			/>
		</OwnForm>
	);
}
