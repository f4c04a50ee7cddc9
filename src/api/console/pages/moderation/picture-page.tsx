import type { EvidenceItem, EvidenceRead } from '../../../../gateway/services/evidence/evidence.ts';
import { seesReads } from '../../../http/seen-in-parts.ts';
import { OutcomePill } from '../../components/decision-lines.tsx';
import { Notice } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { MODERATION_PATH, pictureSource } from './moderation-paths.ts';
import { BlurForm, DeleteForm, HoldForm, type PictureForms, ReleaseForm } from './picture-forms.tsx';

interface PictureProps {
	readonly ui: Ui;
	readonly item: EvidenceItem;
	readonly forms: PictureForms;
	readonly done: 'blurred' | 'held' | 'released' | 'deleted' | undefined;
	readonly problem: string | undefined;
}

/** One picture, what it belongs to, and what can be done with it. */
export function PicturePage({ ui, item, forms, done, problem }: PictureProps) {
	const { t } = ui;
	const { image, isHeld } = item;
	const mayChange = seesReads(ui, 'evidence:moderate', item.reads) && image.sha256 !== null;
	const back = { href: MODERATION_PATH, label: t('moderation.title') };
	return (
		<Page ui={ui} title={t('moderation.picture')} back={back} islands={mayChange && !isHeld ? ['blur-area'] : []}>
			{done !== undefined && <Notice tone="good" title={t(`moderation.done.${done}`)} announce />}
			{problem !== undefined && <Notice tone="bad" title={problem} announce />}
			<div class="moderation">
				<div class="moderation__main">
					<State ui={ui} item={item} />
					{image.sha256 !== null && <Frame ui={ui} item={item} />}
				</div>
				<div class="moderation__side">
					<Reads ui={ui} reads={item.reads} />
					{mayChange && isHeld && <ReleaseForm ui={ui} item={item} />}
					{mayChange && !isHeld && <BlurForm ui={ui} item={item} forms={forms} />}
					{mayChange && !isHeld && <HoldForm ui={ui} item={item} forms={forms} />}
					{mayChange && !isHeld && <DeleteForm ui={ui} item={item} forms={forms} />}
				</div>
			</div>
		</Page>
	);
}

/** A script lets an area be drawn on it; the numbers of the form say the same. */
function Frame({ ui, item: { image, reads } }: { ui: Ui; item: EvidenceItem }) {
	const [read] = reads;
	const words = { device: read?.deviceId ?? '', time: ui.formats.moment(read?.atMs ?? image.storedAtMs) };
	return (
		<div class="frame" data-frame>
			<img
				class="frame__image"
				src={pictureSource(image, 'image')}
				width={image.widthPx}
				height={image.heightPx}
				alt={ui.t(`moderation.alt.${read?.role ?? 'scene'}`, words)}
			/>
			<button class="frame__area" type="button" data-area aria-label={ui.t('moderation.area')} hidden />
		</div>
	);
}

function State({ ui, item: { image, isHeld } }: { ui: Ui; item: EvidenceItem }) {
	const { t } = ui;
	const by = (id: string | null) => (id === null ? '—' : ui.operatorName(id));
	return (
		<>
			{isHeld && (
				<Notice
					tone="active"
					icon="lock"
					title={t('moderation.heldUntil', { day: ui.formats.minute(image.heldUntilMs ?? 0), who: by(image.heldBy) })}
				>
					<p>
						<Untrusted ui={ui} text={image.heldReason ?? ''} />
					</p>
				</Notice>
			)}
			{image.deletedAtMs !== null && (
				<Notice
					tone="warning"
					icon="trash"
					title={t('moderation.deletedBy', { day: ui.formats.minute(image.deletedAtMs), who: by(image.deletedBy) })}
				>
					<p>
						<Untrusted ui={ui} text={image.deletedReason ?? ''} />
					</p>
				</Notice>
			)}
			{image.blurredAtMs !== null && image.sha256 !== null && (
				<p class="muted">
					{t('moderation.blurredBy', { day: ui.formats.minute(image.blurredAtMs), who: by(image.blurredBy) })}
				</p>
			)}
		</>
	);
}

function Reads({ ui, reads }: { ui: Ui; reads: readonly EvidenceRead[] }) {
	return (
		<section class="card" aria-labelledby="reads-title">
			<h2 class="card__title" id="reads-title">
				{ui.t('moderation.belongsTo')}
			</h2>
			<ul class="moderation__reads">
				{reads.map(({ deviceId, atMs, decision }) => (
					<li class="moderation__read">
						<p class="gallery__line">
							<span class="subject">
								{decision ? <Untrusted ui={ui} text={decision.subject || '—'} /> : ui.t('moderation.noDecision')}
							</span>
							{decision && <OutcomePill ui={ui} decision={decision} />}
						</p>
						<p class="muted">
							<Moment ui={ui} atMs={atMs} long />
							{` · ${decision?.laneName ?? deviceId}`}
						</p>
						{decision && ui.may('decisions:read', { kind: 'lane', id: decision.laneId }) && (
							<p>
								<a href={`/log/${encodeURIComponent(decision.id)}`}>{ui.t('review.decision')}</a>
							</p>
						)}
					</li>
				))}
			</ul>
		</section>
	);
}
