import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Pill } from '../../components/status.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { type Answers, limitWords, type Proposal, QUESTIONS, type Question } from './questions.ts';
import { QUESTIONS_PATH, START_PATH } from './start-page.tsx';

interface QuestionsProps {
	readonly ui: Ui;
	readonly answers: Answers;
	/** undefined: not asked for yet. `exists`: a kind of this name and strategy is there. */
	readonly proposals: readonly (Proposal & { readonly exists: boolean })[] | undefined;
	readonly problems: readonly string[];
}

/** Four questions whose answers propose kinds of right; they are made only when somebody who saw them says so. */
export function QuestionsPage(props: QuestionsProps) {
	const { ui, answers, proposals } = props;
	const { t } = ui;
	return (
		<Page ui={ui} title={t('start.questions')} back={{ href: START_PATH, label: t('start.title') }}>
			<div class="start-questions">
				<form class="card questions" method="get" action={QUESTIONS_PATH}>
					<p>{t('start.questionsHint')}</p>
					{(Object.keys(QUESTIONS) as Question[]).map((question) => (
						<Choice ui={ui} question={question} answer={answers[question]} />
					))}
					<button
						class={proposals === undefined ? 'button button--primary' : 'button'}
						type="submit"
						name="propose"
						value="yes"
					>
						{t('start.propose')}
					</button>
				</form>
				{proposals !== undefined && <Proposals {...props} proposals={proposals} />}
			</div>
		</Page>
	);
}

function Choice({ ui: { t }, question, answer }: { ui: Ui; question: Question; answer: string }) {
	const words = {
		spots: { no: 'start.spots.no', first: 'start.spots.first', book: 'start.spots.book' },
		staff: { no: 'start.staff.no', yes: 'start.staff.yes' },
		pay: { no: 'start.pay.no', uses: 'start.pay.uses', credits: 'start.pay.credits' },
		visitors: { no: 'start.visitors.no', yes: 'start.visitors.yes' },
	} as const;
	return (
		<fieldset class="field">
			<legend class="field__label">{t(`start.${question}`)}</legend>
			<div class="options">
				{Object.entries(words[question]).map(([value, label]) => (
					<label class="option">
						<input type="radio" name={question} value={value} checked={value === answer} />
						<span>{t(label)}</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}

function Proposals({
	ui,
	answers,
	proposals,
	problems,
}: QuestionsProps & { proposals: NonNullable<QuestionsProps['proposals']> }) {
	const { t } = ui;
	const isNew = proposals.some(({ exists }) => !exists);
	return (
		<form class="card questions" method="post" action={QUESTIONS_PATH} id="proposal">
			<CsrfField ui={ui} />
			{Object.entries(answers).map(([question, answer]) => (
				<input type="hidden" name={question} value={answer} />
			))}
			<h2 class="card__title">{t(isNew ? 'start.proposal' : 'start.nothing')}</h2>
			{problems.length > 0 && (
				<Notice tone="bad" title={t('booking.refused')} announce>
					{problems.map((problem) => (
						<p>{problem}</p>
					))}
				</Notice>
			)}
			<ul class="proposals">
				{proposals.map((proposal) => (
					<li class="proposal">
						<span class="start__words">
							<strong>{proposal.name}</strong>
							<span class="muted">
								{[
									ui.directory.choice('rightSpecifications', 'strategy', proposal.strategy).label,
									limitWords(ui, proposal),
								]
									.filter((words) => words !== undefined)
									.join(' · ')}
							</span>
						</span>
						{proposal.exists && (
							<Pill tone="quiet" icon="check">
								{t('start.exists')}
							</Pill>
						)}
					</li>
				))}
			</ul>
			{isNew && (
				<>
					<p class="muted">{t('start.proposalHint')}</p>
					<div class="dialog__actions">
						<a class="button button--quiet" href={START_PATH}>
							{t('app.cancel')}
						</a>
						<button class="button button--primary" type="submit">
							<Icon name="check" />
							{t('start.create')}
						</button>
					</div>
				</>
			)}
		</form>
	);
}
