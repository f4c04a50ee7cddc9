import type { Page as ListPage } from '../../../../gateway/services/access-log.ts';
import type { EvidenceItem } from '../../../../gateway/services/evidence/evidence.ts';
import { OutcomePill } from '../../components/decision-lines.tsx';
import { Select } from '../../components/field.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { SmallPicture } from '../../components/pictures.tsx';
import { Pill } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { isNarrowed, type ModerationFilter, moderationHref } from './moderation-filter.ts';
import { MODERATION_PATH, pictureHref } from './moderation-paths.ts';

interface ModerationProps {
	readonly ui: Ui;
	readonly filter: ModerationFilter;
	readonly page: ListPage<EvidenceItem>;
	readonly cursor: string | undefined;
	readonly badCursor: boolean;
}

/** Recent pictures, to be looked through. */
export function ModerationPage({ ui, filter, page, cursor, badCursor }: ModerationProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('moderation.title')}>
			<p class="muted moderation__about">{t('moderation.about')}</p>
			<Filters ui={ui} filter={filter} />
			{badCursor && <Notice tone="warning" title={t('review.badCursor')} announce />}
			{page.items.length === 0 ? (
				<Nothing ui={ui} filter={filter} isEnd={page.nextCursor === null && cursor === undefined} />
			) : (
				<ul class="gallery">
					{page.items.map((item) => (
						<li>
							<Card ui={ui} item={item} />
						</li>
					))}
				</ul>
			)}
			<PagesNav
				ui={ui}
				order="time"
				first={cursor === undefined ? undefined : moderationHref(filter)}
				next={page.nextCursor === null ? undefined : moderationHref(filter, page.nextCursor)}
			/>
		</Page>
	);
}

function Filters({ ui, filter }: { ui: Ui; filter: ModerationFilter }) {
	const { t } = ui;
	const lanes = ui.site.lanes.filter(({ id }) => ui.may('evidence:read', { kind: 'lane', id }));
	return (
		<search class="card moderation__filters">
			<form class="moderation__fields" method="get" action={MODERATION_PATH}>
				<Select
					name="lane"
					label={t('log.lane')}
					any={t('log.any')}
					selected={filter.lane}
					options={lanes.map(({ id, name }) => ({ value: id, label: name }))}
				/>
				<Select
					name="outcome"
					label={t('log.outcome')}
					any={t('log.any')}
					selected={filter.outcome}
					options={[
						{ value: 'granted', label: t('outcome.granted') },
						{ value: 'refused', label: t('outcome.refused') },
						{ value: 'none', label: t('moderation.noDecision') },
					]}
				/>
				<Select
					name="state"
					label={t('moderation.show')}
					selected={filter.state}
					options={(['kept', 'held', 'blurred', 'deleted'] as const).map((state) => ({
						value: state,
						label: t(`moderation.show.${state}`),
					}))}
				/>
				<button class="button" type="submit">
					{t('log.filter')}
				</button>
			</form>
		</search>
	);
}

function Card({ ui, item }: { ui: Ui; item: EvidenceItem }) {
	const { image, reads } = item;
	const [read] = reads;
	const decision = reads.find((one) => one.decision !== null)?.decision;
	return (
		<a class="card card--flush gallery__card" href={pictureHref(image.id)}>
			<span class="gallery__frame">
				<SmallPicture ui={ui} item={item} />
			</span>
			<span class="gallery__words">
				<span class="gallery__line">
					<span class="subject">
						{decision ? <Untrusted ui={ui} text={decision.subject || '—'} /> : ui.t('moderation.noDecision')}
					</span>
					{decision && <OutcomePill ui={ui} decision={decision} />}
				</span>
				<span class="muted">
					<Moment ui={ui} atMs={read?.atMs ?? image.storedAtMs} />
					{` · ${decision?.laneName ?? read?.deviceId ?? ''}`}
				</span>
				<States ui={ui} item={item} />
			</span>
		</a>
	);
}

/** What was done with it. */
export function States({ ui, item: { image, isHeld } }: { ui: Ui; item: EvidenceItem }) {
	const { t } = ui;
	if (!isHeld && image.blurredAtMs === null) return null;
	return (
		<span class="gallery__states">
			{isHeld && (
				<Pill tone="active" icon="lock">
					{t('moderation.state.held')}
				</Pill>
			)}
			{image.blurredAtMs !== null && image.sha256 !== null && (
				<Pill tone="quiet" icon="eye">
					{t('moderation.state.blurred')}
				</Pill>
			)}
		</span>
	);
}

function Nothing({ ui: { t }, filter, isEnd }: { ui: Ui; filter: ModerationFilter; isEnd: boolean }) {
	if (!isEnd) return <EmptyState icon="search" title={t('review.noneOnPage')} hint={t('review.noneOnPageHint')} />;
	if (!isNarrowed(filter))
		return <EmptyState icon="picture" title={t('moderation.none')} hint={t('moderation.noneHint')} />;
	return (
		<EmptyState icon="search" title={t('moderation.noneFit')} hint={t('log.nothingHint')}>
			<a class="button" href={MODERATION_PATH}>
				{t('log.reset')}
			</a>
		</EmptyState>
	);
}
