import type { DecisionSummary } from '../../../../gateway/services/access-log.ts';
import type { VisitSpecification } from '../../../../gateway/services/visitors/visit.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../catalogue/translator.ts';
import { Field, FieldError } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { PresentTag } from '../../components/present-tag.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { explainHref } from '../explain/explain-link.ts';
import { longestOf, VISIT_KINDS, type VisitFormState } from './visit-form.ts';
import { allowedWords, CREDENTIAL_ICONS } from './visit-views.tsx';
import { newVisitorHref, VISITORS_PATH } from './visitor-paths.ts';
import { NoKindOfVisit } from './visitors-page.tsx';

export interface VisitFormProps {
	readonly ui: Ui;
	readonly form: VisitFormState;
	readonly specifications: readonly VisitSpecification[];
	/** What the form was begun from. */
	readonly decision: DecisionSummary | undefined;
	/** What was read is somebody's who is no visitor. */
	readonly knownHolder: { readonly id: string; readonly name: string } | undefined;
}

/** Asks who comes, by what and for how long. */
export function VisitFormPage(props: VisitFormProps) {
	const { ui, form, specifications, decision, knownHolder } = props;
	const { t } = ui;
	const back = decision === undefined ? undefined : `/log/${encodeURIComponent(decision.id)}`;
	return (
		<Page
			ui={ui}
			title={t('visitor.new')}
			back={
				back === undefined ? { href: VISITORS_PATH, label: t('visitor.title') } : { href: back, label: t('log.title') }
			}
		>
			{knownHolder !== undefined && decision !== undefined && (
				<div class="visitors__missing">
					<Notice tone="warning" title={t('visitor.known', { read: decision.subject, name: knownHolder.name })}>
						<p>{t('visitor.knownHint')}</p>
						{ui.may('decisions:check', { kind: 'lane', id: decision.laneId }) && (
							<p>
								<a href={explainHref({ holder: knownHolder.id, lane: decision.laneId })}>{t('visitor.knownWhy')}</a>
							</p>
						)}
					</Notice>
				</div>
			)}
			{specifications.length === 0 ? (
				<NoKindOfVisit ui={ui} decisionId={decision?.id} />
			) : (
				<form class="card visit-form" method="post" action={newVisitorHref()}>
					<CsrfField ui={ui} />
					<input type="hidden" name="decision" value={form.decision} />
					<FieldError id="form-error" error={form.errors.form} />
					<Who {...props} />
					<ByWhat {...props} />
					<HowLong {...props} />
					<Kind {...props} />
					<More {...props} />
					<div class="dialog__actions">
						<a class="button button--quiet" href={back ?? VISITORS_PATH}>
							{t('app.cancel')}
						</a>
						<button class="button button--primary" type="submit">
							<Icon name="check" />
							{t('visitor.submit')}
						</button>
					</div>
				</form>
			)}
		</Page>
	);
}

function Who({ ui: { t }, ui, form }: VisitFormProps) {
	return (
		<>
			<Field
				name="name"
				label={t('visitor.name')}
				value={form.name}
				error={form.errors.name}
				maxLength={longestOf('name')}
				autocomplete="off"
				required
				autofocus
			/>
			<div class="field">
				<Field
					name="host"
					label={t('visitor.host')}
					hint={t('visitor.hostHint')}
					value={form.host}
					error={form.errors.host}
					maxLength={longestOf('host')}
					autocomplete="off"
				/>
				{form.hosts.length > 0 && (
					<div class="options">
						{form.hosts.map(({ id, kind, name, carries }) => (
							<label class="option">
								<input type="radio" name="hostId" value={id} />
								<Icon name={kind === 'person' ? 'person' : 'shield'} size="small" />
								<span>
									<Untrusted ui={ui} text={name} />
									{carries[0] !== undefined && (
										<span class="muted">
											{' · '}
											<Untrusted ui={ui} text={carries[0].text} />
										</span>
									)}
								</span>
							</label>
						))}
					</div>
				)}
			</div>
		</>
	);
}

function ByWhat({ ui: { t }, ui, form, decision }: VisitFormProps) {
	return (
		<fieldset class="visit-form__by">
			<legend class="field__label">{t('visitor.by')}</legend>
			<div class="options">
				{VISIT_KINDS.map((kind) => (
					<label class="option">
						<input type="radio" name="kind" value={kind} checked={kind === form.kind} />
						<Icon name={CREDENTIAL_ICONS[kind]} size="small" />
						<span>{t(`visitor.kind.${kind}`)}</span>
					</label>
				))}
			</div>
			<input type="hidden" name="label" id="label" value={form.label} />
			<p class="field__hint visit-form__qr">{t('visitor.qrHint')}</p>
			<div class="visit-form__value">
				<Field
					name="value"
					label={t('visitor.value')}
					value={form.value}
					error={form.errors.value}
					maxLength={longestOf('value')}
					autocomplete="off"
					spellcheck={false}
				>
					<PresentTag ui={ui} field="value" labelField="label" back={newVisitorHref()} />
				</Field>
				<p class="field__hint visit-form__plate">{t('visitor.value.plateHint')}</p>
				<p class="field__hint visit-form__tag">{t('visitor.value.tagHint')}</p>
				{decision !== undefined && form.value !== '' && (
					<p class="field__hint">
						{t('visitor.fromRead', { lane: decision.laneName, time: ui.formats.moment(decision.atMs) })}
					</p>
				)}
			</div>
		</fieldset>
	);
}

function HowLong({ ui: { t }, form }: VisitFormProps) {
	return (
		<fieldset class="visit-form__times">
			<legend class="field__label">{t('visitor.validity')}</legend>
			<Field name="from" type="datetime-local" label={t('visitor.from')} value={form.from} error={form.errors.from} />
			<Field name="to" type="datetime-local" label={t('visitor.to')} value={form.to} error={form.errors.to} required />
		</fieldset>
	);
}

function Kind({ ui, form, specifications }: VisitFormProps) {
	const { t } = ui;
	const [only, ...others] = specifications;
	if (only === undefined) return null;
	if (others.length === 0) {
		return (
			<p class="field__hint">
				<strong>
					<Untrusted ui={ui} text={only.name} />
				</strong>
				{` · ${allowedWords(ui, only)}`}
			</p>
		);
	}
	return (
		<fieldset class="field">
			<legend class="field__label">{t('visitor.specification')}</legend>
			<div class="options">
				{specifications.map((specification) => (
					<label class="option">
						<input
							type="radio"
							name="specification"
							value={specification.id}
							checked={specification.id === form.specification}
							required
						/>
						<span class="visit-form__kind">
							<Untrusted ui={ui} text={specification.name} />
							<span class="muted">{allowedWords(ui, specification)}</span>
						</span>
					</label>
				))}
			</div>
			<FieldError id="specification-error" error={form.errors.specification} />
		</fieldset>
	);
}

function More({ ui: { t }, form }: VisitFormProps) {
	const { errors } = form;
	const isOpen = [form.email, form.phone, form.note].some((text) => text !== '');
	return (
		<>
			<fieldset class="field">
				<legend class="field__label">{t('visitor.language')}</legend>
				<div class="segments visit-form__languages">
					{LANGUAGES.map((language) => (
						<label class="segment" lang={language}>
							<input type="radio" name="language" value={language} checked={language === form.language} />
							<span>{LANGUAGE_NAMES[language]}</span>
						</label>
					))}
				</div>
			</fieldset>
			<details class="visit-form__more" open={isOpen}>
				<summary class="filters__toggle">{t('visitor.more')}</summary>
				<div class="visit-form__fields">
					<Field
						name="email"
						type="email"
						label={t('visitor.email')}
						value={form.email}
						error={errors.email}
						maxLength={longestOf('email')}
						autocomplete="off"
					/>
					<Field
						name="phone"
						label={t('visitor.phone')}
						value={form.phone}
						error={errors.phone}
						maxLength={longestOf('phone')}
						autocomplete="off"
					/>
					<Field
						name="note"
						label={t('visitor.note')}
						value={form.note}
						error={errors.note}
						maxLength={longestOf('note')}
						autocomplete="off"
					/>
				</div>
			</details>
		</>
	);
}
