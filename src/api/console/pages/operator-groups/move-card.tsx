import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { groupHref } from '../operators/operators-frame.tsx';
import { pathWords } from './group-list-page.tsx';
import type { GroupPageProps } from './group-page.tsx';

/** Another place in the tree: searched for by name, then chosen. */
export function MoveCard({ ui, group, searches }: GroupPageProps) {
	const { t } = ui;
	const path = groupHref(group.id);
	const found = searches.groups?.items.filter(({ id }) => id !== group.id && id !== group.path.at(-1)?.id) ?? [];
	const place = { ui, action: `${path}/move`, version: group.version };
	return (
		<section class="card" aria-labelledby="move-title">
			<h2 class="card__title" id="move-title">
				{t('groups.move')}
			</h2>
			<p class="card__note">{t('groups.moveHint')}</p>
			<form class="calendar-filters" method="get" action={path}>
				<Field name="into" label={t('groups.search')} value={searches.into} maxLength={200} />
				<button class="button" type="submit">
					<Icon name="search" size="small" />
					{t('operators.find')}
				</button>
			</form>
			<table class="plain-table">
				<tbody>
					{found.map(({ id, name, path: around }) => (
						<tr>
							<th scope="row">
								{plainUntrusted(name)}
								{around.length > 0 && <p class="muted">{pathWords(around)}</p>}
							</th>
							<td class="figures">
								<MoveForm {...place} parentId={id} label={t('groups.moveHere')} name={plainUntrusted(name)} />
							</td>
						</tr>
					))}
				</tbody>
			</table>
			{searches.groups?.nextCursor && <p class="muted">{t('groups.tooManyFound')}</p>}
			{group.path.length > 0 && <MoveForm {...place} parentId="" label={t('groups.moveUp')} name="" />}
		</section>
	);
}

function MoveForm(props: {
	readonly ui: Ui;
	readonly action: string;
	readonly version: number;
	/** Empty: an uppermost one. */
	readonly parentId: string;
	readonly label: string;
	readonly name: string;
}) {
	return (
		<form method="post" action={props.action}>
			<CsrfField ui={props.ui} />
			<input type="hidden" name="version" value={String(props.version)} />
			<input type="hidden" name="parentId" value={props.parentId} />
			<button class="button" type="submit">
				{props.label}
				{props.name !== '' && <span class="visually-hidden"> {props.name}</span>}
			</button>
		</form>
	);
}
