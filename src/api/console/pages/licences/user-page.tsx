import { licenceKindText } from '../../../../gateway/core/licence/licence-kind-texts.ts';
import { LICENCE_KIND_NAMES, type LicenceKind } from '../../../../gateway/core/licence/licence-kinds.ts';
import type { KindUse, LicensedOperator } from '../../../../gateway/services/licensing/licence-grants.ts';
import type { LicenceChange } from '../../../../gateway/services/licensing/licence-standing.ts';
import { Icon } from '../../components/icon.tsx';
import { Pill } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { LicenceHistory } from './licence-history.tsx';
import { AnswerNotice, type LicenceAnswer, tabHref } from './licences-frame.tsx';
import { userHref } from './users-tab.tsx';

export interface UserPageProps {
	readonly ui: Ui;
	readonly operator: LicensedOperator;
	readonly kinds: readonly KindUse[];
	/** What would be saved; null: nothing is edited. */
	readonly draft: readonly LicenceKind[] | null;
	/** What they were when editing began. */
	readonly etag: string;
	readonly history: readonly LicenceChange[];
	readonly operatorName: (operatorId: string) => string | null;
	readonly answer?: LicenceAnswer | undefined;
}

/** The kinds of one operator: to read, and behind the pencil to change, saved all at once. */
export function UserPage(props: UserPageProps) {
	const { ui, operator, draft, answer, history, operatorName } = props;
	const { t } = ui;
	const pencil = (
		<a class="button" href={userHref(operator.id, 'edit')}>
			<Icon name="edit" />
			{t('licences.edit')}
		</a>
	);
	return (
		<Page
			ui={ui}
			title={operator.name}
			back={{ href: tabHref('users'), label: t('licences.tab.users') }}
			aside={draft === null && ui.may('licences:write') && pencil}
		>
			<div class="config-stack">
				<AnswerNotice ui={ui} answer={answer} />
				<section class="card" aria-labelledby="kinds-title">
					<h2 class="card__title" id="kinds-title">
						{t('licences.kinds')}
					</h2>
					<p class="muted">
						<Untrusted ui={ui} text={operator.email} />
					</p>
					{draft === null ? <Shown {...props} /> : <Editing {...props} draft={draft} />}
				</section>
				<LicenceHistory ui={ui} history={history} operatorName={operatorName} />
			</div>
		</Page>
	);
}

function Shown({ ui, operator }: UserPageProps) {
	const { t, language } = ui;
	const has = new Set<string>(operator.grants.map(({ kind }) => kind));
	return (
		<table class="plain-table">
			<tbody>
				{LICENCE_KIND_NAMES.map((kind) => {
					const { name, about } = licenceKindText(kind, language);
					return (
						<tr>
							<th scope="row">
								{name}
								<p class="muted">{about}</p>
							</th>
							<td>
								<Pill tone={has.has(kind) ? 'good' : 'quiet'} icon={has.has(kind) ? 'check' : 'cross'}>
									{t(has.has(kind) ? 'licences.active' : 'licences.inactive')}
								</Pill>
							</td>
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}

function Editing({ ui, operator, kinds, draft, etag }: UserPageProps & { draft: readonly LicenceKind[] }) {
	const { t } = ui;
	return (
		<form method="post" action={userHref(operator.id)}>
			<CsrfField ui={ui} />
			<input type="hidden" name="etag" value={etag} />
			<input type="hidden" name="kinds" value={draft.join(' ')} />
			<p class="muted">{t('licences.editHint')}</p>
			<div class="licence-kinds">
				{kinds.map((use) => (
					<Toggle ui={ui} use={use} isOn={draft.includes(use.kind)} />
				))}
			</div>
			<div class="dialog__actions">
				<a class="button button--quiet" href={userHref(operator.id)}>
					{t('app.cancel')}
				</a>
				<button class="button button--primary" type="submit" name="do" value="save">
					{t('licences.save')}
				</button>
			</div>
		</form>
	);
}

/** Its state in words and colour; pressed again it is as before. Nothing is saved by it. */
function Toggle({ ui, use, isOn }: { ui: Ui; use: KindUse; isOn: boolean }) {
	const { t, language } = ui;
	const { kind, used, available, isUnlocked } = use;
	const { name, about } = licenceKindText(kind, language);
	return (
		<button
			class="licence-kind"
			type="submit"
			name="toggle"
			value={kind}
			aria-pressed={isOn ? 'true' : 'false'}
			aria-label={`${name}: ${t(isOn ? 'licences.active' : 'licences.inactive')}`}
			aria-describedby={`${kind}-about`}
		>
			<Icon name={isOn ? 'check' : 'cross'} size="small" />
			<span class="licence-kind__name">{name}</span>
			<span class="licence-kind__state">{t(isOn ? 'licences.active' : 'licences.inactive')}</span>
			<span class="licence-kind__about" id={`${kind}-about`}>
				{`${about} · ${t(isUnlocked ? 'licences.usedOf' : 'licences.notBought', { used, available })}`}
			</span>
		</button>
	);
}
