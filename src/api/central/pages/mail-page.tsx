import { Notice } from '../../console/components/notice.tsx';
import { Moment, Untrusted } from '../../console/components/text.tsx';
import { Page } from '../../console/layout/page.tsx';
import type { Fleet, FleetMails } from '../fleet.ts';
import { type CentralUi, siteHref } from './central-ui.ts';

const COUNTED = ['sent', 'underWay', 'failed', 'refused', 'unknown'] as const;

/** Mails of sites that have no mail server of their own. */
export function MailPage(props: { readonly ui: CentralUi; readonly fleet: Fleet }) {
	return (
		<Page ui={props.ui} title={props.ui.t('fleet.mail')}>
			<Mails {...props} />
		</Page>
	);
}

/** Fetched again every few seconds. */
export function Mails({ ui, fleet }: { readonly ui: CentralUi; readonly fleet: Fleet }) {
	const { t, formats } = ui;
	const { from, counts, newest } = fleet.mails();
	return (
		<div id="mails" class="stack" hx-get="/live/mail" hx-trigger="every 5s" hx-swap="outerHTML">
			{from === null && (
				<Notice tone="warning" title={t('fleet.mail.none')}>
					<p>{t('fleet.mail.noneHint')}</p>
				</Notice>
			)}
			<section class="card" aria-labelledby="mail-title">
				<h2 class="card__title" id="mail-title">
					{t('fleet.mail.day')}
				</h2>
				<dl class="pairs pairs--wide">
					{from !== null && (
						<div>
							<dt>{t('fleet.mail.from')}</dt>
							<dd>{from}</dd>
						</div>
					)}
					{COUNTED.map((outcome) => (
						<div>
							<dt>{t(`fleet.mail.${outcome}`)}</dt>
							<dd>{formats.number(counts[outcome])}</dd>
						</div>
					))}
				</dl>
			</section>
			<p class="results-count">{t('fleet.mail.hint')}</p>
			{newest.length > 0 && <MailTable ui={ui} mails={newest} />}
		</div>
	);
}

function MailTable({ ui, mails }: { readonly ui: CentralUi; readonly mails: FleetMails['newest'] }) {
	const { t } = ui;
	const columns = ['site', 'mail.kind', 'mail.address', 'outcome', 'time'] as const;
	return (
		<div class="card card--flush">
			<table class="row-table">
				<caption class="visually-hidden">{t('fleet.mail')}</caption>
				<thead>
					<tr>
						{columns.map((column) => (
							<th scope="col">{t(`fleet.${column}`)}</th>
						))}
					</tr>
				</thead>
				<tbody>
					{mails.map(({ site, kind, address, outcome, problem, code, atMs }) => (
						<tr class="row">
							<th scope="row" class="row__title">
								<a class="fleet-link" href={siteHref(site)}>
									{site}
								</a>
							</th>
							<td class="row__value" data-label={t('fleet.mail.kind')}>
								{t(`fleet.mail.kind.${kind}`)}
							</td>
							<td class="row__value" data-label={t('fleet.mail.address')}>
								<Untrusted ui={ui} text={address} />
							</td>
							<td class="row__value" data-label={t('fleet.outcome')}>
								{t(`fleet.mail.${outcome ?? 'underWay'}`)}
								{problem !== null && `: ${t(`mail.problem.${problem}`)}${code === null ? '' : ` (${code})`}`}
							</td>
							<td class="row__value fleet-time" data-label={t('fleet.time')}>
								<Moment ui={ui} atMs={atMs} />
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
