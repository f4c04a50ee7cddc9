import { LIMITS } from '../../../../gateway/core/limits.ts';
import { mayAtTarget } from '../../../../gateway/core/permission/target-place.ts';
import { Field, FileField } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { InterventionProps } from './intervention-page.tsx';
import { interventionHref, photoSource, removeHref } from './maintenance-paths.ts';

type Props = Pick<InterventionProps, 'ui' | 'item' | 'parts' | 'photos'>;

export function PartsCard({ ui, item, parts }: Props) {
	const { t, formats } = ui;
	const works = mayAtTarget(ui, ui.site.lanes, item.target, 'interventions:work');
	return (
		<section class="card" aria-labelledby="parts-title">
			<h2 class="card__title" id="parts-title">
				{t('maintenance.parts')}
			</h2>
			{parts.length === 0 && <p class="muted">{t('maintenance.noParts')}</p>}
			<ul class="moves">
				{parts.map((part) => (
					<li class="move">
						<span class="vehicle__words">
							<span class="subject">
								<Untrusted ui={ui} text={part.name} />
								{` × ${formats.number(part.quantity)}`}
							</span>
							{part.reference !== '' && (
								<span class="muted">
									<Untrusted ui={ui} text={part.reference} />
								</span>
							)}
						</span>
						{works && (
							<form method="post" action={removeHref(item.number, 'parts', part.id)}>
								<CsrfField ui={ui} />
								<button class="button" type="submit">
									{t('maintenance.takePart')}
									<span class="visually-hidden">
										{' '}
										<Untrusted ui={ui} text={part.name} />
									</span>
								</button>
							</form>
						)}
					</li>
				))}
			</ul>
			{works && (
				<form class="stack" method="post" action={interventionHref(item.number, 'parts')}>
					<CsrfField ui={ui} />
					<Field
						name="name"
						label={t('maintenance.part')}
						autocomplete="off"
						required
						maxLength={LIMITS.interventionTitleLength}
					/>
					<Field
						name="reference"
						label={t('maintenance.reference')}
						autocomplete="off"
						maxLength={LIMITS.interventionTitleLength}
					/>
					<Field name="quantity" label={t('maintenance.quantity')} value="1" inputMode="numeric" maxLength={6} />
					<button class="button button--thumb" type="submit">
						{t('maintenance.addPart')}
					</button>
				</form>
			)}
		</section>
	);
}

export function PhotosCard({ ui, item, photos }: Props) {
	const { t, formats } = ui;
	const works = mayAtTarget(ui, ui.site.lanes, item.target, 'interventions:work');
	return (
		<section class="card" aria-labelledby="photos-title">
			<h2 class="card__title" id="photos-title">
				{t('maintenance.photos')}
			</h2>
			{photos.length === 0 && <p class="muted">{t('maintenance.noPhotos')}</p>}
			<ul class="intervention__photos">
				{photos.map((photo) => (
					<li>
						<a href={photoSource(item.number, photo.id, 'image')}>
							<img
								src={photoSource(item.number, photo.id, 'thumbnail')}
								width={photo.widthPx}
								height={photo.heightPx}
								alt={t('maintenance.photo', { time: formats.full(photo.atMs) })}
								loading="lazy"
								decoding="async"
							/>
						</a>
						{works && (
							<form method="post" action={removeHref(item.number, 'photos', photo.id)}>
								<CsrfField ui={ui} />
								<button class="button button--quiet button--wide" type="submit">
									<Icon name="trash" size="small" />
									{t('maintenance.deletePhoto')}
								</button>
							</form>
						)}
					</li>
				))}
			</ul>
			{works && (
				<form
					class="stack"
					method="post"
					action={interventionHref(item.number, 'photos')}
					enctype="multipart/form-data"
				>
					<CsrfField ui={ui} />
					<FileField
						name="photo"
						label={t('maintenance.photoFile')}
						accept="image/jpeg,image/png"
						hint={t('maintenance.photoHint', { size: LIMITS.photoBytes / 1_048_576 })}
					/>
					<button class="button button--thumb" type="submit">
						<Icon name="upload" />
						{t('maintenance.addPhoto')}
					</button>
				</form>
			)}
		</section>
	);
}
