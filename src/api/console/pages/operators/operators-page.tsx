import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { BulkRow } from '../../../../gateway/services/operators/bulk-changes.ts';
import type {
	OperatorPage,
	OperatorStanding,
	OperatorView,
} from '../../../../gateway/services/operators/operator-view.ts';
import type { RoleView } from '../../../../gateway/services/operators/own-roles.ts';
import type { SeatSwap } from '../../../../gateway/services/operators/seat-swaps.ts';
import { Field, Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { SearchField } from '../../components/search-input.tsx';
import { Pill } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { roleWord } from '../../role-words.ts';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { OPERATOR_IMPORTS_PATH } from '../imports/import-paths.ts';
import { BULK_FORM, BulkForm, BulkRows } from './bulk-form.tsx';
import {
	OPERATORS_PATH,
	type OperatorsAnswer,
	OperatorsFrame,
	operatorHref,
	scopeOptions,
	scopeWords,
	USERS_PATH,
	UsersFrame,
} from './operators-frame.tsx';
import { SeatHistory, SwapButton, SwapLink, SwapNotice } from './seat-swaps.tsx';

export const STATES = ['invited', 'active', 'inactive'] as const;

interface OperatorsPageProps {
	readonly ui: Ui;
	/** Which of the two pages that show the list. */
	readonly path: typeof OPERATORS_PATH | typeof USERS_PATH;
	readonly swaps: readonly SeatSwap[];
	/** Whose seat is about to change hands. */
	readonly swapFrom: OperatorView | undefined;
	readonly filter: { readonly q: string; readonly state: (typeof STATES)[number] | undefined };
	readonly cursor: string | undefined;
	readonly page: OperatorPage;
	readonly standing: OperatorStanding;
	readonly roles: readonly RoleView[];
	readonly answer?: OperatorsAnswer | undefined;
	/** What came of each of many. */
	readonly rows?: readonly BulkRow[];
	/** What was typed and refused. */
	readonly typed?: { readonly email: string; readonly name: string };
}

/** Who may sign in, and as what. */
export function OperatorsPage(props: OperatorsPageProps) {
	const { ui, page, standing, answer } = props;
	const { t, formats } = ui;
	const { seats, seatsTaken } = standing;
	const mayWrite = ui.may('operators:write');
	const content = (
		<>
			{standing.fewAdministrators && (
				<Notice tone="warning" title={t('operators.fewAdministrators', { count: standing.administrators })} />
			)}
			{props.rows !== undefined && <BulkRows ui={ui} rows={props.rows} />}
			{props.swapFrom !== undefined && <SwapNotice ui={ui} path={props.path} from={props.swapFrom} />}
			<Filters {...props} />
			{seats !== null && (
				<p class="results-count">
					{t('operators.seats', { used: formats.number(seatsTaken), available: formats.number(seats.available) })}
				</p>
			)}
			{page.items.length === 0 ? (
				<EmptyState icon="search" title={t('operators.nobody')} hint={t('operators.nobodyHint')} />
			) : (
				<section class="card">
					<div class="config-scroll">
						<table class="plain-table">
							<thead>
								<tr>
									{mayWrite && (
										<th scope="col">
											<span class="visually-hidden">{t('groups.bulk.title')}</span>
										</th>
									)}
									<th scope="col">{t('operators.name')}</th>
									<th scope="col">{t('operators.roles')}</th>
									<th scope="col">{t('operators.state')}</th>
									<th scope="col">
										<span class="visually-hidden">{t('operators.toggle')}</span>
									</th>
								</tr>
							</thead>
							<tbody>
								{page.items.map((operator) => (
									<OperatorRow {...props} operator={operator} />
								))}
							</tbody>
						</table>
					</div>
				</section>
			)}
			<PagesNav ui={ui} order="name" next={page.nextCursor === null ? undefined : listHref(props, page.nextCursor)} />
			{mayWrite && page.items.length > 0 && <BulkForm ui={ui} />}
			{mayWrite && <InviteForm {...props} />}
			{mayWrite && (
				<p>
					<a class="button" href={OPERATOR_IMPORTS_PATH}>
						<Icon name="upload" size="small" />
						{t('opImport.title')}
					</a>
				</p>
			)}
			<SeatHistory ui={ui} swaps={props.swaps} />
		</>
	);
	const frame = { ui, answer };
	if (props.path === USERS_PATH) return <UsersFrame {...frame}>{content}</UsersFrame>;
	return (
		<OperatorsFrame {...frame} tab="operators">
			{content}
		</OperatorsFrame>
	);
}

function listHref({ path, filter: { q, state }, swapFrom }: OperatorsPageProps, cursor: string): string {
	const swap = swapFrom && { swap: swapFrom.id };
	return `${path}?${new URLSearchParams({ ...(q !== '' && { q }), ...(state && { state }), ...swap, cursor })}`;
}

function Filters({ ui, path, filter, swapFrom }: OperatorsPageProps) {
	const { t } = ui;
	return (
		<search>
			<form class="calendar-filters" method="get" action={path}>
				{swapFrom !== undefined && <input type="hidden" name="swap" value={swapFrom.id} />}
				<SearchField label={t('operators.search')} value={filter.q} maxLength={LIMITS.searchLength} />
				<Select
					name="state"
					label={t('operators.state')}
					any={t('operators.anyState')}
					options={STATES.map((state) => ({ value: state, label: t(`operators.state.${state}`) }))}
					selected={filter.state}
				/>
				<button class="button" type="submit">
					<Icon name="search" size="small" />
					{t('operators.find')}
				</button>
			</form>
		</search>
	);
}

const TONES = { invited: 'active', active: 'good', inactive: 'quiet' } as const;
const ICONS = { invited: 'clock', active: 'check', inactive: 'cross' } as const;

export function StatePill({ ui, state }: { ui: Ui; state: OperatorView['state'] }) {
	return (
		<Pill tone={TONES[state]} icon={ICONS[state]}>
			{ui.t(`operators.state.${state}`)}
		</Pill>
	);
}

/** `Reception · Deck`; the whole site goes without saying. */
export function assignedWords(ui: Ui, { scope, ...role }: OperatorView['roles'][number]): string {
	return scope === 'site' ? roleWord(ui, role) : `${roleWord(ui, role)} · ${scopeWords(ui, scope)}`;
}

function OperatorRow({ operator, ...list }: OperatorsPageProps & { readonly operator: OperatorView }) {
	const { ui, path, standing, swapFrom } = list;
	const { t } = ui;
	const { id, name, email, state, roles } = operator;
	const mayTouch = ui.may('operators:write') && ui.login?.operator.id !== id;
	return (
		<tr>
			{ui.may('operators:write') && (
				<td>
					<input
						type="checkbox"
						form={BULK_FORM}
						name="operators"
						value={id}
						aria-label={t('groups.bulk.choose', { name: plainUntrusted(name) })}
					/>
				</td>
			)}
			<th scope="row">
				{operator.hasPicture && <OperatorPicture operatorId={id} />}
				<a href={operatorHref(id)}>
					<Untrusted ui={ui} text={name} />
				</a>
				<p class="muted">
					<Untrusted ui={ui} text={email} />
				</p>
			</th>
			<td>{roles.map((role) => assignedWords(ui, role)).join(', ')}</td>
			<td>
				<StatePill ui={ui} state={state} />
			</td>
			<td class="figures">
				{mayTouch && swapFrom !== undefined && state === 'inactive' && (
					<SwapButton ui={ui} from={swapFrom} to={operator} />
				)}
				{mayTouch && swapFrom === undefined && state === 'active' && standing.seats !== null && (
					<SwapLink ui={ui} path={path} operator={operator} />
				)}
				{mayTouch && state !== 'invited' && swapFrom === undefined && (
					<form method="post" action={`${operatorHref(id)}/${state === 'active' ? 'deactivate' : 'activate'}`}>
						<CsrfField ui={ui} />
						<input type="hidden" name="back" value={path} />
						<button class="button" type="submit" aria-pressed={state === 'active' ? 'true' : 'false'}>
							{t(state === 'active' ? 'operators.deactivate' : 'operators.activate')}
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

/** Their name stands beside it. */
export function OperatorPicture({ operatorId, large = false }: { operatorId: string; large?: boolean }) {
	const href = `/api/v1/operators/${encodeURIComponent(operatorId)}/picture`;
	return (
		<img
			class={`account__badge operator-picture${large ? ' account__badge--large' : ''}`}
			src={href}
			alt=""
			loading="lazy"
			width="32"
			height="32"
		/>
	);
}

function InviteForm({ ui, roles, typed, standing }: OperatorsPageProps) {
	const { t } = ui;
	return (
		<section class="card card--form" aria-labelledby="invite-title">
			<h2 class="card__title" id="invite-title">
				{t('operators.invite')}
			</h2>
			<p class="card__note">{t(standing.sendsMail ? 'mail.inviteHint' : 'operators.inviteHint')}</p>
			<form class="stack" method="post" action={OPERATORS_PATH}>
				<CsrfField ui={ui} />
				<Field name="email" type="email" label={t('login.email')} value={typed?.email} required maxLength={254} />
				<Field name="name" label={t('operators.name')} value={typed?.name} required maxLength={200} />
				<Select
					name="role"
					label={t('operators.role')}
					options={roles.map((role) => ({ value: role.id, label: roleWord(ui, role) }))}
					selected="user"
				/>
				<Select name="scope" label={t('operators.scope')} options={scopeOptions(ui)} selected="site" />
				<button class="button button--primary" type="submit">
					{t('operators.inviteSubmit')}
				</button>
			</form>
		</section>
	);
}
