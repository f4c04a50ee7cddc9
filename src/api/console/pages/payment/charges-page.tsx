import type { ChargePage } from '../../../../gateway/services/charges/charges.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import type { RowNames } from '../directory/row-names.ts';
import { CHARGES_PATH } from './payment-paths.ts';

type StayCharge = ChargePage['items'][number];

/** A span of time as typed. */
export interface ChargesFilter {
	readonly from: string;
	readonly to: string;
	/** undefined: it is none. */
	readonly span: { readonly fromMs: number; readonly toMs: number } | undefined;
	readonly errors: { readonly from?: string; readonly to?: string };
}

export interface ChargesProps {
	readonly ui: Ui;
	readonly filter: ChargesFilter;
	readonly charges: readonly StayCharge[];
	readonly isFirst: boolean;
	/** Cursor of the next page; null: this is the last. */
	readonly next: string | null;
	readonly names: RowNames;
	/** Whether the reader may open this row. */
	readonly isOpen: (table: 'holders' | 'assignedRights', id: string) => boolean;
}

export const CHARGES_PAGE_SIZE = 50;

/** What stays were charged, for who writes invoices (X5). */
export function ChargesPage(props: ChargesProps) {
	const { ui, filter, charges, isFirst, next } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('charges.title')}>
			<p class="page-intro">{t('charges.hint')}</p>
			<form class="filters card" method="get" action={CHARGES_PATH}>
				<div class="filters__fields">
					<Field
						name="from"
						type="datetime-local"
						label={t('charges.from')}
						value={filter.from}
						error={filter.errors.from}
					/>
					<Field name="to" type="datetime-local" label={t('charges.to')} value={filter.to} error={filter.errors.to} />
					<div class="filters__actions">
						<button class="button" type="submit">
							{t('charges.show')}
						</button>
					</div>
				</div>
			</form>
			{charges.length === 0 ? (
				<EmptyState icon="list-check" title={t('charges.none')} hint={t('charges.noneHint')} />
			) : (
				<>
					<Exports {...props} />
					<ChargesTable {...props} />
				</>
			)}
			<PagesNav
				ui={ui}
				order="name"
				first={isFirst ? undefined : chargesHref(filter)}
				next={next === null ? undefined : chargesHref(filter, next)}
			/>
		</Page>
	);
}

function Exports({ ui, filter: { span } }: ChargesProps) {
	if (span === undefined || !ui.mayInParts('directory:export')) return null;
	const { machine } = ui.formats;
	const href = (format: string) =>
		`/api/v1/charges/export?${new URLSearchParams({ from: machine(span.fromMs), to: machine(span.toMs), format, lang: ui.language })}`;
	return (
		<div class="row-actions">
			{(['csv', 'xlsx'] as const).map((format) => (
				<a class="button" id={`export-${format}`} href={href(format)} download="">
					<Icon name="download" />
					{ui.t(`charges.${format}`)}
				</a>
			))}
		</div>
	);
}

function ChargesTable({ ui, charges, names, isOpen }: ChargesProps) {
	const { t } = ui;
	return (
		<div class="card card--flush">
			<table class="row-table">
				<caption class="visually-hidden">{t('charges.title')}</caption>
				<thead>
					<tr>
						<th scope="col">{t('payment.when')}</th>
						<th scope="col">{t('charges.who')}</th>
						<th scope="col">{t('charges.right')}</th>
						<th scope="col">{t('charges.part')}</th>
						<th scope="col" class="figures">
							{t('charges.price')}
						</th>
						<th scope="col" class="figures">
							{t('payment.credits')}
						</th>
					</tr>
				</thead>
				<tbody>
					{charges.map((charge) => (
						<Charge {...{ ui, charge, names, isOpen }} />
					))}
				</tbody>
			</table>
		</div>
	);
}

type ChargeProps = Pick<ChargesProps, 'ui' | 'names' | 'isOpen'>;

function Charge({ ui, charge, names, isOpen }: ChargeProps & { charge: StayCharge }) {
	const { t, formats } = ui;
	const { stayId, segment, atMs, holderId, rightId, price, credits } = charge;
	return (
		<tr class="row" data-stay={stayId}>
			<th scope="row" class="row__title">
				<Moment ui={ui} atMs={atMs} />
			</th>
			<td class="row__value" data-label={t('charges.who')}>
				{holderId === null ? t('charges.nobody') : <Named {...{ ui, names, isOpen }} of="holders" id={holderId} />}
			</td>
			<td class="row__value" data-label={t('charges.right')}>
				<Named {...{ ui, names, isOpen }} of="rights" id={rightId} />
			</td>
			<td class="row__value" data-label={t('charges.part')}>
				{segment === 0 ? t('charges.first') : t('charges.further', { count: segment })}
			</td>
			<td
				class={price === null ? 'row__value row__none figures' : 'row__value figures'}
				data-label={t('charges.price')}
			>
				{price !== null && formats.money(price.minor, price.currency)}
			</td>
			<td
				class={credits === 0 ? 'row__value row__none figures' : 'row__value figures'}
				data-label={t('payment.credits')}
			>
				{credits > 0 && formats.number(credits)}
			</td>
		</tr>
	);
}

/** A link as long as there is such a row. */
function Named({ ui, of, id, names, isOpen }: ChargeProps & { of: 'holders' | 'rights'; id: string }) {
	const table = of === 'holders' ? 'holders' : 'assignedRights';
	const name = <Untrusted ui={ui} text={names.of(table, id)} />;
	return names.has(table, id) && isOpen(table, id) ? <a href={`/${of}/${encodeURIComponent(id)}`}>{name}</a> : name;
}

function chargesHref({ from, to }: ChargesFilter, cursor?: string): string {
	return `${CHARGES_PATH}?${new URLSearchParams({ from, to, ...(cursor !== undefined && { cursor }) })}`;
}
