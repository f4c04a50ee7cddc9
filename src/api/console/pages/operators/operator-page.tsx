import { PERMISSIONS } from '../../../../gateway/core/permission.ts';
import type { ApiTokenView } from '../../../../gateway/services/operators/api-tokens.ts';
import type { OperatorView } from '../../../../gateway/services/operators/operator-view.ts';
import type { RoleView } from '../../../../gateway/services/operators/own-roles.ts';
import { Field, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import { roleWord } from '../../role-words.ts';
import type { Ui } from '../../ui.ts';
import { QrCode } from '../visitors/qr-code.tsx';
import { AccessCard, type AccessQuestion } from './access-card.tsx';
import { OPERATORS_PATH, type OperatorsAnswer, operatorHref, scopeOptions, scopeWords } from './operators-frame.tsx';
import { assignedWords, StatePill } from './operators-page.tsx';
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
					<h2 class="card__title" id="who-title">
						<Untrusted ui={ui} text={operator.email} />
					</h2>
					<p class="muted">
						{operator.lastLoginAtMs === null
							? t('operators.neverSignedIn')
							: t('operators.lastLogin', { at: formats.full(operator.lastLoginAtMs) })}
						{operator.isSignedIn && ` ${t('operators.signedInNow')}`}
					</p>
					{mayWrite && <DetailsForm ui={ui} operator={operator} />}
				</section>
				<RolesCard {...props} />
				<AccessCard {...props} />
				<TokensCard ui={ui} tokens={props.tokens} path={mayWrite ? `${operatorHref(operator.id)}/tokens` : null} />
				{mayWrite && <EntryCard ui={ui} operator={operator} />}
			</div>
		</Page>
	);
}

function HandedOver({ ui, handed }: { ui: Ui; handed: Handed }) {
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
			<button class="button" type="submit">
				{t('operators.save')}
			</button>
		</form>
	);
}

/** Roles and denials, each taken away by its own button; one more by the form below. */
function RolesCard({ ui, operator, roles }: OperatorPageProps) {
	const { t } = ui;
	const mayWrite = ui.may('operators:write');
	const path = operatorHref(operator.id);
	return (
		<section class="card" aria-labelledby="roles-title">
			<h2 class="card__title" id="roles-title">
				{t('operators.roles')}
			</h2>
			<table class="plain-table">
				<tbody>
					{operator.roles.map((role) => (
						<Removable
							ui={ui}
							action={`${path}/roles`}
							words={assignedWords(ui, role)}
							fields={{ take: `${role.id}@${role.scope}` }}
							version={operator.version}
						/>
					))}
					{operator.denials.map(({ permission, scope }) => (
						<Removable
							ui={ui}
							action={`${path}/roles`}
							words={t('operators.deniedAt', { permission, scope: scopeWords(ui, scope) })}
							fields={{ allow: `${permission}@${scope}` }}
							version={operator.version}
						/>
					))}
				</tbody>
			</table>
			{mayWrite && (
				<>
					<form class="calendar-filters" method="post" action={`${path}/roles`}>
						<CsrfField ui={ui} />
						<input type="hidden" name="version" value={String(operator.version)} />
						<Select
							name="give"
							label={t('operators.giveRole')}
							options={roles.map((role) => ({ value: role.id, label: roleWord(ui, role) }))}
							selected={undefined}
						/>
						<Select name="scope" label={t('operators.scope')} options={scopeOptions(ui)} selected="site" />
						<button class="button" type="submit">
							{t('operators.give')}
						</button>
					</form>
					<form class="calendar-filters" method="post" action={`${path}/roles`}>
						<CsrfField ui={ui} />
						<input type="hidden" name="version" value={String(operator.version)} />
						<Select
							name="deny"
							label={t('operators.denyPermission')}
							options={PERMISSIONS.map((permission) => ({ value: permission, label: permission }))}
							selected={undefined}
						/>
						<Select name="scope" label={t('operators.scope')} options={scopeOptions(ui)} selected="site" />
						<button class="button" type="submit">
							{t('operators.deny')}
						</button>
					</form>
				</>
			)}
		</section>
	);
}

function Removable(props: {
	readonly ui: Ui;
	readonly action: string;
	readonly words: string;
	readonly fields: Readonly<Record<string, string>>;
	readonly version: number;
}) {
	const { ui, words } = props;
	return (
		<tr>
			<th scope="row">{words}</th>
			<td class="figures">
				{ui.may('operators:write') && (
					<form method="post" action={props.action}>
						<CsrfField ui={ui} />
						<input type="hidden" name="version" value={String(props.version)} />
						{Object.entries(props.fields).map(([name, value]) => (
							<input type="hidden" name={name} value={value} />
						))}
						<button class="button" type="submit">
							{ui.t('operators.take')}
							<span class="visually-hidden"> {words}</span>
						</button>
					</form>
				)}
			</td>
		</tr>
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

function Act(props: {
	readonly ui: Ui;
	readonly action: string;
	readonly label: string;
	readonly hint: string;
	readonly field?: string;
	/** It takes a tick first: nothing brings it back. */
	readonly sure?: true;
}) {
	const { ui, hint, field, sure } = props;
	return (
		<form class="stack" method="post" action={props.action}>
			<CsrfField ui={ui} />
			{field !== undefined && <input type="hidden" name={field} value="yes" />}
			<p class="muted">{hint}</p>
			{sure && (
				<label>
					<input type="checkbox" name="sure" value="yes" required /> {ui.t('operators.sure')}
				</label>
			)}
			<button class="button" type="submit">
				{props.label}
			</button>
		</form>
	);
}
