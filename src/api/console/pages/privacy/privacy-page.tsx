import type { ErasureView } from '../../../../gateway/services/privacy/personal-data.ts';
import type { RetentionHold } from '../../../../gateway/services/retention/holds.ts';
import type { LastNight, Retention } from '../../../../gateway/services/retention/nightly.ts';
import { Notice } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { HoldForm, type HoldFormState } from './hold-form.tsx';

export interface PrivacyProps {
	readonly ui: Ui;
	readonly settings: Retention['settings'];
	readonly last: LastNight | null;
	readonly holds: readonly RetentionHold[];
	/** null: the reader may not see them. */
	readonly erasures: readonly ErasureView[] | null;
	readonly form: HoldFormState;
	/** An erasure was just begun. */
	readonly hasBegun: boolean;
}

/** How long personal data is kept, what incidents keep longer, and who was erased. */
export function PrivacyPage(props: PrivacyProps) {
	const { ui, hasBegun, erasures } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('privacy.title')}>
			{hasBegun && <Notice tone="good" title={t('privacy.begun')} announce />}
			<Kept {...props} />
			<Holds {...props} />
			{erasures !== null && <Erasures ui={ui} erasures={erasures} />}
		</Page>
	);
}

const KINDS = [
	['unmatched', 'unmatchedDays'],
	['decisions', 'decisionsDays'],
	['stays', 'staysDays'],
	['consumption', 'staysDays'],
	['bookings', 'staysDays'],
	['visitors', 'visitorsDays'],
	['edits', 'editsDays'],
	['images', 'imagesDays'],
	['telemetry', 'telemetryDays'],
] as const;

function Kept({ ui, settings, last }: PrivacyProps) {
	const { t, formats } = ui;
	const twoDigits = (value: number) => String(value).padStart(2, '0');
	const time = `${twoDigits(Math.floor(settings.atMinute / 60))}:${twoDigits(settings.atMinute % 60)}`;
	return (
		<section class="card" aria-labelledby="kept-title">
			<h2 class="card__title" id="kept-title">
				{t('privacy.kept')}
			</h2>
			<p class="muted">{t('privacy.keptHint', { time })}</p>
			<table class="plain-table">
				<thead>
					<tr>
						<th scope="col">{t('privacy.kind')}</th>
						<th scope="col" class="figures">
							{t('privacy.days')}
						</th>
						<th scope="col" class="figures">
							{t('privacy.ended')}
						</th>
					</tr>
				</thead>
				<tbody>
					{KINDS.map(([kind, days]) => (
						<tr>
							<th scope="row">{t(`privacy.${kind}`)}</th>
							<td class="figures">{formats.number(settings[days])}</td>
							<td class="figures">{last === null ? '—' : formats.number(last.counts[kind] ?? 0)}</td>
						</tr>
					))}
				</tbody>
			</table>
			<LastNightNote ui={ui} last={last} />
		</section>
	);
}

function LastNightNote({ ui, last }: { ui: Ui; last: LastNight | null }) {
	const { t } = ui;
	if (last === null) return <p class="muted">{t('privacy.noNight')}</p>;
	return (
		<>
			<p class="muted">
				{`${t('privacy.lastNight')}: `}
				<Moment ui={ui} atMs={last.atMs} long />
				{last.counts.held > 0 && ` · ${t('privacy.held', { count: last.counts.held })}`}
			</p>
			{last.counts.waiting && <Notice tone="warning" title={t('privacy.waiting')} />}
		</>
	);
}

function Holds({ ui, holds, form }: PrivacyProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="holds-title">
			<h2 class="card__title" id="holds-title">
				{t('privacy.holds')}
			</h2>
			<p class="muted">{holds.length === 0 ? t('privacy.noHolds') : t('privacy.holdsHint')}</p>
			{holds.length > 0 && (
				<table class="plain-table">
					<thead>
						<tr>
							<th scope="col">{t('privacy.what')}</th>
							<th scope="col">{t('privacy.reason')}</th>
							<th scope="col">{t('privacy.by')}</th>
							<th scope="col">{t('privacy.until')}</th>
							<th scope="col" aria-label={t('privacy.release')} />
						</tr>
					</thead>
					<tbody>
						{holds.map((hold) => (
							<HoldRow ui={ui} hold={hold} />
						))}
					</tbody>
				</table>
			)}
			{ui.may('retention:hold') && <HoldForm ui={ui} form={form} />}
		</section>
	);
}

function HoldRow({ ui, hold }: { ui: Ui; hold: RetentionHold }) {
	const { of, id, reason, operatorId, untilMs } = hold;
	return (
		<tr>
			<th scope="row">
				{of.kind === 'decision' ? (
					<a href={`/log/${encodeURIComponent(of.decisionId)}`}>{ui.t('privacy.aDecision')}</a>
				) : (
					<>
						<Moment ui={ui} atMs={of.fromMs} long />
						{' – '}
						<Moment ui={ui} atMs={of.toMs} long />
					</>
				)}
			</th>
			<td>
				<Untrusted ui={ui} text={reason} />
			</td>
			<td>
				<Untrusted ui={ui} text={ui.operatorName(operatorId)} />
			</td>
			<td>
				<Moment ui={ui} atMs={untilMs} long />
			</td>
			<td>
				{ui.may('retention:hold') && (
					<form method="post" action={`/privacy/holds/${encodeURIComponent(id)}/release`}>
						<CsrfField ui={ui} />
						<button class="button" type="submit">
							{ui.t('privacy.release')}
						</button>
					</form>
				)}
			</td>
		</tr>
	);
}

function Erasures({ ui, erasures }: { ui: Ui; erasures: readonly ErasureView[] }) {
	const { t, formats } = ui;
	return (
		<section class="card" aria-labelledby="erasures-title">
			<h2 class="card__title" id="erasures-title">
				{t('privacy.erasures')}
			</h2>
			{erasures.length === 0 ? (
				<p class="muted">{t('privacy.noErasures')}</p>
			) : (
				<table class="plain-table">
					<thead>
						<tr>
							<th scope="col">{t('privacy.requested')}</th>
							<th scope="col">{t('privacy.by')}</th>
							<th scope="col">{t('privacy.state')}</th>
							<th scope="col" class="figures">
								{t('privacy.rows')}
							</th>
						</tr>
					</thead>
					<tbody>
						{erasures.map(({ requestedAtMs, operatorId, state, erased }) => (
							<tr>
								<th scope="row">
									<Moment ui={ui} atMs={requestedAtMs} long />
								</th>
								<td>
									<Untrusted ui={ui} text={ui.operatorName(operatorId)} />
								</td>
								<td>{t(state === 'done' ? 'privacy.stateDone' : 'privacy.stateWaiting')}</td>
								<td class="figures">{formats.number(erased)}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</section>
	);
}
