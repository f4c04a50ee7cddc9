import type { HandOver } from '../../../../gateway/services/hand-over/hand-overs.ts';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Pill } from '../../components/status.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { HAND_OVERS_PATH, handOverHref } from './hand-over-paths.ts';

interface HandOversProps {
	readonly ui: Ui;
	readonly found: readonly HandOver[];
	/** Of this page; undefined: the newest. */
	readonly cursor: string | undefined;
	/** null: nothing older. */
	readonly next: string | null;
	readonly badCursor: boolean;
	readonly wasRemoved: boolean;
}

/** Hand-over reports, the newest first. */
export function HandOversPage(props: HandOversProps) {
	const { ui, found, badCursor, wasRemoved } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('handOver.title')} aside={<NewHandOver ui={ui} />}>
			{wasRemoved && <Notice tone="good" title={t('handOver.removed')} announce />}
			{badCursor && <Notice tone="warning" title={t('handOver.badCursor')} announce />}
			{found.length === 0 ? (
				<EmptyState icon="edit" title={t('handOver.none')} hint={t('handOver.noneHint')}>
					<NewHandOver ui={ui} />
				</EmptyState>
			) : (
				<Reports ui={ui} found={found} />
			)}
			<Pages {...props} />
		</Page>
	);
}

function NewHandOver({ ui }: { ui: Ui }) {
	if (!ui.may('handOvers:write')) return null;
	return (
		<a class="button button--primary" href={`${HAND_OVERS_PATH}/new`}>
			<Icon name="plus" />
			{ui.t('handOver.new')}
		</a>
	);
}

function Reports({ ui, found }: { ui: Ui; found: readonly HandOver[] }) {
	const { t } = ui;
	return (
		<section class="card">
			<div class="config-scroll">
				<table class="plain-table">
					<caption class="visually-hidden">{t('handOver.title')}</caption>
					<thead>
						<tr>
							<th scope="col">{t('handOver.subject')}</th>
							<th scope="col">{t('handOver.written')}</th>
							<th scope="col">{t('handOver.signatures')}</th>
						</tr>
					</thead>
					<tbody>
						{found.map(({ content, signatures, isIntact }) => (
							<tr>
								<th scope="row">
									<a href={handOverHref(content.id)}>
										<Untrusted ui={ui} text={content.subject.name} />
									</a>
									<p class="muted">{t(`handOver.${content.subject.kind}`)}</p>
								</th>
								<td>
									<Moment ui={ui} atMs={content.atMs} />
									<p class="muted">
										<Untrusted ui={ui} text={ui.operatorName(content.operatorId)} />
									</p>
								</td>
								<td>
									<SignedPill ui={ui} count={signatures.length} isIntact={isIntact} />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}

export function SignedPill({ ui, count, isIntact }: { ui: Ui; count: number; isIntact: boolean }) {
	if (!isIntact) {
		return (
			<Pill tone="bad" icon="warning">
				{ui.t('handOver.notIntact')}
			</Pill>
		);
	}
	return (
		<Pill tone={count === 0 ? 'quiet' : 'good'} icon={count === 0 ? 'clock' : 'check'}>
			{count === 0 ? ui.t('handOver.notSigned') : ui.t('handOver.signed', { count })}
		</Pill>
	);
}

function Pages({ ui, cursor, next }: HandOversProps) {
	if (cursor === undefined && next === null) return null;
	return (
		<nav class="pages" aria-label={ui.t('log.pages')}>
			{cursor !== undefined && (
				<a class="button" href={HAND_OVERS_PATH} rel="first">
					<Icon name="chevron-left" size="small" />
					{ui.t('log.newest')}
				</a>
			)}
			{next !== null && (
				<a class="button pages__next" href={`${HAND_OVERS_PATH}?cursor=${encodeURIComponent(next)}`} rel="next">
					{ui.t('log.older')}
					<Icon name="chevron-right" size="small" />
				</a>
			)}
		</nav>
	);
}
