import type { StandingVehicle, StayMove } from '../../../../gateway/services/field/logistic.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { FIELD_SEARCH_LENGTH, LOGISTIC_PATH, undoMoveHref, vehicleHref } from './field-paths.ts';
import { OfflineNotice, placeWords, VehicleWords, vehicleName } from './field-views.tsx';

/** A move with the vehicle, while it is inside. */
export interface RecentMove {
	readonly move: StayMove;
	readonly vehicle: StandingVehicle | undefined;
}

interface LogisticProps {
	readonly ui: Ui;
	readonly q: string;
	readonly vehicles: readonly StandingVehicle[];
	readonly moves: readonly RecentMove[];
	/** What was just done. */
	readonly done: RecentMove | undefined;
	/** Why it was not. */
	readonly problem: string | undefined;
}

/** Which vehicle was moved: found, or picked from those inside. */
export function LogisticPage({ ui, q, vehicles, moves, done, problem }: LogisticProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('logistic.title')} islands={['field-work']}>
			<div class="field-work">
				<OfflineNotice ui={ui} />
				{problem !== undefined && <Notice tone="bad" title={problem} announce />}
				{done !== undefined && <Done ui={ui} done={done} />}
				{ui.mayInParts('personalData:read') && <Search ui={ui} q={q} />}
				<section class="card card--flush" aria-labelledby="vehicles">
					<h2 class="field-work__heading" id="vehicles">
						{q === '' ? t('logistic.inside') : t('logistic.found', { count: vehicles.length })}
					</h2>
					{vehicles.length === 0 ? (
						<EmptyState
							icon="car"
							title={t(q === '' ? 'logistic.none' : 'logistic.notFound')}
							hint={t(q === '' ? 'logistic.noneHint' : 'logistic.notFoundHint')}
						/>
					) : (
						<ul class="thumb-list thumb-list--flush">
							{vehicles.map((vehicle) => (
								<li>
									<a class="thumb-list__item" href={vehicleHref(vehicle.stayId)}>
										<VehicleWords ui={ui} vehicle={vehicle} />
										<Icon name="chevron-right" size="small" />
									</a>
								</li>
							))}
						</ul>
					)}
				</section>
				{moves.length > 0 && <Recent ui={ui} moves={moves} />}
			</div>
		</Page>
	);
}

function Search({ ui, q }: { ui: Ui; q: string }) {
	const { t } = ui;
	return (
		<search>
			<form class="scan" method="get" action={LOGISTIC_PATH} data-keeps>
				<label class="field__label" for="q">
					{t('logistic.search')}
				</label>
				<div class="field__frame scan__frame">
					<input
						class="field__input scan__input"
						id="q"
						name="q"
						type="search"
						value={q}
						maxlength={FIELD_SEARCH_LENGTH}
						autocomplete="off"
						enterkeyhint="search"
						spellcheck={false}
					/>
					<button class="icon-button" type="submit" aria-label={t('logistic.find')}>
						<Icon name="search" />
					</button>
				</div>
				{q !== '' && (
					<p>
						<a href={LOGISTIC_PATH}>{t('logistic.all')}</a>
					</p>
				)}
			</form>
		</search>
	);
}

function Done({ ui, done: { move, vehicle } }: { ui: Ui; done: RecentMove }) {
	const { t } = ui;
	const isUndone = move.undoneAtMs !== null;
	const place = placeWords(ui, isUndone ? move.from : move.to);
	return (
		<Notice tone="good" title={t(isUndone ? 'logistic.undone' : 'logistic.moved', { place })} announce>
			{vehicle !== undefined && (
				<p>
					<Untrusted ui={ui} text={vehicleName(ui, vehicle)} />
				</p>
			)}
			{!isUndone && <Undo ui={ui} move={move} />}
		</Notice>
	);
}

function Undo({ ui, move }: { ui: Ui; move: StayMove }) {
	return (
		<form method="post" action={undoMoveHref(move.id)} data-keeps>
			<CsrfField ui={ui} />
			<button class="button button--thumb" type="submit">
				<Icon name="undo" />
				{ui.t('logistic.undo')}
			</button>
		</form>
	);
}

function Recent({ ui, moves }: { ui: Ui; moves: readonly RecentMove[] }) {
	const { t } = ui;
	return (
		<details class="card field-work__more">
			<summary>{t('logistic.recent')}</summary>
			<ul class="moves">
				{moves.map(({ move, vehicle }) => (
					<li class="move">
						<span class="vehicle__words">
							{vehicle !== undefined && (
								<span class="subject">
									<Untrusted ui={ui} text={vehicleName(ui, vehicle)} />
								</span>
							)}
							<span>{`${placeWords(ui, move.from)} → ${placeWords(ui, move.to)}`}</span>
							<span class="muted">
								<Moment ui={ui} atMs={move.atMs} />
								{` · ${ui.operatorName(move.operatorId)}`}
								{move.undoneAtMs !== null && ` · ${t('logistic.moveUndone')}`}
							</span>
						</span>
						{move.undoneAtMs === null && vehicle !== undefined && <Undo ui={ui} move={move} />}
					</li>
				))}
			</ul>
		</details>
	);
}
