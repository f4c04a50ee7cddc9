import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { HolderHit } from '../../../../gateway/services/directory/find-holders.ts';
import type { VisitProblem, VisitRequest } from '../../../../gateway/services/visitors/visit-request.ts';
import { LANGUAGES, type Language } from '../../catalogue/translator.ts';
import type { People } from '../../console-deps.ts';
import type { Ui } from '../../ui.ts';

/** Ways in that the form offers. PINs have no keypad that tells them to a lane. */
export const VISIT_KINDS = ['plate', 'qr', 'tag'] as const;
export type VisitKind = (typeof VISIT_KINDS)[number];

const TEXTS = [
	'name',
	'value',
	'label',
	'from',
	'to',
	'host',
	'hostId',
	'email',
	'phone',
	'note',
	'specification',
] as const;
type TextName = (typeof TEXTS)[number];

/** What the form holds, as it was typed, with what is wrong with it. */
export interface VisitFormState extends Readonly<Record<TextName, string>> {
	readonly kind: VisitKind;
	readonly language: Language;
	/** The decision whose read it was begun from; empty: none. */
	readonly decision: string;
	/** Those whose names fit the host that was typed. */
	readonly hosts: readonly HolderHit[];
	readonly errors: Readonly<Partial<Record<TextName | 'form', string>>>;
}

const LONGEST: Readonly<Partial<Record<TextName, number>>> = {
	name: 200,
	value: 128,
	label: 200,
	email: 254,
	phone: 40,
	note: 2_000,
};
export const longestOf = (name: TextName) => LONGEST[name] ?? 200;

/** From now until the end of the day, or for two hours late at night. */
export function emptyVisitForm(ui: Ui): VisitFormState {
	const { formats, nowMs, language } = ui;
	const day = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(ui.site.timeZone).startOfDay();
	const endOfDay = day.add({ days: 1 }).subtract({ minutes: 1 }).epochMilliseconds;
	const endMs = Math.max(endOfDay, nowMs + SHORTEST_MS);
	return {
		...{ name: '', kind: 'plate', value: '', label: '', from: formats.field(nowMs), to: formats.field(endMs) },
		...{ host: '', hostId: '', email: '', phone: '', note: '', specification: '', language },
		...{ decision: '', hosts: [], errors: {} },
	};
}

const SHORTEST_MS = 2 * 3_600_000;

/** What was sent, whether it is right or not. */
export function readVisitForm(fields: Readonly<Record<string, unknown>>, ui: Ui): VisitFormState {
	const text = (name: string) => {
		const value = fields[name];
		return typeof value === 'string' ? value.trim().slice(0, LONGEST_SHOWN) : '';
	};
	const texts = Object.fromEntries(TEXTS.map((name) => [name, text(name)])) as Record<TextName, string>;
	return {
		...texts,
		kind: VISIT_KINDS.find((kind) => kind === fields['kind']) ?? 'plate',
		language: LANGUAGES.find((language) => language === fields['language']) ?? ui.language,
		decision: text('decision').slice(0, 64),
		hosts: [],
		errors: {},
	};
}

/** More is shown of no field. */
const LONGEST_SHOWN = 4_000;
const HOSTS_SHOWN = 6;

/** @returns what to ask of the service, or the form with what is wrong. */
export function parseVisitForm(
	form: VisitFormState,
	ui: Ui,
	people: Pick<People, 'find' | 'holder'>,
): { readonly request: VisitRequest } | { readonly form: VisitFormState } {
	const { t, formats } = ui;
	const fromMs = form.from === '' ? ui.nowMs : formats.parseField(form.from);
	const toMs = formats.parseField(form.to);
	const host = findHost(form, people);
	const tooLong = TEXTS.filter((name) => form[name].length > longestOf(name));
	const errors = {
		...Object.fromEntries(tooLong.map((name) => [name, t('form.tooLong', { maximum: longestOf(name) })])),
		...(form.name === '' && { name: t('form.required') }),
		...(form.kind !== 'qr' && form.value === '' && { value: t('form.required') }),
		...(fromMs === undefined && { from: t('form.time') }),
		...(toMs === undefined && { to: form.to === '' ? t('form.required') : t('form.time') }),
		...(host.found === 'nobody' && { host: t('visitor.hostUnknown') }),
		...(host.found === 'several' && { host: t('visitor.hostWhich') }),
	};
	if (Object.keys(errors).length > 0 || fromMs === undefined || toMs === undefined) {
		return { form: { ...form, hosts: host.found === 'several' ? host.hosts : [], errors } };
	}
	const orNull = (value: string) => (value === '' ? null : value);
	const { kind, value, label } = form;
	return {
		request: {
			name: form.name,
			email: orNull(form.email),
			phone: orNull(form.phone),
			note: orNull(form.note),
			language: form.language,
			hostId: host.found === 'one' ? host.id : null,
			credential: kind === 'qr' ? { kind } : { kind, value, label: orNull(label) },
			...(form.specification !== '' && { specificationId: form.specification }),
			// The minute that the form was opened in has begun: nobody waits for its end.
			validFromMs: Math.min(fromMs, toMs),
			validToMs: toMs,
		},
	};
}

type Host =
	| { readonly found: 'none' | 'nobody' }
	| { readonly found: 'one'; readonly id: string }
	| { readonly found: 'several'; readonly hosts: readonly HolderHit[] };

/** `none`: no host was typed. */
function findHost({ host, hostId }: VisitFormState, people: Pick<People, 'find' | 'holder'>): Host {
	if (hostId !== '') return people.holder(hostId) === undefined ? { found: 'nobody' } : { found: 'one', id: hostId };
	if (host === '') return { found: 'none' };
	const hosts = people.find(host, HOSTS_SHOWN).filter(({ kind }) => kind !== 'vehicle');
	const [only, another] = hosts;
	if (only === undefined) return { found: 'nobody' };
	return another === undefined ? { found: 'one', id: only.id } : { found: 'several', hosts };
}

const FIELDS: Readonly<Record<NonNullable<VisitProblem['field']>, TextName>> = {
	name: 'name',
	email: 'email',
	phone: 'phone',
	language: 'name',
	hostId: 'host',
	note: 'note',
	credential: 'value',
	specificationId: 'specification',
	validFromMs: 'from',
	validToMs: 'to',
};

/** What the service refused, beside the fields it is about. */
export function withProblems(form: VisitFormState, problems: readonly VisitProblem[], ui: Ui): VisitFormState {
	const errors = problems.map((problem): readonly [string, string] => [
		problem.field === null ? 'form' : FIELDS[problem.field],
		problemWords(ui, problem),
	]);
	// The first about a field stands.
	return { ...form, errors: Object.fromEntries(errors.toReversed()) };
}

export function problemWords({ t }: Pick<Ui, 't'>, { code, detail = {}, problem }: VisitProblem): string {
	const name = String(detail['name'] ?? '');
	switch (code) {
		case 'chooseSpecification':
		case 'unknownSpecification':
		case 'invalidPlate':
		case 'invalidTag':
		case 'notUsable':
		case 'endsBeforeStart':
		case 'endsInThePast':
		case 'over':
		case 'noCredential':
		case 'invalid':
			return t(`visitor.problem.${code}`);
		case 'belongsToHolder':
		case 'alreadyVisiting':
			return t(`visitor.problem.${code}`, { name });
		case 'tooLong':
			return t('visitor.problem.tooLong', { days: LIMITS.visitMs / 86_400_000 });
		case 'noSpecification':
			return t('visitor.noSpecification');
		case 'conflict':
			if (detail['because'] === 'licenceEnded') return t('licences.visitorsStopped');
			if (detail['because'] === 'notIncluded') return t('licences.notIncluded');
			return t('visitor.problem.other', { problem });
		default:
			return t('visitor.problem.other', { problem });
	}
}
