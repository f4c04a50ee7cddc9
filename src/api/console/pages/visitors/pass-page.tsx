import { areaChain } from '../../../../gateway/core/area-chain.ts';
import type { Lane, Site } from '../../../../gateway/core/site.ts';
import type { Visit } from '../../../../gateway/services/visitors/visit.ts';
import { createTranslate, LANGUAGE_NAMES, LANGUAGES, type Language, LOCALES } from '../../catalogue/translator.ts';
import { Icon } from '../../components/icon.tsx';
import { Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { QrCode } from './qr-code.tsx';
import { validityWords } from './visit-views.tsx';
import { visitHref } from './visitor-paths.ts';

/** What a visitor takes along, in their language; made to be printed on a small sheet. */
export function PassPage({ ui, visit, language }: { ui: Ui; visit: Visit; language: Language }) {
	return (
		<Page
			ui={ui}
			title={ui.t('pass.title')}
			back={{ href: visitHref(visit.id), label: visit.name }}
			aside={
				<button class="button button--primary" type="button" data-prints hidden>
					<Icon name="printer" />
					{ui.t('pass.print')}
				</button>
			}
		>
			<link rel="stylesheet" href={ui.asset('pass.css')} />
			<nav class="segments pass-languages not-printed" aria-label={ui.t('pass.language')}>
				{LANGUAGES.map((other) => (
					<a
						class="segment"
						lang={other}
						href={`${visitHref(visit.id, 'pass')}?language=${other}`}
						aria-current={other === language ? 'page' : undefined}
					>
						{LANGUAGE_NAMES[other]}
					</a>
				))}
			</nav>
			<Pass ui={ui} visit={visit} language={language} />
		</Page>
	);
}

function Pass({ ui, visit, language }: { ui: Ui; visit: Visit; language: Language }) {
	const t = createTranslate(language);
	const { site } = ui;
	const { credential, host } = visit;
	const words = { language, timeZone: site.timeZone, always: t('visitor.always') };
	return (
		<article class="pass" lang={language}>
			<header class="pass__head">
				<p class="pass__site">{site.name}</p>
				<p>{t('pass.title')}</p>
			</header>
			<h2 class="pass__name">
				<Untrusted ui={ui} text={visit.name} />
			</h2>
			{credential?.kind === 'qr' && <QrCode text={credential.value} label={t('pass.qr')} />}
			<dl class="pass__facts">
				{credential?.kind === 'plate' && (
					<div>
						<dt>{t('pass.plate')}</dt>
						<dd class="pass__plate">
							<Untrusted ui={ui} text={credential.label ?? credential.value} />
						</dd>
					</div>
				)}
				{credential?.kind === 'pin' && (
					<div>
						<dt>{t('pass.code')}</dt>
						<dd class="pass__plate">{credential.value}</dd>
					</div>
				)}
				<div>
					<dt>{t('pass.valid')}</dt>
					<dd>{validityWords(visit, words)}</dd>
				</div>
				{host !== null && (
					<div>
						<dt>{t('pass.host')}</dt>
						<dd>
							<Untrusted ui={ui} text={host.name} />
						</dd>
					</div>
				)}
			</dl>
			{credential !== null && (
				<section class="pass__way">
					<h3>{t('pass.way')}</h3>
					<p>
						{`${t(`pass.way.${credential.kind}`, { lanes: laneWords(site, visit, language) ?? t('pass.entrance') })} ${t('pass.out')}`}
					</p>
					{(credential.kind === 'qr' || credential.kind === 'pin') && <p>{t('pass.keep')}</p>}
				</section>
			)}
		</article>
	);
}

/** The entries that what they carry opens; undefined: there are none, or too many to name. */
function laneWords(site: Site, visit: Visit, language: Language): string | undefined {
	const names = site.lanes
		.filter((lane) => lane.kind !== 'exit' && leadsThere(site, lane, visit))
		.map(({ name }) => name);
	if (names.length === 0 || names.length > LANES_NAMED) return undefined;
	return new Intl.ListFormat(LOCALES[language], { type: 'disjunction' }).format(names);
}

const LANES_NAMED = 3;

function leadsThere(site: Site, { to, readers, cameras }: Lane, { credential, specification }: Visit): boolean {
	const isRead = credential?.kind === 'plate' ? cameras.length > 0 : readers.length > 0;
	const { areaIds } = specification;
	return isRead && (areaIds.length === 0 || areaChain(site, to).some(({ areaId }) => areaIds.includes(areaId)));
}
