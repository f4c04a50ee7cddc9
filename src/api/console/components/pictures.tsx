import type { EvidenceItem } from '../../../gateway/services/evidence/evidence.ts';
import { seesReads } from '../../http/seen-in-parts.ts';
import { pictureHref, pictureSource } from '../pages/moderation/moderation-paths.ts';
import type { Ui } from '../ui.ts';
import { Icon } from './icon.tsx';

/** Those that the reader may see: they show plates. */
export function picturesInSight(ui: Pick<Ui, 'may'>, items: readonly EvidenceItem[]): readonly EvidenceItem[] {
	return items.filter((item) => isPictureInSight(ui, item));
}

export function isPictureInSight(ui: Pick<Ui, 'may'>, { reads }: EvidenceItem): boolean {
	return seesReads(ui, 'evidence:read', reads) && seesReads(ui, 'personalData:read', reads);
}

/** Small forms side by side; each leads to the picture. Nothing where there are none. */
export function Pictures({ ui, items }: { ui: Ui; items: readonly EvidenceItem[] }) {
	const seen = picturesInSight(ui, items);
	if (seen.length === 0) return null;
	return (
		<ul class="pictures">
			{seen.map((item) => (
				<li>
					<a class="picture" href={pictureHref(item.image.id)}>
						<SmallPicture ui={ui} item={item} />
					</a>
				</li>
			))}
		</ul>
	);
}

/** Of a deleted one that it was. */
export function SmallPicture({ ui, item: { image, reads } }: { ui: Ui; item: EvidenceItem }) {
	if (image.sha256 === null) {
		return (
			<span class="picture__gone">
				<Icon name="trash" />
				{ui.t('moderation.state.deleted')}
			</span>
		);
	}
	const [first] = reads;
	const words = { device: first?.deviceId ?? '', time: ui.formats.moment(first?.atMs ?? image.storedAtMs) };
	return (
		<img
			class="picture__image"
			src={pictureSource(image, 'thumbnail')}
			width={image.widthPx}
			height={image.heightPx}
			alt={ui.t(`moderation.alt.${first?.role ?? 'scene'}`, words)}
			loading="lazy"
			decoding="async"
		/>
	);
}
