import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import type { Ui } from '../../ui.ts';
import { type ExplainQuestion, WHO_KINDS, WHO_LENGTH } from './explain-question.ts';

/** A plain form; with scripts it also answers while one types. */
export function ExplainForm({ ui, question }: { ui: Ui; question: ExplainQuestion }) {
	const { t } = ui;
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
				hx-sync="this:replace"
				hx-trigger="input changed delay:400ms from:#q, change, submit"
			>
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
				<LaneChoice ui={ui} question={question} />
				<Field
					name="at"
					type="datetime-local"
					label={t('explain.at')}
					hint={t('explain.atHint')}
					value={question.at}
					error={question.errors.at}
				/>
				{ui.site.lanes.some(({ kind }) => kind === 'reversible') && <Direction ui={ui} question={question} />}
				<div class="explain-form__actions">
					<button class="button button--primary" type="submit">
						{t('explain.ask')}
					</button>
				</div>
			</form>
		</search>
	);
}

function LaneChoice({ ui, question }: { ui: Ui; question: ExplainQuestion }) {
	return (
		<div class="field">
			<label class="field__label" for="lane">
				{ui.t('decision.lane')}
			</label>
			<div class="field__frame field__frame--select">
				<select class="field__input" id="lane" name="lane">
					{ui.site.lanes.map(({ id, name }) => (
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
