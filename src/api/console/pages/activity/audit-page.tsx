import { AUDIT_KINDS } from '../../../../gateway/core/audit/audited-action.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { Page as ListPage } from '../../../../gateway/services/access-log.ts';
import type { AuditItem } from '../../../../gateway/services/activity/audit-log.ts';
import { ExportLinks } from '../../components/export-links.tsx';
import { Field, Select } from '../../components/field.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { SearchField } from '../../components/search-input.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { ActivityFrame } from './activity-frame.tsx';
import { AUDIT_PATH, doneWords, historyHref, Target } from './activity-words.tsx';
import { Difference, type NamesByTable } from './audit-difference.tsx';
import { type AuditFilter, auditExportQuery, auditHref, isAuditFiltered } from './audit-filter.ts';

export interface AuditPageProps {
	readonly ui: Ui;
	readonly filter: AuditFilter;
	/** Whom `filter.who` names; undefined: nobody, or none was asked for. */
	readonly who: { readonly id: string; readonly name: string } | undefined;
	readonly cursor: string | undefined;
	readonly found: ListPage<AuditItem>;
	readonly names: NamesByTable;
	/** The cursor asked for was not ours: this is the newest page instead. */
	readonly badCursor: boolean;
}

/** Every change with who made it, when, and what was before and after. */
export function AuditPage(props: AuditPageProps) {
	const { ui, filter, who, cursor, found, badCursor } = props;
	const { t } = ui;
	const { items, nextCursor } = found;
	return (
		<ActivityFrame ui={ui} tab="audit" title={t('audit.title')}>
			<Filters ui={ui} filter={filter} />
			{badCursor && <Notice tone="warning" title={t('audit.badCursor')} announce />}
			{filter.who !== '' && (
				<p class="results-count" role="status">
					{who === undefined ? t('audit.nobody') : t('audit.by', { name: who.name })}
				</p>
			)}
			{ui.mayInParts('directory:export') && (
				<p class="results-count">
					<ExportLinks ui={ui} path="/api/v1/audit/export" query={auditExportQuery(filter, who?.id, ui)} />
				</p>
			)}
			{items.length === 0 ? (
				<EmptyState
					icon="search"
					title={t(nextCursor === null ? 'audit.none' : 'audit.goesOn')}
					hint={t('audit.noneHint')}
				/>
			) : (
				<section class="card" aria-label={t('audit.title')}>
					<ol class="changes-made">
						{items.map((item) => (
							<Line {...props} item={item} />
						))}
					</ol>
				</section>
			)}
			<PagesNav
				ui={ui}
				order="time"
				first={cursor === undefined ? undefined : auditHref(filter)}
				next={nextCursor === null ? undefined : auditHref(filter, nextCursor)}
			/>
		</ActivityFrame>
	);
}

function Filters({ ui, filter }: Pick<AuditPageProps, 'ui' | 'filter'>) {
	const { t } = ui;
	return (
		<search>
			<form class="filters card" method="get" action={AUDIT_PATH}>
				<div class="filters__main">
					<SearchField
						label={t('audit.search')}
						value={filter.q}
						maxLength={LIMITS.searchLength}
						placeholder={t('audit.searchHint')}
					/>
					<Field name="who" label={t('audit.who')} value={filter.who} maxLength={254} autocomplete="off" />
					<Select
						name="kind"
						label={t('audit.kind')}
						any={t('log.any')}
						selected={filter.kind}
						options={AUDIT_KINDS.map((kind) => ({ value: kind, label: t(`audit.kind.${kind}`) }))}
					/>
					<div class="filters__actions">
						<button class="button" type="submit">
							{t('log.filter')}
						</button>
						{isAuditFiltered(filter) && (
							<a class="button" href={AUDIT_PATH}>
								{t('audit.reset')}
							</a>
						)}
					</div>
				</div>
				<details class="filters__more" open={filter.target !== '' || filter.from !== '' || filter.to !== ''}>
					<summary class="filters__toggle">{t('audit.more')}</summary>
					<div class="filters__fields">
						<Field name="target" label={t('audit.record')} value={filter.target} maxLength={200} autocomplete="off" />
						<Field
							name="from"
							type="datetime-local"
							label={t('log.from')}
							value={filter.from}
							error={filter.errors.from}
						/>
						<Field name="to" type="datetime-local" label={t('log.to')} value={filter.to} error={filter.errors.to} />
					</div>
				</details>
			</form>
		</search>
	);
}

function Line({ ui, item, names }: AuditPageProps & { readonly item: AuditItem }) {
	const { t, formats } = ui;
	const { atMs, operatorId, action, target, id } = item;
	return (
		<li class="change-made">
			<p class="change-made__head">
				<strong>{doneWords(ui, item)}</strong> <Target ui={ui} done={item} />{' '}
				<span class="muted">
					<time datetime={formats.machine(atMs)} title={formats.full(atMs)}>
						{formats.minute(atMs)}
					</time>
					{' · '}
					<Who ui={ui} operatorId={operatorId} />
					{' · '}
					<code>{action}</code>
					{target !== null && target !== '' && (
						<>
							{' · '}
							<a href={historyHref(target)}>{t('audit.history')}</a>
						</>
					)}
				</span>
			</p>
			{id === null ? <p class="muted">{t('audit.erased')}</p> : <Difference ui={ui} item={item} names={names} />}
		</li>
	);
}

function Who({ ui, operatorId }: { readonly ui: Ui; readonly operatorId: string | null }) {
	if (operatorId === null) return <>{ui.t('audit.gateway')}</>;
	return (
		<a href={`${AUDIT_PATH}?${new URLSearchParams({ who: operatorId })}`}>
			<Untrusted ui={ui} text={ui.operatorName(operatorId)} />
		</a>
	);
}
