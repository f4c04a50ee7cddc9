import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { HolderHit } from '../../../../gateway/services/directory/find-holders.ts';
import type { PersonalDataExtent } from '../../../../gateway/services/privacy/personal-data.ts';
import { Field, FieldError } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';

export interface EraseFormState {
	readonly reason: string;
	readonly errors: Readonly<Partial<Record<'reason' | 'sure' | 'all', string>>>;
}

export interface PersonProps {
	readonly ui: Ui;
	readonly holder: HolderHit;
	readonly extent: PersonalDataExtent;
	readonly form: EraseFormState;
}

function personalDataHref(holderId: string): string {
	return `/personal-data/${encodeURIComponent(holderId)}`;
}

/** For a holder's own page: leads to what is kept of them. Nothing for who may not hand it over. */
export function PersonalDataLink({ ui, holderId }: { ui: Ui; holderId: string }) {
	if (!ui.may('personalData:export')) return null;
	return (
		<a class="button" href={personalDataHref(holderId)}>
			<Icon name="person" />
			{ui.t('privacy.person')}
		</a>
	);
}

const ROWS = [
	['credentials', 'privacy.credentials'],
	['rights', 'privacy.rights'],
	['bookings', 'privacy.bookings'],
	['stays', 'privacy.staysOf'],
	['decisions', 'privacy.decisionsOf'],
	['edits', 'privacy.editsOf'],
	['others', 'privacy.others'],
	['held', 'privacy.heldOf'],
] as const;

/** How much is kept of one person, handing it over, and ending it. */
export function PersonPage({ ui, holder, extent, form }: PersonProps) {
	const { t, formats } = ui;
	const name = plainUntrusted(holder.name);
	return (
		<Page
			ui={ui}
			title={t('privacy.personOf', { name })}
			back={{ href: `/holders/${encodeURIComponent(holder.id)}`, label: name }}
		>
			<section class="card">
				<dl class="pairs pairs--wide">
					{ROWS.map(([part, label]) => (
						<div>
							<dt>{t(label)}</dt>
							<dd class="figures">{formats.number(extent[part])}</dd>
						</div>
					))}
				</dl>
				<p class="muted">{t('privacy.exportHint')}</p>
				<a class="button" href={`/api/v1/holders/${encodeURIComponent(holder.id)}/personal-data/export`} download>
					{t('privacy.export')}
				</a>
			</section>
			{ui.may('personalData:erase') && <EraseForm ui={ui} holderId={holder.id} form={form} />}
		</Page>
	);
}

function EraseForm({ ui, holderId, form }: { ui: Ui; holderId: string; form: EraseFormState }) {
	const { t } = ui;
	const { errors } = form;
	return (
		<section class="card" aria-labelledby="erase-title">
			<h2 class="card__title" id="erase-title">
				{t('privacy.erase')}
			</h2>
			<p>{t('privacy.eraseHint')}</p>
			<form method="post" action={`${personalDataHref(holderId)}/erase`}>
				<CsrfField ui={ui} />
				{errors.all !== undefined && <Notice tone="bad" title={errors.all} announce />}
				<Field
					name="reason"
					label={t('privacy.eraseReason')}
					value={form.reason}
					error={errors.reason}
					autocomplete="off"
					maxLength={LIMITS.reasonLength}
					required
				/>
				<p>
					<label>
						<input type="checkbox" name="sure" value="yes" required />
						{` ${t('privacy.eraseSure')}`}
					</label>
				</p>
				<FieldError id="sure-error" error={errors.sure} />
				<button class="button button--danger" type="submit">
					{t('privacy.erase')}
				</button>
			</form>
		</section>
	);
}
