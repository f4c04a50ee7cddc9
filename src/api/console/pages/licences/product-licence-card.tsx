import type { Child } from 'hono/jsx';
import type { LicenceTerm } from '../../../../gateway/core/licence/licence-term.ts';
import type { Contact, ProductLicence } from '../../../../gateway/core/licence/product-licence.ts';
import type { LicenceOverview } from '../../../../gateway/services/licensing/licence-overview.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import type { IconName } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Pill, type Tone } from '../../components/status.tsx';
import { SystemWords, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';

const PHASES: Readonly<Record<LicenceTerm['phase'], { tone: Tone; icon: IconName }>> = {
	commissioning: { tone: 'active', icon: 'clock' },
	valid: { tone: 'good', icon: 'check' },
	grace: { tone: 'warning', icon: 'warning' },
	ended: { tone: 'bad', icon: 'stop' },
};

/** The product licence: whose, until when, what it switches on, and how much of it is used. */
export function ProductLicenceCard({ ui, overview }: { ui: Ui; overview: LicenceOverview }) {
	const { t, formats } = ui;
	const { term, licence, problem, clockBehindMs, refused, operators, gateway } = overview;
	return (
		<section class="card" aria-labelledby="licence-title">
			<h2 class="card__title" id="licence-title">
				{t('licences.overview')}
			</h2>
			<p>
				<Pill {...PHASES[term.phase]}>{t(`licences.${term.phase}`)}</Pill>
				{term.endsAtMs !== null && ` ${t('licences.until', { time: formats.full(term.endsAtMs) })}`}
			</p>
			{problem !== null && (
				<Notice tone="bad" title={t('licences.problem')}>
					<p>
						<SystemWords ui={ui} text={problem} />
					</p>
				</Notice>
			)}
			{refused.map(({ id, detail }) => (
				<Notice tone="warning" title={t('licences.sentRefused', { id })}>
					<p>
						<SystemWords ui={ui} text={detail} />
					</p>
				</Notice>
			))}
			{clockBehindMs !== null && <Notice tone="warning" title={t('licences.clockBehind')} />}
			{term.stopped.length > 0 && (
				<Notice
					tone="bad"
					title={t('licences.stopped', { what: term.stopped.map((stopped) => t(`licences.${stopped}`)).join(', ') })}
				/>
			)}
			{term.phase !== 'valid' && term.next !== null && (
				<Notice
					tone="warning"
					title={t('licences.nextStop', {
						what: t(`licences.${term.next.stops}`),
						time: formats.full(term.next.atMs),
					})}
				/>
			)}
			<dl class="pairs pairs--wide">
				{licence !== null && <OfLicence ui={ui} licence={licence} />}
				<Pair ui={ui} label="licences.operators">
					{t('licences.usedOf', operators)}
				</Pair>
				<Pair ui={ui} label="licences.site">
					{gateway.site}
				</Pair>
				<Pair ui={ui} label="licences.version">
					{gateway.version}
				</Pair>
				<Pair ui={ui} label="licences.addresses">
					{gateway.addresses.join(', ')}
				</Pair>
				<Pair ui={ui} label="licences.gatewayKey">
					<code class="break">{gateway.key}</code>
				</Pair>
			</dl>
			<p class="muted">{t('licences.changes')}</p>
			<div class="dialog__actions">
				<a class="button" href="/api/v1/licences/request" download="parkgate-licence-request.jws">
					{t('licences.request')}
				</a>
			</div>
		</section>
	);
}

function OfLicence({ ui, licence }: { ui: Ui; licence: ProductLicence }) {
	const { customer, vendor, support } = licence;
	return (
		<>
			<Pair ui={ui} label="licences.customer">
				<Untrusted ui={ui} text={[`${customer.name} (${customer.id})`, contactOf(customer.contact)].join(' ').trim()} />
			</Pair>
			<Pair ui={ui} label="licences.variant">
				<Untrusted ui={ui} text={licence.variant} />
			</Pair>
			<Pair ui={ui} label="licences.capabilities">
				{licence.capabilities.join(', ')}
			</Pair>
			<Pair ui={ui} label="licences.instance">
				{licence.instance}
			</Pair>
			<Pair ui={ui} label="licences.serial">
				{licence.jti}
			</Pair>
			<Pair ui={ui} label="licences.vendor">
				<Untrusted ui={ui} text={contactOf(vendor)} />
			</Pair>
			{support !== undefined && (
				<Pair ui={ui} label="licences.support">
					<Untrusted ui={ui} text={contactOf(support)} />
				</Pair>
			)}
		</>
	);
}

function Pair({ ui, label, children }: { ui: Ui; label: LabelKey; children?: Child }) {
	return (
		<div>
			<dt>{ui.t(label)}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function contactOf(contact: Contact | undefined): string {
	if (contact === undefined) return '';
	const { name, email, phone, url } = contact;
	return [name, email, phone, url].filter((part) => part !== undefined).join(', ');
}
