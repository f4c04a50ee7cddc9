import type { ApiTokenView } from '../../../../gateway/services/operators/api-tokens.ts';
import type { OperatorView } from '../../../../gateway/services/operators/operator-view.ts';
import type { RoleView } from '../../../../gateway/services/operators/own-roles.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Phone, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { OperatorHistoryLinks } from '../activity/activity-words.tsx';
import { userHref } from '../licences/users-tab.tsx';
import { QrCode } from '../visitors/qr-code.tsx';
import { AccessCard, type AccessQuestion } from './access-card.tsx';
import { Act } from './act-form.tsx';
import { CloneOperatorCard } from './clone-card.tsx';
import { GroupsCard } from './groups-card.tsx';
import { MenuCard } from './menu-card.tsx';
import { OPERATORS_PATH, type OperatorsAnswer, operatorHref } from './operators-frame.tsx';
import { OperatorPicture, StatePill } from './operators-page.tsx';
import { PasskeyLine } from './passkeys-card.tsx';
import { RulesCard } from './rules-card.tsx';
import { TokensCard } from './tokens-card.tsx';

/** Shown once. */
export type Handed =
	| { readonly kind: 'code'; readonly code: string; readonly url: string; readonly endsAtMs: number }
	| { readonly kind: 'password'; readonly password: string };

interface OperatorPageProps {
	readonly ui: Ui;
	readonly operator: OperatorView;
	readonly roles: readonly RoleView[];
	readonly tokens: readonly ApiTokenView[];
	readonly answer?: OperatorsAnswer | undefined;
	readonly handed?: Handed | undefined;
	readonly question?: AccessQuestion | undefined;
}

/** One operator: who they are, what they may do and why, and what lets them in. */
export function OperatorPage(props: OperatorPageProps) {
	const { ui, operator, answer, handed } = props;
	const { t, formats } = ui;
	const mayWrite = ui.may('operators:write');
	return (
		<Page
			ui={ui}
			title={operator.name}
			aside={<StatePill ui={ui} state={operator.state} />}
			back={{ href: OPERATORS_PATH, label: t('operators.title') }}
		>
			<div class="config-stack">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				{handed !== undefined && <HandedOver ui={ui} handed={handed} />}
				<section class="card" aria-labelledby="who-title">
					{operator.hasPicture && <OperatorPicture operatorId={operator.id} large />}
					<h2 class="card__title" id="who-title">
						<Untrusted ui={ui} text={operator.email} />
					</h2>
					{operator.phone !== null && (
						<p>
							{t('account.phone')}: <Phone ui={ui} number={operator.phone} />
						</p>
					)}
					<p class="muted">
						{operator.lastLoginAtMs === null
							? t('operators.neverSignedIn')
							: t('operators.lastLogin', { at: formats.full(operator.lastLoginAtMs) })}
						{operator.isSignedIn && ` ${t('operators.signedInNow')}`}
						{operator.hasSecondFactor && ` ${t('factor.has')}`}
					</p>
					{operator.passkeys.map((passkey) => (
						<p class="muted">
							{t('passkeys.one')} <PasskeyLine ui={ui} passkey={passkey} />
						</p>
					))}
					{operator.mail !== null && <MailLine ui={ui} mail={operator.mail} />}
					{mayWrite && <DetailsForm ui={ui} operator={operator} />}
				</section>
				<RulesCard ui={ui} action={`${operatorHref(operator.id)}/roles`} rules={operator} roles={props.roles} />
				<GroupsCard ui={ui} operator={operator} />
				{ui.may('licences:read') && <LicencesLink ui={ui} operatorId={operator.id} />}
				{mayWrite && <MenuCard ui={ui} operator={operator} />}
				<AccessCard {...props} />
				<TokensCard ui={ui} tokens={props.tokens} path={mayWrite ? `${operatorHref(operator.id)}/tokens` : null} />
				{mayWrite && <EntryCard ui={ui} operator={operator} />}
				{mayWrite && (
					<a class="button" href={`${operatorHref(operator.id)}/offboarding`}>
						{t('groups.leave.open')}
					</a>
				)}
				{mayWrite && operator.id !== ui.login?.operator.id && (
					<section class="card">
						<Act
							{...{ ui, action: `${operatorHref(operator.id)}/view-as`, label: t('groups.viewAs.begin') }}
							hint={t('groups.viewAs.hint')}
						/>
					</section>
				)}
				{mayWrite && <CloneOperatorCard ui={ui} operator={operator} />}
				<OperatorHistoryLinks ui={ui} operatorId={operator.id} />
			</div>
		</Page>
	);
}

/** To their kinds of licence: to read, or to give and take. */
function LicencesLink({ ui, operatorId }: { ui: Ui; operatorId: string }) {
	const { t } = ui;
	const mayChange = ui.may('licences:write');
	return (
		<section class="card" aria-labelledby="licences-title">
			<h2 class="card__title" id="licences-title">
				{t('licences.kinds')}
			</h2>
			<a class="button" href={userHref(operatorId, mayChange ? 'edit' : 'see')}>
				<Icon name={mayChange ? 'edit' : 'key'} size="small" />
				{t(mayChange ? 'licences.edit' : 'licences.kinds')}
			</a>
		</section>
	);
}

/** What became of the mail with their code. */
export function MailLine({ ui, mail }: { ui: Ui; mail: NonNullable<OperatorView['mail']> }) {
	const { t, formats } = ui;
	const at = formats.full(mail.atMs);
	if (mail.state !== 'failed') return <p class="muted">{t(`mail.${mail.state}`, { at })}</p>;
	const { problem, code, again } = mail;
	return (
		<Notice tone={again ? 'warning' : 'bad'} title={t('mail.failed', { at })}>
			<p>{`${t(`mail.problem.${problem}`)}${code === null ? '' : ` (${code})`} ${t(again ? 'mail.again' : 'mail.newCode')}`}</p>
		</Notice>
	);
}

/** A code or password, shown once. */
export function HandedOver({ ui, handed }: { ui: Ui; handed: Handed }) {
	const { t, formats } = ui;
	if (handed.kind === 'password') {
		return (
			<Notice tone="good" title={t('operators.passwordOnce')} announce>
				<p>
					<code>{handed.password}</code>
				</p>
			</Notice>
		);
	}
	return (
		<Notice tone="good" title={t('operators.codeOnce', { until: formats.full(handed.endsAtMs) })} announce>
			<p>
				<code>{handed.code}</code>
			</p>
			<p>
				<code>{handed.url}</code>
			</p>
			<QrCode text={handed.url} label={t('operators.codeQr')} />
		</Notice>
	);
}

function DetailsForm({ ui, operator }: { ui: Ui; operator: OperatorView }) {
	const { t } = ui;
	return (
		<form class="stack" method="post" action={operatorHref(operator.id)}>
			<CsrfField ui={ui} />
			<input type="hidden" name="version" value={String(operator.version)} />
			<Field name="name" label={t('operators.name')} value={operator.name} required maxLength={200} />
			<Field name="email" type="email" label={t('login.email')} value={operator.email} required maxLength={254} />
			<Field name="phone" type="tel" label={t('account.phone')} value={operator.phone ?? ''} maxLength={40} />
			<button class="button" type="submit">
				{t('operators.save')}
			</button>
		</form>
	);
}

/** Codes, passwords, and whether they may sign in at all. */
function EntryCard({ ui, operator }: { ui: Ui; operator: OperatorView }) {
	const { t } = ui;
	const path = operatorHref(operator.id);
	const isSelf = ui.login?.operator.id === operator.id;
	return (
		<section class="card" aria-labelledby="entry-title">
			<h2 class="card__title" id="entry-title">
				{t('operators.entry')}
			</h2>
			{operator.state !== 'inactive' && (
				<Act ui={ui} action={`${path}/code`} label={t('operators.newCode')} hint={t('operators.newCodeHint')} />
			)}
			<Act
				ui={ui}
				action={`${path}/generate-password`}
				label={t('operators.generatePassword')}
				hint={t('operators.generatePasswordHint')}
			/>
			{operator.hasSecondFactor && (
				<Act ui={ui} action={`${path}/reset-second-factor`} label={t('factor.reset')} hint={t('factor.resetHint')} />
			)}
			{!isSelf && operator.state === 'active' && (
				<>
					<Act
						ui={ui}
						action={`${path}/deactivate`}
						label={t('operators.deactivate')}
						hint={t('operators.deactivateHint')}
					/>
					<Act
						ui={ui}
						action={`${path}/deactivate`}
						label={t('operators.deactivateNow')}
						hint={t('operators.deactivateNowHint')}
						field="endLogins"
					/>
				</>
			)}
			{operator.state === 'inactive' && (
				<Act ui={ui} action={`${path}/activate`} label={t('operators.activate')} hint={t('operators.activateHint')} />
			)}
			{!isSelf && (
				<Act ui={ui} action={`${path}/remove`} label={t('operators.remove')} hint={t('operators.removeHint')} sure />
			)}
		</section>
	);
}
