import { normalisePlate } from '../../../../gateway/core/plate.ts';
import type { Page as ListPage } from '../../../../gateway/services/access-log.ts';
import type { EvidenceItem } from '../../../../gateway/services/evidence/evidence.ts';
import type { CameraCount, ReviewItem, ReviewVerdict } from '../../../../gateway/services/field/review-queue.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Pictures } from '../../components/pictures.tsx';
import { Pill } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { REVIEW_PATH, reviewHref, reviewPageHref } from './field-paths.ts';
import { OfflineNotice } from './field-views.tsx';

interface ReviewProps {
	readonly ui: Ui;
	readonly page: ListPage<ReviewItem>;
	readonly cameras: readonly CameraCount[];
	readonly picturesOf: (decisionId: string) => readonly EvidenceItem[];
	readonly mayReview: (decision: ReviewItem['decision']) => boolean;
	readonly cursor: string | undefined;
	readonly badCursor: boolean;
	/** What was just said of which read. */
	readonly done: { readonly verdict: ReviewVerdict | 'reopened'; readonly decisionId: string } | undefined;
	readonly problem: string | undefined;
}

/** Reads that no camera was sure of, and what people say they were. */
export function ReviewPage(props: ReviewProps) {
	const { ui, page, cameras, picturesOf, mayReview, cursor, badCursor, done, problem } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('review.title')} islands={['field-work']}>
			<div class="field-work field-work--wide">
				<OfflineNotice ui={ui} />
				{badCursor && <Notice tone="warning" title={t('review.badCursor')} announce />}
				{problem !== undefined && <Notice tone="bad" title={problem} announce />}
				{done !== undefined && <Done ui={ui} {...done} />}
				<p class="muted">{t('review.about')}</p>
				{page.items.length === 0 ? (
					<Nothing ui={ui} isEnd={page.nextCursor === null && cursor === undefined} />
				) : (
					<ol class="reviews">
						{page.items.map((item) => (
							<li>
								<Doubt
									{...{ ui, item, cursor }}
									pictures={picturesOf(item.decision.id)}
									mayReview={mayReview(item.decision)}
								/>
							</li>
						))}
					</ol>
				)}
				<PagesNav
					ui={ui}
					order="time"
					first={cursor === undefined ? undefined : REVIEW_PATH}
					next={page.nextCursor === null ? undefined : reviewPageHref({ cursor: page.nextCursor })}
				/>
				{cameras.length > 0 && <Cameras ui={ui} cameras={cameras} />}
			</div>
		</Page>
	);
}

function Nothing({ ui, isEnd }: { ui: Ui; isEnd: boolean }) {
	return (
		<EmptyState
			icon="check"
			title={ui.t(isEnd ? 'review.none' : 'review.noneOnPage')}
			hint={ui.t(isEnd ? 'review.noneHint' : 'review.noneOnPageHint')}
		/>
	);
}

function Done({ ui, verdict, decisionId }: { ui: Ui } & NonNullable<ReviewProps['done']>) {
	return (
		<Notice tone="good" title={ui.t(`review.done.${verdict}`)} announce>
			{verdict !== 'reopened' && ui.mayInParts('review:write') && (
				<form method="post" action={reviewHref(decisionId, 'reopen')} data-keeps>
					<CsrfField ui={ui} />
					<button class="button button--thumb" type="submit">
						<Icon name="undo" />
						{ui.t('review.undo')}
					</button>
				</form>
			)}
		</Notice>
	);
}

interface DoubtProps {
	readonly ui: Ui;
	readonly item: ReviewItem;
	readonly pictures: readonly EvidenceItem[];
	readonly mayReview: boolean;
	readonly cursor: string | undefined;
}

function Doubt({ ui, item, pictures, mayReview, cursor }: DoubtProps) {
	const { t, formats } = ui;
	const { decision, why, reads } = item;
	return (
		<article class="card review" aria-labelledby={`read-${decision.id}`}>
			<header class="review__head">
				<span class="review__why">
					<Icon name="question" size="small" />
					{ui.reason(why).cause}
				</span>
				{decision.outcome === 'granted' && (
					<Pill tone="good" icon="check">
						{t('outcome.granted')}
					</Pill>
				)}
				<span class="muted">
					<Moment ui={ui} atMs={decision.atMs} />
					{` · ${decision.laneName}`}
				</span>
			</header>
			<ul class="review__reads" id={`read-${decision.id}`}>
				{reads.map(({ kind, value, country, confidence, deviceId, holderName }) => (
					<li class="review__read">
						<span class={kind === 'plate' ? 'review__value' : 'subject'}>
							<Untrusted ui={ui} text={value} />
						</span>
						{holderName !== null && (
							<span class="holder">
								<Untrusted ui={ui} text={holderName} />
							</span>
						)}
						<span class="muted">
							{[
								deviceId,
								...(country === undefined ? [] : [country]),
								...(kind === 'plate' ? [t('review.confidence', { percent: formats.percent(confidence) })] : []),
							].join(' · ')}
						</span>
					</li>
				))}
			</ul>
			<Pictures ui={ui} items={pictures} />
			{mayReview && <Answer ui={ui} item={item} cursor={cursor} />}
			{ui.may('decisions:read', { kind: 'lane', id: decision.laneId }) && (
				<p>
					<a href={`/log/${encodeURIComponent(decision.id)}`}>{t('review.decision')}</a>
				</p>
			)}
		</article>
	);
}

/** Each answer is one touch. */
function Answer({ ui, item, cursor }: { ui: Ui; item: ReviewItem; cursor: string | undefined }) {
	const { t } = ui;
	const { decision, hints, reads } = item;
	const read = new Set(reads.map(({ value }) => normalisePlate(value)));
	const others = hints.filter(({ plate }) => !read.has(plate));
	const inputId = `plate-${decision.id}`;
	return (
		<>
			<form class="review__answer" method="post" action={reviewHref(decision.id)} data-keeps>
				<CsrfField ui={ui} />
				{cursor !== undefined && <input type="hidden" name="cursor" value={cursor} />}
				{others.length > 0 && <p class="field__label">{t('review.wasIt')}</p>}
				{others.map(({ plate, holderName }) => (
					<button class="button button--wide button--thumb review__hint" type="submit" name="plate" value={plate}>
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
					</button>
				))}
				<div class="review__verdicts">
					<button class="button button--thumb" type="submit" name="verdict" value="confirmed">
						<Icon name="check" />
						{t('review.confirm')}
					</button>
					<button class="button button--thumb" type="submit" name="verdict" value="dismissed">
						<Icon name="dash" />
						{t('review.dismiss')}
					</button>
				</div>
			</form>
			{ui.mayInParts('personalData:read') && (
				<details>
					<summary>{t('review.other')}</summary>
					<form class="review__answer" method="post" action={reviewHref(decision.id)} data-keeps>
						<CsrfField ui={ui} />
						{cursor !== undefined && <input type="hidden" name="cursor" value={cursor} />}
						<label class="visually-hidden" for={inputId}>
							{t('review.other')}
						</label>
						<div class="field__frame">
							<input
								class="field__input"
								id={inputId}
								name="plate"
								type="text"
								required
								maxlength={64}
								autocomplete="off"
								autocapitalize="characters"
								spellcheck={false}
							/>
						</div>
						<button class="button button--thumb" type="submit">
							{t('review.correct')}
						</button>
					</form>
				</details>
			)}
		</>
	);
}

function Cameras({ ui, cameras }: { ui: Ui; cameras: readonly CameraCount[] }) {
	return (
		<section class="card" aria-labelledby="cameras">
			<h2 class="field-work__heading" id="cameras">
				{ui.t('review.cameras')}
			</h2>
			<dl class="pairs pairs--figures">
				{cameras.map(({ deviceId, misread, reviewed }) => (
					<div>
						<dt>{deviceId}</dt>
						<dd>{ui.t('review.camera', { misread, reviewed })}</dd>
					</div>
				))}
			</dl>
		</section>
	);
}
