import type { EvidenceItem } from '../../../gateway/services/evidence/evidence.ts';
import { pictureHref, pictureSource } from '../pages/moderation/moderation-paths.ts';
import type { Ui } from '../ui.ts';
import { Icon } from './icon.tsx';

/** Whether the reader may see pictures at all: they show plates. */
export function seesPictures(ui: Pick<Ui, 'may'>): boolean {
	return ui.may('evidence:read') && ui.may('personalData:read');
}

/** Small forms side by side; each leads to the picture. Nothing where there are none. */
export function Pictures({ ui, items }: { ui: Ui; items: readonly EvidenceItem[] }) {
	if (items.length === 0 || !seesPictures(ui)) return null;
	return (
		<ul class="pictures">
			{items.map((item) => (
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
