import type { RightTime } from '../../../../gateway/services/field/scan.ts';
import type { shownScan } from '../../../http/routes/scan-routes.ts';
import { DecisionTable } from '../../components/decision-lines.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { Pill, type Tone } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { toneOf } from '../directory/value-tones.ts';
import { scanHref, vehicleHref, visitorOfReadHref } from './field-paths.ts';
import { placeWords } from './field-views.tsx';

export type ShownScan = ReturnType<typeof shownScan>;
type Known = Extract<ShownScan, { result: 'known' }>;
type Unknown = Extract<ShownScan, { result: 'unknown' }>;

export function ScanResult({ ui, q, answer }: { ui: Ui; q: string; answer: ShownScan }) {
	if (answer.result === 'unknown') return <NobodysRead ui={ui} q={q} answer={answer} />;
	return (
		<div class="scan-result" id="result">
			<Who ui={ui} answer={answer} />
			<Where ui={ui} answer={answer} />
			<Opens ui={ui} answer={answer} />
			<Rights ui={ui} answer={answer} />
			<section class="card card--flush" aria-labelledby="scan-decisions">
				<h2 class="field-work__heading" id="scan-decisions">
					{ui.t('scan.decisions')}
				</h2>
				{answer.decisions.length === 0 ? (
					<p class="muted field-work__line">{ui.t('scan.noDecisions')}</p>
				) : (
					<DecisionTable ui={ui} decisions={answer.decisions} caption={ui.t('scan.decisions')} />
				)}
			</section>
		</div>
	);
}

function State({ ui, of, value }: { ui: Ui; of: 'credentials' | 'holders'; value: string }) {
	const { tone, icon } = toneOf(value);
	const label = ui.directory.choice(of, of === 'holders' ? 'status' : 'state', value).label;
	return (
		<Pill tone={tone} icon={icon}>
			{label}
		</Pill>
	);
}

function Who({ ui, answer: { credential, holder } }: { ui: Ui; answer: Known }) {
	return (
		<section class="card scan-who">
			<p class="scan-who__name">
				{holder === null ? (
					ui.t('scan.nobody')
				) : ui.mayInParts('holders:read') ? (
					<a href={`/holders/${encodeURIComponent(holder.id)}`}>
						<Untrusted ui={ui} text={holder.name} />
					</a>
				) : (
					<Untrusted ui={ui} text={holder.name} />
				)}
				{holder !== null && holder.status !== 'active' && <State ui={ui} of="holders" value={holder.status} />}
			</p>
			<p class="scan-who__credential">
				<Icon name={credential.kind === 'plate' ? 'plate' : credential.kind === 'qr' ? 'qr' : 'tag'} />
				<span class="subject">
					<Untrusted
						ui={ui}
						text={credential.label ?? ui.directory.choice('credentials', 'kind', credential.kind).label}
					/>
				</span>
				<State ui={ui} of="credentials" value={credential.state} />
			</p>
		</section>
	);
}

function Where({ ui, answer: { stays } }: { ui: Ui; answer: Known }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="scan-where">
			<h2 class="field-work__heading" id="scan-where">
				{t('scan.where')}
			</h2>
			{stays.length === 0 ? (
				<p class="muted">{t('scan.notInside')}</p>
			) : (
				stays.map((stay) => (
					<div class="scan-where">
						<p>
							<strong>{placeWords(ui, stay)}</strong>{' '}
							<span class="muted">{t('scan.since', { time: ui.formats.moment(stay.openedAtMs) })}</span>
						</p>
						{ui.mayInParts('logistic:write') && (
							<a class="button button--thumb" href={vehicleHref(stay.id)}>
								<Icon name="car" />
								{t('scan.moved')}
							</a>
						)}
					</div>
				))
			)}
		</section>
	);
}

function Opens({ ui, answer: { lanes } }: { ui: Ui; answer: Known }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="scan-opens">
			<h2 class="field-work__heading" id="scan-opens">
				{t('scan.opens')}
			</h2>
			<ul class="scan-lanes">
				{lanes.map(({ laneName, direction, outcome, headline }) => (
					<li class="scan-lane">
						<span class="scan-lane__name">
							<Icon name={direction} size="small" />
							{laneName}
						</span>
						{outcome === 'granted' ? (
							<Pill tone="good" icon="check">
								{t('scan.wouldOpen')}
							</Pill>
						) : (
							<Pill tone="bad" icon="cross">
								{t('scan.wouldRefuse')}
							</Pill>
						)}
						{headline !== null && <span class="scan-lane__why muted">{ui.reason(headline).cause}</span>}
					</li>
				))}
			</ul>
		</section>
	);
}

const RIGHT_TIMES: Readonly<Record<RightTime, { readonly tone: Tone; readonly icon: IconName }>> = {
	now: { tone: 'good', icon: 'check' },
	notStarted: { tone: 'active', icon: 'clock' },
	expired: { tone: 'quiet', icon: 'dash' },
	suspended: { tone: 'warning', icon: 'dash' },
};

function Rights({ ui, answer: { rights } }: { ui: Ui; answer: Known }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="scan-rights">
			<h2 class="field-work__heading" id="scan-rights">
				{t('scan.rights')}
			</h2>
			{rights.length === 0 && <p class="muted">{t('scan.noRights')}</p>}
			<ul class="scan-lanes">
				{rights.map(({ name, areaIds, time, validToMs }) => (
					<li class="scan-lane">
						<span class="scan-lane__name">
							<Untrusted ui={ui} text={name ?? '—'} />
						</span>
						<Pill {...RIGHT_TIMES[time]}>{t(`scan.right.${time}`)}</Pill>
						<span class="scan-lane__why muted">
							{areaIds.length === 0 ? t('scan.everywhere') : areaIds.map((id) => ui.placeName(id)).join(' · ')}
							{validToMs !== null && ' · → '}
							{validToMs !== null && <Moment ui={ui} atMs={validToMs} />}
						</span>
					</li>
				))}
			</ul>
		</section>
	);
}

function NobodysRead({ ui, q, answer: { read, hints } }: { ui: Ui; q: string; answer: Unknown }) {
	const { t } = ui;
	const words = read === null ? undefined : { value: read.value };
	return (
		<section class="card scan-result" id="result">
			<div class="notice notice--bad" role="status">
				<Icon name="question" />
				<div class="notice__words">
					<p class="notice__title">{t('scan.unknown')}</p>
					<p>
						{words === undefined
							? t('scan.unreadable')
							: t(read?.kind === 'plate' ? 'scan.unknownPlate' : 'scan.unknownTag', words)}
					</p>
					{read === null && (
						<p class="subject">
							<Untrusted ui={ui} text={q} />
						</p>
					)}
				</div>
			</div>
			{hints.length > 0 && (
				<>
					<h2 class="field-work__heading">{t('scan.hints')}</h2>
					<ul class="thumb-list">
						{hints.map(({ plate, holderName }) => (
							<li>
								<a class="thumb-list__item" href={scanHref(plate)}>
									<Icon name="plate" />
									<span class="vehicle__words">
										<span class="subject">
											<Untrusted ui={ui} text={plate} />
										</span>
										{holderName !== null && (
											<span class="holder">
												<Untrusted ui={ui} text={holderName} />
											</span>
										)}
									</span>
									<Icon name="chevron-right" size="small" />
								</a>
							</li>
						))}
					</ul>
				</>
			)}
			{read !== null && ui.may('visitors:write') && (
				<a class="button button--wide button--thumb" href={visitorOfReadHref(read)}>
					<Icon name="person" />
					{t('visitor.make')}
				</a>
			)}
		</section>
	);
}
