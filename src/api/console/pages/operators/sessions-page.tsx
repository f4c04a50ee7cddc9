import { LIMITS } from '../../../../gateway/core/limits.ts';
import { type LoginRules, SECOND_LOGINS } from '../../../../gateway/services/operators/login-rules.ts';
import type { OpenSession } from '../../../../gateway/services/operators/open-sessions.ts';
import type { RoleView } from '../../../../gateway/services/operators/own-roles.ts';
import { Field, Select } from '../../components/field.tsx';
import { Pill } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { roleWord } from '../../role-words.ts';
import type { Ui } from '../../ui.ts';
import { OwnRulesCard } from '../my-access/own-rules-card.tsx';
import { type OperatorsAnswer, OperatorsFrame, operatorHref, SESSIONS_PATH } from './operators-frame.tsx';

/** Fetched by itself, so that looking does not keep the reader's own login from going idle. */
export const LIVE_SESSIONS_PATH = '/live/login-sessions';

interface SessionsPageProps {
	readonly ui: Ui;
	readonly sessions: readonly OpenSession[];
	readonly rules: LoginRules;
	readonly roles: readonly RoleView[];
	readonly own: Omit<Parameters<typeof OwnRulesCard>[0], 'ui'>;
	readonly answer?: OperatorsAnswer | undefined;
}

/** Who is signed in, and how long that lasts. */
export function SessionsPage({ ui, sessions, rules, roles, own, answer }: SessionsPageProps) {
	return (
		<OperatorsFrame ui={ui} tab="sessions" answer={answer}>
			<section class="card" aria-labelledby="sessions-title">
				<h2 class="card__title" id="sessions-title">
					{ui.t('operators.tab.sessions')}
				</h2>
				<p>
					<a class="button" href={SESSIONS_PATH}>
						{ui.t('app.refresh')}
					</a>
				</p>
				<SessionTable ui={ui} sessions={sessions} />
			</section>
			{ui.may('settings:read') && <RulesForm ui={ui} rules={rules} roles={roles} />}
			{ui.may('settings:read') && <OwnRulesCard ui={ui} {...own} />}
		</OperatorsFrame>
	);
}

/** Replaces itself every few seconds. */
export function SessionTable({ ui, sessions }: { ui: Ui; sessions: readonly OpenSession[] }) {
	const { t } = ui;
	return (
		<div class="config-scroll" hx-get={LIVE_SESSIONS_PATH} hx-trigger="every 5s" hx-swap="outerHTML">
			<table class="plain-table">
				<thead>
					<tr>
						<th scope="col">{t('operators.name')}</th>
						<th scope="col">{t('operators.since')}</th>
						<th scope="col">{t('operators.idleS')}</th>
						<th scope="col">{t('operators.page')}</th>
						<th scope="col">
							<span class="visually-hidden">{t('operators.close')}</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{sessions.map((session) => (
						<SessionRow ui={ui} session={session} />
					))}
				</tbody>
			</table>
		</div>
	);
}

function SessionRow({ ui, session }: { ui: Ui; session: OpenSession }) {
	const { t, formats } = ui;
	const { id, operatorId, name, remoteAddress, createdAtMs, idleS, isPageOpen } = session;
	return (
		<tr>
			<th scope="row">
				<a href={operatorHref(operatorId)}>
					<Untrusted ui={ui} text={name} />
				</a>
				<p class="muted">
					<Untrusted ui={ui} text={remoteAddress} />
				</p>
			</th>
			<td>
				<Moment ui={ui} atMs={createdAtMs} />
			</td>
			<td class="figures">{formats.number(idleS)}</td>
			<td>
				<Pill tone={isPageOpen ? 'good' : 'quiet'} icon={isPageOpen ? 'check' : 'cross'}>
					{t(isPageOpen ? 'operators.pageOpen' : 'operators.pageClosed')}
				</Pill>
			</td>
			<td class="figures">
				{ui.may('loginSessions:end') && id !== ui.login?.id && (
					<form method="post" action={`${SESSIONS_PATH}/${encodeURIComponent(id)}/close`}>
						<CsrfField ui={ui} />
						<button class="button" type="submit">
							{t('operators.close')}
							<span class="visually-hidden">
								{' '}
								<Untrusted ui={ui} text={name} />
							</span>
						</button>
					</form>
				)}
			</td>
		</tr>
	);
}

const MINUTE_MS = 60_000;

function RulesForm({ ui, rules, roles }: Pick<SessionsPageProps, 'ui' | 'rules' | 'roles'>) {
	const { t } = ui;
	const minutes = (ms: number) => String(ms / MINUTE_MS);
	return (
		<section class="card card--form" aria-labelledby="rules-title">
			<h2 class="card__title" id="rules-title">
				{t('operators.rules')}
			</h2>
			<form class="stack" method="post" action={`${SESSIONS_PATH}/rules`}>
				<CsrfField ui={ui} />
				<Select
					name="secondLogin"
					label={t('operators.secondLogin')}
					options={SECOND_LOGINS.map((value) => ({ value, label: t(`operators.secondLogin.${value}`) }))}
					selected={rules.secondLogin}
				/>
				<Field
					name="idleMinutes"
					label={t('operators.idleMinutes')}
					hint={t('operators.between', {
						least: minutes(LIMITS.loginIdleLeastMs),
						most: minutes(LIMITS.loginIdleMostMs),
					})}
					value={minutes(rules.idleMs)}
					inputMode="numeric"
					required
				/>
				<Field
					name="absoluteMinutes"
					label={t('operators.absoluteMinutes')}
					hint={t('operators.between', {
						least: minutes(LIMITS.loginAbsoluteLeastMs),
						most: minutes(LIMITS.loginAbsoluteMostMs),
					})}
					value={minutes(rules.absoluteMs)}
					inputMode="numeric"
					required
				/>
				<fieldset class="licence-kinds">
					<legend>{t('factor.roles')}</legend>
					{roles.map((role) => (
						<label class="option">
							<input
								type="checkbox"
								name="secondFactorRoles"
								value={role.id}
								checked={rules.secondFactorRoles.includes(role.id)}
							/>
							{roleWord(ui, role)}
						</label>
					))}
				</fieldset>
				{ui.may('settings:write') && (
					<button class="button" type="submit">
						{t('operators.save')}
					</button>
				)}
			</form>
		</section>
	);
}
