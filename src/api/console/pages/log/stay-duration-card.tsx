import type { StayDuration } from '../../../../gateway/services/stays/stay-durations.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';

/** What a decision's page shows of the on-the-fly stay that it let in. */
export interface StayDurationState {
	readonly duration: StayDuration;
	readonly mayChoose: boolean;
	/** What was typed, when it did not fit. */
	readonly until?: string;
	readonly error?: string;
	readonly isChosen?: boolean;
}

const durationPath = (decisionId: string) => `/log/${encodeURIComponent(decisionId)}/duration`;

const HOUR_MS = 3_600_000;
/** From the entry on; of the site's usual answers to "how long will you stay?". */
const USUAL_MS = [HOUR_MS / 2, HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS, 24 * HOUR_MS];

/** How long who came in on the fly stays: the usual lengths by one press, any other by its end. */
export function StayDurationCard({ ui, decisionId, state }: { ui: Ui; decisionId: string; state: StayDurationState }) {
	const { t, formats } = ui;
	const { sinceMs, untilMs, latestMs } = state.duration;
	const ends = USUAL_MS.map((ms) => ({ ms, endMs: sinceMs + ms })).filter(
		({ endMs }) => endMs > ui.nowMs && endMs <= latestMs,
	);
	return (
		<section class="card stay-duration" id="duration" aria-labelledby="duration-title">
			<h2 class="card__title" id="duration-title">
				{t('duration.title')}
			</h2>
			{state.isChosen && <Notice tone="good" title={t('duration.chosen')} announce />}
			<p>
				{untilMs === null
					? t('duration.none')
					: t(untilMs > ui.nowMs ? 'duration.until' : 'duration.over', { moment: formats.minute(untilMs) })}
			</p>
			{state.mayChoose && latestMs > ui.nowMs && (
				<form class="form" method="post" action={durationPath(decisionId)}>
					<CsrfField ui={ui} />
					{ends.length > 0 && (
						<fieldset class="stay-duration__usual">
							<legend class="visually-hidden">{t('duration.fromEntry')}</legend>
							{ends.map(({ ms, endMs }) => (
								<button
									class="button"
									type="submit"
									name="end"
									value={String(endMs)}
									aria-pressed={endMs === untilMs ? 'true' : 'false'}
								>
									{formats.duration(ms)}
								</button>
							))}
						</fieldset>
					)}
					<Field
						name="until"
						type="datetime-local"
						label={t('duration.another')}
						hint={t('duration.latest', { moment: formats.minute(latestMs) })}
						value={state.until ?? ''}
						error={state.error}
					/>
					<button class="button button--primary" type="submit">
						<Icon name="clock" />
						{t('duration.choose')}
					</button>
				</form>
			)}
		</section>
	);
}
