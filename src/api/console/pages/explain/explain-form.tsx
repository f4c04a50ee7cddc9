import type { Site } from '../../../../gateway/core/site.ts';
import type { HolderHit } from '../../../../gateway/services/directory/find-holders.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { explainHref } from './explain-link.ts';
import { addressOf, type ExplainQuestion, WHO_KINDS, WHO_LENGTH } from './explain-question.ts';

/** A plain form; with scripts it also answers while one types. */
export function ExplainForm({
	ui,
	lanes,
	question,
	holder,
}: {
	ui: Ui;
	/** Those that may be asked about. */
	lanes: Site['lanes'];
	question: ExplainQuestion;
	/** Chosen already; undefined: typed, or not yet. */
	holder: HolderHit | undefined;
}) {
	const { t } = ui;
	const chosen = question.holder === '' ? undefined : holder;
	return (
		<search class="not-printed">
			<form
				class="explain-form card"
				id="explain-form"
				method="get"
				action="/explain"
				hx-get="/explain"
				hx-target="#explain-answer"
				hx-swap="outerHTML"
				hx-push-url="true"
				hx-sync="this:queue last"
				// Not `change` of the search field: see SEARCH_AGAIN in the log.
				hx-trigger="input changed delay:400ms from:#q, change from:select, change from:input[type=radio], change from:input[type=datetime-local], submit"
			>
				{chosen === undefined ? (
					<WhoFields ui={ui} question={question} />
				) : (
					<Chosen ui={ui} question={question} holder={chosen} />
				)}
				<LaneChoice ui={ui} lanes={lanes} question={question} />
				<Field
					name="at"
					type="datetime-local"
					label={t('explain.at')}
					hint={t('explain.atHint')}
					value={question.at}
					error={question.errors.at}
				/>
				{lanes.some(({ kind }) => kind === 'reversible') && <Direction ui={ui} question={question} />}
				<div class="explain-form__actions">
					<button class="button button--primary" type="submit">
						{t('explain.ask')}
					</button>
				</div>
			</form>
		</search>
	);
}

function WhoFields({ ui: { t }, question }: { ui: Ui; question: ExplainQuestion }) {
	return (
		<>
			<fieldset class="field explain-form__kind">
				<legend class="field__label">{t('explain.who')}</legend>
				<div class="segments">
					{WHO_KINDS.map((kind) => (
						<label class="segment">
							<input type="radio" name="kind" value={kind} checked={kind === question.kind} />
							<span>{t(`explain.kind.${kind}`)}</span>
						</label>
					))}
				</div>
			</fieldset>
			<div class="explain-form__q">
				<Field
					name="q"
					type="search"
					label={t('explain.q')}
					value={question.q}
					error={question.errors.q}
					autocomplete="off"
					maxLength={WHO_LENGTH}
					spellcheck={false}
					autofocus={question.q === '' && question.holder === ''}
				/>
			</div>
		</>
	);
}

/** Lane and time can be changed for somebody who was chosen. */
function Chosen({ ui, question, holder }: { ui: Ui; question: ExplainQuestion; holder: HolderHit }) {
	const { t } = ui;
	const other = { ...addressOf(question), holder: undefined };
	return (
		<div class="field explain-form__chosen">
			<span class="field__label">{t('explain.who')}</span>
			<input type="hidden" name="holder" value={holder.id} />
			<p class="chosen-holder">
				<Icon name={holder.kind === 'vehicle' ? 'car' : 'person'} />
				<strong>
					<Untrusted ui={ui} text={holder.name} />
				</strong>
				<a href={explainHref(other)}>{t('counting.reset.other')}</a>
			</p>
		</div>
	);
}

function LaneChoice({ ui, lanes, question }: { ui: Ui; lanes: Site['lanes']; question: ExplainQuestion }) {
	return (
		<div class="field">
			<label class="field__label" for="lane">
				{ui.t('decision.lane')}
			</label>
			<div class="field__frame field__frame--select">
				<select class="field__input" id="lane" name="lane">
					{lanes.map(({ id, name }) => (
						<option value={id} selected={id === question.lane?.id}>
							{name}
						</option>
					))}
				</select>
				<Icon name="chevron-down" size="small" />
			</div>
		</div>
	);
}

/** Of reversible lanes; others have one. */
function Direction({ ui, question }: { ui: Ui; question: ExplainQuestion }) {
	const { t } = ui;
	const lane = question.lane?.kind === 'reversible' ? question.lane : undefined;
	const [from, to] = [ui.areaName(lane?.from ?? 'outside'), ui.areaName(lane?.to ?? 'outside')];
	return (
		<div class="field">
			<label class="field__label" for="direction">
				{t('explain.direction')}
			</label>
			<div class="field__frame field__frame--select">
				<select class="field__input" id="direction" name="direction">
					<option value="forward" selected={question.direction === 'forward'}>
						{lane === undefined ? t('direction.entry') : t('lane.route', { from, to })}
					</option>
					<option value="back" selected={question.direction === 'back'}>
						{lane === undefined ? t('direction.exit') : t('lane.route', { from: to, to: from })}
					</option>
				</select>
				<Icon name="chevron-down" size="small" />
			</div>
		</div>
	);
}
