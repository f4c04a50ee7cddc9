import { foldText } from '../../../../gateway/core/fold-text.ts';
import { termText } from '../../../../gateway/core/glossary/glossary.ts';
import { TERM_GROUPS, type Term, type TermGroup } from '../../../../gateway/core/glossary/terms.ts';
import { REASONS, type ReasonCode } from '../../../../gateway/core/reason.ts';
import { Icon } from '../../components/icon.tsx';
import { SearchInput } from '../../components/search-input.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';

/** Longest text that words are looked for by. */
export const SEARCH_LENGTH = 60;

interface Entry {
	/** Part of the address. */
	readonly anchor: string;
	readonly name: string;
	readonly meaning: string;
	readonly advice?: string;
	readonly code?: string;
}

interface Section {
	readonly anchor: string;
	readonly title: string;
	readonly intro?: string;
	readonly entries: readonly Entry[];
}

/** X1: the words that pages, logs and programs use, and every reason with its advice; `q` keeps those that hold its words. */
export function GlossaryPage({ ui, q }: { ui: Ui; q: string }) {
	const { t } = ui;
	const sections = sectionsFor(ui, q);
	const count = sections.reduce((sum, { entries }) => sum + entries.length, 0);
	return (
		<Page ui={ui} title={t('glossary.title')}>
			<p class="muted">{t('glossary.intro')}</p>
			<form class="glossary__search" method="get" action="/glossary">
				<label class="field__label" for="q">
					{t('glossary.search')}
				</label>
				<span class="field__frame">
					<SearchInput value={q} maxLength={SEARCH_LENGTH} />
					<button class="icon-button" type="submit" aria-label={t('glossary.search')}>
						<Icon name="search" />
					</button>
				</span>
			</form>
			{q !== '' && (
				<p role="status">
					{count === 0 ? t('glossary.none', { q }) : t('glossary.found', { count })}{' '}
					<a href="/glossary">{t('glossary.all')}</a>
				</p>
			)}
			{q === '' && (
				<nav class="glossary__contents" aria-label={t('glossary.title')}>
					{sections.map(({ anchor, title }) => (
						<a href={`#${anchor}`}>{title}</a>
					))}
				</nav>
			)}
			{sections.map((section) => (
				<Words ui={ui} section={section} />
			))}
		</Page>
	);
}

function Words({ ui, section: { anchor, title, intro, entries } }: { ui: Ui; section: Section }) {
	return (
		<section class="card glossary__section" aria-labelledby={anchor}>
			<h2 class="card__title" id={anchor}>
				{title}
			</h2>
			{intro !== undefined && <p class="muted">{intro}</p>}
			<dl class="glossary">
				{entries.map((entry) => (
					<div id={entry.anchor}>
						<dt>
							{entry.name}
							{entry.code !== undefined && <code class="glossary__code">{entry.code}</code>}
						</dt>
						<dd>
							{entry.meaning}
							{entry.advice !== undefined && (
								<p class="glossary__advice">
									<strong>{ui.t('glossary.advice')}:</strong> {entry.advice}
								</p>
							)}
						</dd>
					</div>
				))}
			</dl>
		</section>
	);
}

function sectionsFor(ui: Ui, q: string): readonly Section[] {
	const terms = (Object.keys(TERM_GROUPS) as TermGroup[]).map((group): Section => {
		const words: readonly Term[] = TERM_GROUPS[group];
		return {
			anchor: `words-${group}`,
			title: ui.t(`glossary.group.${group}`),
			entries: words.map((term) => ({ anchor: `term-${term}`, ...termText(term, ui.language) })),
		};
	});
	const reasons: Section = {
		anchor: 'words-reasons',
		title: ui.t('glossary.reasons'),
		intro: ui.t('glossary.reasonsIntro'),
		entries: REASONS.map((code) => reasonEntry(ui, code)),
	};
	const wanted = foldText(q).split(' ').filter(Boolean);
	return [...terms, reasons]
		.map((section) => ({ ...section, entries: section.entries.filter((entry) => holds(entry, wanted)) }))
		.filter(({ entries }) => entries.length > 0);
}

function reasonEntry(ui: Ui, code: ReasonCode): Entry {
	const { cause, advice } = ui.reason(code);
	return { anchor: `reason-${code}`, name: ui.rule(code), code, meaning: cause, advice };
}

function holds({ name, meaning, advice = '', code = '' }: Entry, wanted: readonly string[]): boolean {
	const text = foldText(`${name} ${meaning} ${advice} ${code.replaceAll('_', ' ')} ${code}`);
	return wanted.every((word) => text.includes(word));
}
