import { maskText } from '../../../../gateway/core/directory/mask.ts';
import type { HolderHit } from '../../../../gateway/services/directory/find-holders.ts';
import type { LeavingRow, OffboardingPreview } from '../../../../gateway/services/operators/offboarding.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { Act } from '../operators/act-form.tsx';
import { type OperatorsAnswer, operatorHref } from '../operators/operators-frame.tsx';
import { StatePill } from '../operators/operators-page.tsx';

interface OffboardingPageProps {
	readonly ui: Ui;
	readonly preview: OffboardingPreview;
	/** What the holder was searched by, and who was found. */
	readonly search: { readonly text: string; readonly found: readonly HolderHit[] };
	readonly answer?: OperatorsAnswer | undefined;
}

/** What ends when an operator leaves, listed before it does; and the way back. */
export function OffboardingPage(props: OffboardingPageProps) {
	const { ui, preview, answer } = props;
	const { t, formats } = ui;
	const { operator, offboarded } = preview;
	const path = operatorHref(operator.id);
	return (
		<Page
			ui={ui}
			title={t('groups.leave.title')}
			aside={<StatePill ui={ui} state={operator.state} />}
			back={{ href: path, label: plainUntrusted(operator.name) }}
		>
			<div class="config-stack">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				{offboarded !== null && (
					<Notice tone="warning" title={t('groups.leave.done', { at: formats.full(offboarded.atMs) })} />
				)}
				<HolderCard {...props} path={path} />
				<section class="card" aria-labelledby="ends-title">
					<h2 class="card__title" id="ends-title">
						{plainUntrusted(operator.name)}
					</h2>
					<ul>
						{endings(ui, preview).map((words) => (
							<li>{words}</li>
						))}
					</ul>
					{preview.problems.length > 0 && (
						<Notice tone="bad" title={t('groups.leave.problems')}>
							<ul>
								{preview.problems.map((problem) => (
									<li>{plainUntrusted(problem)}</li>
								))}
							</ul>
						</Notice>
					)}
					{ui.may('operators:write') && operator.id !== ui.login?.operator.id && (
						<Act
							{...{ ui, action: `${path}/offboard`, label: t('groups.leave.do'), hint: t('groups.leave.hint') }}
							sure
						/>
					)}
					{ui.may('operators:write') && offboarded !== null && (
						<Act
							{...{ ui, action: `${path}/offboard/undo`, label: t('groups.leave.undo') }}
							hint={t('groups.leave.undoHint')}
						/>
					)}
				</section>
			</div>
		</Page>
	);
}

function endings(ui: Ui, { operator, logins, tokens, hasCode, rows }: OffboardingPreview): readonly string[] {
	const { t } = ui;
	return [
		...(operator.state === 'inactive' ? [] : [t('groups.leave.state')]),
		...(logins === 0 ? [] : [t('groups.leave.logins', { count: logins })]),
		...(tokens.length === 0 ? [] : [t('groups.leave.tokens', { count: tokens.length })]),
		...(hasCode ? [t('groups.leave.code')] : []),
		...rows.map((row) => t(`groups.leave.${row.what}`, { title: titleOf(ui, row) })),
	];
}

function titleOf(ui: Ui, { table, title }: LeavingRow): string {
	const isSeen = table !== 'credentials' || ui.may('personalData:read');
	return plainUntrusted(isSeen ? title : maskText(title));
}

function HolderCard({ ui, preview: { holder }, search, path }: OffboardingPageProps & { readonly path: string }) {
	const { t } = ui;
	const seen = (name: string) => plainUntrusted(ui.may('personalData:read') ? name : maskText(name));
	return (
		<section class="card" aria-labelledby="holder-title">
			<h2 class="card__title" id="holder-title">
				{holder === null ? t('groups.leave.noHolder') : t('groups.leave.holder', { name: seen(holder.name) })}
			</h2>
			{ui.may('operators:write') && (
				<>
					{holder !== null && <LinkForm {...{ ui, path, holderId: '', label: t('groups.leave.unlink'), name: '' }} />}
					{ui.may('holders:read') && ui.may('personalData:read') && (
						<form class="calendar-filters" method="get" action={`${path}/offboarding`}>
							<Field name="holder" label={t('groups.leave.findHolder')} value={search.text} maxLength={200} />
							<button class="button" type="submit">
								<Icon name="search" size="small" />
								{t('operators.find')}
							</button>
						</form>
					)}
					<ul>
						{search.found.map(({ id, name }) => (
							<li>
								{seen(name)}{' '}
								<LinkForm {...{ ui, path, holderId: id, label: t('groups.leave.link'), name: seen(name) }} />
							</li>
						))}
					</ul>
				</>
			)}
		</section>
	);
}

function LinkForm(props: {
	readonly ui: Ui;
	readonly path: string;
	/** Empty: none. */
	readonly holderId: string;
	readonly label: string;
	readonly name: string;
}) {
	return (
		<form method="post" action={`${props.path}/holder`}>
			<CsrfField ui={props.ui} />
			<input type="hidden" name="holderId" value={props.holderId} />
			<button class="button" type="submit">
				{props.label}
				{props.name !== '' && <span class="visually-hidden"> {props.name}</span>}
			</button>
		</form>
	);
}
