import { LEAD_SOURCES, LEAD_STATES, type LeadSource } from '../../../../gateway/core/lead.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { Lead, LeadFields, LeadRefusal } from '../../../../gateway/services/marketing/leads.ts';
import type { Visit } from '../../../../gateway/services/visitors/visit.ts';
import type { Ui } from '../../ui.ts';

const FIELDS = ['source', 'sourceId', 'state', 'version', 'name', 'email', 'phone', 'company', 'message'] as const;
type FieldName = (typeof FIELDS)[number] | 'campaignId' | 'hasAgreed' | 'expires';

/** What was typed, and what is wrong with it. */
export interface LeadFormState {
	readonly values: Readonly<Record<FieldName, string>>;
	readonly errors: Readonly<Partial<Record<FieldName | 'all', string>>>;
}

const EMPTY: LeadFormState['values'] = {
	...{ source: 'operations', sourceId: '', state: 'new', version: '', name: '', email: '', phone: '', company: '' },
	...{ message: '', campaignId: '', hasAgreed: '', expires: '' },
};

/** With what a visit tells of its visitor. */
export function newLeadForm(visit: Pick<Visit, 'id' | 'name' | 'email' | 'phone'> | undefined): LeadFormState {
	if (visit === undefined) return { values: EMPTY, errors: {} };
	const { id: sourceId, name, email, phone } = visit;
	return { values: { ...EMPTY, sourceId, name, email: email ?? '', phone: phone ?? '' }, errors: {} };
}

/** Of a customer who was met at an intervention. */
export function leadFormOfIntervention(number: number): LeadFormState {
	return { values: { ...EMPTY, source: 'maintenance', sourceId: String(number) }, errors: {} };
}

export function leadForm(lead: Lead, { formats }: Ui): LeadFormState {
	const { source, state, name, message } = lead;
	const values = {
		...{ source, state, name, message, sourceId: lead.sourceId ?? '', version: String(lead.version) },
		...{ email: lead.email ?? '', phone: lead.phone ?? '', company: lead.company ?? '' },
		campaignId: lead.campaignId ?? '',
		hasAgreed: lead.hasAgreed ? 'yes' : '',
		expires: formats.field(lead.expiresAtMs),
	};
	return { values, errors: {} };
}

/** `fields`: undefined where something does not fit. */
export function parseLeadForm(typed: Readonly<Record<string, unknown>>, { t, formats }: Ui) {
	const text = (name: FieldName) => (typeof typed[name] === 'string' ? typed[name].trim() : '');
	const values = Object.fromEntries(Object.keys(EMPTY).map((name) => [name, text(name as FieldName)])) as Record<
		FieldName,
		string
	>;
	const expiresAtMs = values.expires === '' ? undefined : formats.parseField(values.expires);
	const isLong = (name: 'name' | 'email' | 'phone' | 'company') => values[name].length > LIMITS.leadTextLength;
	const tooLong = (['name', 'email', 'phone', 'company'] as const).filter(isLong);
	const errors: LeadFormState['errors'] = {
		...(values.name === '' && { name: t('form.required') }),
		...Object.fromEntries(tooLong.map((name) => [name, t('form.tooLong', { maximum: LIMITS.leadTextLength })])),
		...(values.message.length > LIMITS.leadMessageLength && {
			message: t('form.tooLong', { maximum: LIMITS.leadMessageLength }),
		}),
		...(values.expires !== '' && expiresAtMs === undefined && { expires: t('form.time') }),
	};
	const orNull = (value: string) => (value === '' ? null : value);
	const fields: LeadFields & { readonly expiresAtMs?: number } = {
		state: LEAD_STATES.find((state) => state === values.state) ?? 'new',
		...{ name: values.name, message: values.message, hasAgreed: values.hasAgreed === 'yes' },
		...{ email: orNull(values.email), phone: orNull(values.phone), company: orNull(values.company) },
		campaignId: orNull(values.campaignId),
		...(expiresAtMs !== undefined && { expiresAtMs }),
	};
	const source: LeadSource = LEAD_SOURCES.find((one) => one === values.source) ?? 'operations';
	const version = /^\d{1,9}$/.test(values.version) ? Number(values.version) : undefined;
	const isRight = Object.keys(errors).length === 0;
	return {
		form: { values, errors } satisfies LeadFormState,
		...{ source, sourceId: orNull(values.sourceId), version, fields: isRight ? fields : undefined },
	};
}

/** Where on the form a refusal stands. */
export function refusedForm({ values }: LeadFormState, because: LeadRefusal, { t }: Ui): LeadFormState {
	const place = ({ noContact: 'email', keptTooLong: 'expires', noName: 'name' } as const)[because as 'noContact'];
	return { values, errors: { [place ?? 'all']: t(`lead.refused.${because}`) } };
}
