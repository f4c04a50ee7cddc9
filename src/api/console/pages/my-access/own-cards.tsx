import type { Child } from 'hono/jsx';
import type { OwnDecision } from '../../../../gateway/services/own-access/own-access.ts';
import { OutcomePill } from '../../components/decision-lines.tsx';
import { Icon } from '../../components/icon.tsx';
import { Pill } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { CREDENTIAL_ICONS } from '../visitors/visit-views.tsx';
import type { MyAccessProps } from './my-access-page.tsx';

/** A part of the page, with its name. */
export function Section({ id, title, children }: { id: string; title: string; children?: Child }) {
	return (
		<section class="card" aria-labelledby={`mine-${id}`}>
			<h2 class="card__title" id={`mine-${id}`}>
				{title}
			</h2>
			{children}
		</section>
	);
}

/** What one is known by at a lane, and cars that are shared with one. */
export function CarriedCard({ ui, credentials, vehicles }: Pick<MyAccessProps, 'ui' | 'credentials' | 'vehicles'>) {
	const { t } = ui;
	return (
		<Section id="carried" title={t('mine.carried')}>
			{credentials.length === 0 && <p class="muted">{t('mine.noCarried')}</p>}
			<ul class="mine-list">
				{credentials.map(({ kind, shown, state, validToMs }) => (
					<li class="mine-list__row">
						<span class="carried-by">
							<Icon name={CREDENTIAL_ICONS[kind]} size="small" />
							<span>
								<span class="subject">
									<Untrusted ui={ui} text={shown} />
								</span>
								<br />
								<span class="muted">
									{t(`mine.kind.${kind}`)}
									{validToMs !== null && ` · ${t('mine.until')} ${ui.formats.minute(validToMs)}`}
								</span>
							</span>
						</span>
						<Pill tone={state === 'active' ? 'good' : 'bad'} icon={state === 'active' ? 'check' : 'cross'}>
							{t(`mine.carried.${state}`)}
						</Pill>
					</li>
				))}
			</ul>
			{vehicles.length > 0 && <h3>{t('mine.vehicles')}</h3>}
			<ul class="mine-list">
				{vehicles.map(({ name, make, model, sharedBy }) => (
					<li class="mine-list__row">
						<span>
							<Untrusted ui={ui} text={[name, make, model].filter((text) => text !== null).join(' · ')} />
							{sharedBy !== null && (
								<>
									<br />
									<span class="muted">
										<Untrusted ui={ui} text={t('mine.sharedCar', { name: sharedBy })} />
									</span>
								</>
							)}
						</span>
					</li>
				))}
			</ul>
		</Section>
	);
}

/** What one’s stays cost. */
export function CostsCard({ ui, charges }: Pick<MyAccessProps, 'ui' | 'charges'>) {
	const { t, formats } = ui;
	if (charges.length === 0) return null;
	return (
		<Section id="costs" title={t('mine.costs')}>
			<ul class="mine-list">
				{charges.map(({ atMs, price, credits }) => (
					<li class="mine-list__row">
						<span>{formats.minute(atMs)}</span>
						<span class="figures">
							{price === null ? t('mine.credits', { count: credits }) : formats.money(price.minor, price.currency)}
						</span>
					</li>
				))}
			</ul>
		</Section>
	);
}

/** Lines of one's own log, each with what to do where one was turned away. */
export function OwnLog({ ui, items }: { ui: Ui; items: readonly OwnDecision[] }) {
	const { t, formats } = ui;
	if (items.length === 0) return <p class="muted">{t('mine.noLog')}</p>;
	return (
		<ul class="mine-list">
			{items.map((line) => (
				<li class="mine-list__row">
					<span>
						<strong>{formats.minute(line.atMs)}</strong>
						{` · ${t(`mine.${line.direction}`)} · `}
						<Untrusted ui={ui} text={line.laneName} />
						<br />
						{line.headline === null ? (
							<span class="muted">{t(`sequel.${line.sequel}`)}</span>
						) : (
							<span>{ui.reason(line.headline).cause}</span>
						)}
						{line.advice !== null && <span class="mine-list__advice">{t(`mine.advice.${line.advice}`)}</span>}
					</span>
					<OutcomePill ui={ui} decision={line} />
				</li>
			))}
		</ul>
	);
}
