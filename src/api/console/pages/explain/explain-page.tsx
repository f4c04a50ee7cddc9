import type { Site } from '../../../../gateway/core/site.ts';
import type { WhatIfAnswer } from '../../../../gateway/services/decisions/what-if.ts';
import type { HolderHit } from '../../../../gateway/services/directory/find-holders.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { ExplainedAnswer } from './explain-answer.tsx';
import { ExplainForm } from './explain-form.tsx';
import { type ExplainAddress, explainHref } from './explain-link.ts';
import { addressOf, type ExplainQuestion, HOLDERS_SHOWN } from './explain-question.ts';

/** What came of the question. */
export type ExplainResult =
	| { readonly result: 'notAsked' }
	| { readonly result: 'noLane' }
	/** What was typed is no plate or tag, or the time is none; the form says so. */
	| { readonly result: 'wrong' }
	| { readonly result: 'choose'; readonly holders: readonly HolderHit[] }
	| { readonly result: 'unknownHolder' }
	| { readonly result: 'nothingCarried'; readonly holder: HolderHit }
	| { readonly result: 'answered'; readonly answer: WhatIfAnswer; readonly holder: HolderHit | undefined };

interface ExplainProps {
	readonly ui: Ui;
	readonly lanes: Site['lanes'];
	readonly question: ExplainQuestion;
	readonly result: ExplainResult;
	readonly isClockTrusted: boolean;
}

/** Somebody × lane × time: may they pass, and why. */
export function ExplainPage(props: ExplainProps) {
	const { ui, lanes, question } = props;
	return (
		<Page ui={ui} title={ui.t('explain.title')}>
			<p class="page-intro not-printed">{ui.t('explain.intro')}</p>
			<ExplainForm ui={ui} lanes={lanes} question={question} holder={holderOf(props.result)} />
			<ExplainAnswer {...props} />
		</Page>
	);
}

/** Who was chosen by name or address. */
function holderOf(result: ExplainResult): HolderHit | undefined {
	return 'holder' in result ? result.holder : undefined;
}

/** The part that another question replaces. */
export function ExplainAnswer({ ui, question, result, isClockTrusted }: Omit<ExplainProps, 'lanes'>) {
	return (
		<div id="explain-answer" aria-live="polite">
			<Answer ui={ui} question={question} result={result} isClockTrusted={isClockTrusted} />
		</div>
	);
}

function Answer({ ui, question, result, isClockTrusted }: Omit<ExplainProps, 'lanes'>) {
	const { t } = ui;
	switch (result.result) {
		case 'notAsked':
			return <EmptyState icon="question" title={t('explain.start')} hint={t('explain.startHint')} />;
		case 'noLane':
			return <EmptyState icon="barrier" title={t('explain.noLanes')} hint={t('live.noLanesHint')} />;
		case 'wrong': {
			const { q, at } = question.errors;
			return <Notice tone="warning" title={q ?? at ?? t('form.required')} />;
		}
		case 'unknownHolder':
			return <Notice tone="warning" title={t('explain.unknownHolder')} />;
		case 'nothingCarried':
			return (
				<Notice tone="warning" title={t('explain.nothingCarried', { name: plainUntrusted(result.holder.name) })}>
					<p>{t('explain.nothingCarriedHint')}</p>
				</Notice>
			);
		case 'choose':
			return <Holders ui={ui} holders={result.holders} address={addressOf(question)} />;
		case 'answered':
			return <ExplainedAnswer ui={ui} question={question} isClockTrusted={isClockTrusted} {...result} />;
	}
}

function Holders({ ui, holders, address }: { ui: Ui; holders: readonly HolderHit[]; address: ExplainAddress }) {
	const { t } = ui;
	if (holders.length === 0) {
		return <EmptyState icon="search" title={t('explain.nobody')} hint={t('explain.nobodyHint')} />;
	}
	return (
		<section class="card" aria-labelledby="holders-title">
			<h2 class="card__title" id="holders-title">
				{t('explain.found', { count: holders.length })}
			</h2>
			<p class="card__note">
				{holders.length < HOLDERS_SHOWN ? t('explain.choose') : t('explain.more', { count: HOLDERS_SHOWN })}
			</p>
			<HolderList
				ui={ui}
				holders={holders}
				hrefOf={({ id }) => explainHref({ ...address, kind: undefined, q: undefined, holder: id })}
			/>
		</section>
	);
}

/** Holders to choose one from: name, what they carry, and whether they are active. */
export function HolderList({
	ui,
	holders,
	hrefOf,
}: {
	ui: Ui;
	holders: readonly HolderHit[];
	hrefOf: (holder: HolderHit) => string;
}) {
	return (
		<ul class="holders">
			{holders.map((holder) => (
				<li>
					<a class="holder-hit" href={hrefOf(holder)}>
						<Icon name={holder.kind === 'vehicle' ? 'car' : 'person'} />
						<span class="holder-hit__words">
							<span class="holder-hit__name">
								<Untrusted ui={ui} text={holder.name} />
							</span>
							<Carries ui={ui} holder={holder} />
						</span>
						<Icon name="chevron-right" size="small" />
					</a>
				</li>
			))}
		</ul>
	);
}

function Carries({ ui, holder: { carries } }: { ui: Ui; holder: HolderHit }) {
	if (carries.length === 0) return <span class="muted">{ui.t('explain.carriesNothing')}</span>;
	return (
		<span class="holder-hit__carries">
			{carries.map(({ kind, text }) => (
				<span class="carried">
					<Icon name={kind} size="small" />
					<Untrusted ui={ui} text={text} />
				</span>
			))}
		</span>
	);
}
