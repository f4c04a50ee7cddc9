import { EmptyState, Notice } from '../../console/components/notice.tsx';
import { Pill } from '../../console/components/status.tsx';
import { Moment, SystemWords, Untrusted } from '../../console/components/text.tsx';
import { readableJson } from '../../console/untrusted-text.ts';
import type { FleetEdit, FleetSite, ListPage } from '../fleet.ts';
import { type CentralUi, rowHref, siteHref } from './central-ui.ts';
import { hrefWith, Pages } from './list-parts.tsx';
import { SiteFrame } from './site-frame.tsx';

interface EditListProps {
	readonly ui: CentralUi;
	readonly site: FleetSite;
	readonly cursor: string | undefined;
	readonly found: ListPage<FleetEdit>;
	readonly isBadCursor: boolean;
}

/** What was changed at a site, and central's word on each. */
export function EditListPage({ ui, site, cursor, found, isBadCursor }: EditListProps) {
	const { t } = ui;
	return (
		<SiteFrame ui={ui} site={site} part="edits">
			{isBadCursor && <Notice tone="warning" title={t('fleet.badCursor')} announce />}
			{found.items.length === 0 ? (
				<EmptyState icon="edit" title={t('fleet.noEdits')} hint={t('fleet.noEditsHint')} />
			) : (
				<div class="card card--flush">
					<table class="row-table">
						<caption class="visually-hidden">{t('fleet.edits')}</caption>
						<thead>
							<tr>
								<th scope="col">{t('fleet.row')}</th>
								<th scope="col">{t('fleet.answer')}</th>
								<th scope="col">{t('fleet.by')}</th>
								<th scope="col">{t('fleet.time')}</th>
								<th scope="col">{t('fleet.content')}</th>
							</tr>
						</thead>
						<tbody>
							{found.items.map((edit) => (
								<EditRow ui={ui} edit={edit} />
							))}
						</tbody>
					</table>
				</div>
			)}
			<Pages
				{...{ ui, cursor }}
				nextCursor={found.nextCursor}
				href={(at) => hrefWith(siteHref(site.site, 'edits'), { cursor: at })}
				first="fleet.newest"
				next="fleet.older"
			/>
		</SiteFrame>
	);
}

function EditRow({ ui, edit }: { readonly ui: CentralUi; readonly edit: FleetEdit }) {
	const { t } = ui;
	const { table, key, operator, time, receivedAtMs, row } = edit;
	return (
		<tr class="row" data-edit={edit.id}>
			<th scope="row" class="row__title">
				{table !== null && key !== null ? (
					<a class="row__link" href={rowHref(table, key)}>
						{table} <Untrusted ui={ui} text={key} />
					</a>
				) : (
					edit.id
				)}
			</th>
			<td class="row__value row__state" data-label={t('fleet.answer')}>
				<AnswerPill ui={ui} answer={edit.answer} />
			</td>
			<td class="row__value" data-label={t('fleet.by')}>
				{operator !== null && <Untrusted ui={ui} text={operator} />}
			</td>
			<td class="row__value fleet-time" data-label={t('fleet.time')}>
				<Moment ui={ui} atMs={time === null ? receivedAtMs : Date.parse(time)} />
			</td>
			<td class="row__value" data-label={t('fleet.content')}>
				{row === null ? (
					t('fleet.deleted')
				) : (
					<details>
						<summary>{t('fleet.row')}</summary>
						<pre class="fleet-json">{readableJson(row)}</pre>
					</details>
				)}
			</td>
		</tr>
	);
}

function AnswerPill({ ui, answer }: { readonly ui: CentralUi; readonly answer: FleetEdit['answer'] }) {
	if (answer === null) {
		return (
			<Pill tone="active" icon="clock">
				{ui.t('fleet.answer.none')}
			</Pill>
		);
	}
	if (answer.result === 'accepted') {
		return (
			<Pill tone="good" icon="check">
				{ui.t('fleet.answer.accepted', { rev: answer.rev })}
			</Pill>
		);
	}
	return (
		<>
			<Pill tone="bad" icon="cross">
				{ui.t('fleet.answer.rejected')}
			</Pill>{' '}
			<SystemWords ui={ui} text={answer.problem} />
		</>
	);
}
