import type { VerdictDetail } from '../../../../gateway/core/access/decision.ts';
import type { AccessFacts } from '../../../../gateway/core/access/facts.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';

type Kind = 'text' | 'count' | 'share' | 'moment' | 'duration' | 'area' | 'lane' | 'park' | 'factor' | 'holder';

/** What the rules of the core look at, by the names they give it. */
const DETAILS: Readonly<Record<string, { readonly label: LabelKey; readonly kind: Kind }>> = {
	read: { label: 'detail.read', kind: 'text' },
	confidence: { label: 'detail.confidence', kind: 'share' },
	minimum: { label: 'detail.minimum', kind: 'share' },
	reads: { label: 'detail.reads', kind: 'count' },
	plates: { label: 'detail.plates', kind: 'count' },
	tagHolderId: { label: 'detail.tagHolderId', kind: 'holder' },
	plateHolderId: { label: 'detail.plateHolderId', kind: 'holder' },
	missing: { label: 'detail.missing', kind: 'factor' },
	area: { label: 'detail.area', kind: 'area' },
	from: { label: 'detail.from', kind: 'moment' },
	to: { label: 'detail.to', kind: 'moment' },
	since: { label: 'detail.since', kind: 'moment' },
	at: { label: 'detail.at', kind: 'moment' },
	ageMs: { label: 'detail.age', kind: 'duration' },
	limitMs: { label: 'detail.limit', kind: 'duration' },
	camera: { label: 'detail.camera', kind: 'text' },
	park: { label: 'detail.park', kind: 'park' },
	lane: { label: 'detail.lane', kind: 'lane' },
	id: { label: 'detail.id', kind: 'text' },
	capacity: { label: 'detail.capacity', kind: 'count' },
	occupied: { label: 'detail.occupied', kind: 'count' },
	reserved: { label: 'detail.reserved', kind: 'count' },
	guaranteed: { label: 'detail.guaranteed', kind: 'count' },
	booked: { label: 'detail.booked', kind: 'count' },
	stays: { label: 'detail.stays', kind: 'count' },
	used: { label: 'detail.used', kind: 'count' },
	allowed: { label: 'detail.allowed', kind: 'count' },
	balance: { label: 'detail.balance', kind: 'count' },
	cost: { label: 'detail.cost', kind: 'count' },
	bookings: { label: 'detail.bookings', kind: 'count' },
};

/** AREA_SKIPPED names the area it should come from; the validity rules name a moment. */
const AREA_BEFORE = { label: 'detail.fromArea', kind: 'area' } as const;

interface DetailProps {
	readonly ui: Ui;
	readonly detail: VerdictDetail;
	readonly facts: AccessFacts;
}

/** The figures a rule looked at, each in the reader's words; one that is not known here is shown as it is. */
export function Detail({ ui, detail, facts }: DetailProps) {
	return (
		<dl class="verdict__detail">
			{Object.entries(detail).map(([name, value]) => {
				const known = Object.hasOwn(DETAILS, name) ? DETAILS[name] : undefined;
				const { label, kind } = (name === 'from' && typeof value === 'string' ? AREA_BEFORE : known) ?? {
					kind: 'text',
				};
				return (
					<div>
						<dt>{label === undefined ? name : ui.t(label)}</dt>
						<dd>
							<Untrusted ui={ui} text={wordsOf(ui, kind, value, facts)} />
						</dd>
					</div>
				);
			})}
		</dl>
	);
}

function wordsOf(ui: Ui, kind: Kind, value: VerdictDetail[string], facts: AccessFacts): string {
	const { t, formats, site } = ui;
	if (value === null) return t('app.none');
	if (typeof value === 'boolean') return t(value ? 'app.yes' : 'app.no');
	if (typeof value === 'number') {
		if (kind === 'moment') return formats.full(value);
		if (kind === 'duration') return formats.duration(value);
		return kind === 'share' ? formats.percent(value) : formats.number(value);
	}
	if (kind === 'area') return ui.areaName(value);
	if (kind === 'lane') return site.lanes.find(({ id }) => id === value)?.name ?? value;
	if (kind === 'park') return site.parks.find(({ id }) => id === value)?.name ?? value;
	if (kind === 'factor' && (value === 'tag' || value === 'plate' || value === 'pin')) return t(`decision.${value}`);
	return kind === 'holder' ? holderName(value, facts) : value;
}

function holderName(holderId: string, facts: AccessFacts): string {
	for (const { match } of facts.presented) {
		const holder = match.how === 'exact' || match.how === 'confusable' ? match.holder : null;
		if (holder?.id === holderId) return holder.name;
	}
	return holderId;
}
