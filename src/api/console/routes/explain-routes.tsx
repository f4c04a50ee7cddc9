import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { Access } from '../../../gateway/core/permission/access.ts';
import type { Lane } from '../../../gateway/core/site.ts';
import { asksAbout, lanesAskedOf, seenWhatIf } from '../../../gateway/services/decisions/seen-what-if.ts';
import type { WhatIfQuestion } from '../../../gateway/services/decisions/what-if.ts';
import type { HolderHit } from '../../../gateway/services/directory/find-holders.ts';
import { type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ExplainAnswer, ExplainPage, type ExplainResult } from '../pages/explain/explain-page.tsx';
import {
	type ExplainQuestion,
	HOLDERS_SHOWN,
	parseExplainQuestion,
	whatIfQuestion,
} from '../pages/explain/explain-question.ts';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import { seenBy } from '../seen-by.ts';
import type { CreateUi, Ui } from '../ui.ts';

/** Questions about access: they open and write nothing, and every address asks the same question again. */
export function addExplainRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.get('/explain', requirePermission({ inParts: 'decisions:check' }), (c) => {
		const ui = createUi(c);
		const seen = askedBy(requireLogin(c).access, deps);
		const lanes = lanesAskedOf(requireLogin(c).access, deps.site.lanes);
		const asked = parseExplainQuestion(c.req.query(), { ...ui, lanes });
		const result = answerOf(seenBy(ui, seen), asked);
		const question = result.result === 'wrong' ? { ...asked, errors: errorsOf(ui, asked) } : asked;
		const props = { ui, lanes, question, result, isClockTrusted: deps.clockTrust() !== 'untrusted' };
		return asksForPart(c)
			? renderPart(c, ui, <ExplainAnswer {...props} />)
			: renderPage(c, ui, <ExplainPage {...props} />);
	});
}

/** What they may ask, and of whom: nobody else is found. */
function askedBy(access: Access, deps: ConsoleDeps): ConsoleDeps {
	const { people, rowLook } = deps;
	if (access.may('decisions:check')) return deps;
	const look = rowLook();
	const isAsked = ({ id }: HolderHit) => asksAbout(access, id, look);
	return {
		...deps,
		whatIf: seenWhatIf(deps.whatIf, deps, access),
		people: {
			...people,
			find: (text, limit) => people.find(text, FOUND_OF_ALL).filter(isAsked).slice(0, limit),
			holder(holderId) {
				const hit = people.holder(holderId);
				return hit && isAsked(hit) ? hit : undefined;
			},
		},
	};
}

/** Looked through for those whom the reader may ask about. */
const FOUND_OF_ALL = 200;

function answerOf(deps: ConsoleDeps, question: ExplainQuestion): ExplainResult {
	const { people } = deps;
	const { lane, kind, q } = question;
	if (lane === undefined) return { result: 'noLane' };
	if (question.errors.at !== undefined) return { result: 'wrong' };
	if (question.holder !== '') return ofHolder(deps, question, lane, question.holder);
	if (q === '') return { result: 'notAsked' };
	if (kind !== 'holder') return check(deps, question, lane, { kind, value: q });
	const holders = people.find(q, HOLDERS_SHOWN);
	const [only] = holders.length === 1 ? holders : [];
	return only === undefined ? { result: 'choose', holders } : ofHolder(deps, question, lane, only.id);
}

function ofHolder(deps: ConsoleDeps, question: ExplainQuestion, lane: Lane, holderId: string): ExplainResult {
	const holder = deps.people.holder(holderId);
	if (holder === undefined) return { result: 'unknownHolder' };
	if (holder.carries.length === 0) return { result: 'nothingCarried', holder };
	return check(deps, question, lane, { kind: 'holder', holderId });
}

/** Text that is no tag or plate is the asker's to mend. */
function check(
	{ whatIf, people }: ConsoleDeps,
	question: ExplainQuestion,
	lane: Lane,
	who: WhatIfQuestion['who'],
): ExplainResult {
	try {
		const answer = whatIf.check(whatIfQuestion(question, lane, who));
		const { holderId } = answer.decision;
		return { result: 'answered', answer, holder: holderId === null ? undefined : people.holder(holderId) };
	} catch (error) {
		if (error instanceof GatewayError && error.code === 'INVALID_REQUEST') return { result: 'wrong' };
		// At a lane that is theirs only with some people.
		if (error instanceof GatewayError && error.code === 'NOT_FOUND') return { result: 'unknownHolder' };
		throw error;
	}
}

function errorsOf({ t }: Ui, { errors, kind }: ExplainQuestion): ExplainQuestion['errors'] {
	if (errors.at !== undefined) return errors;
	return { q: t(kind === 'tag' ? 'explain.badTag' : 'explain.badPlate') };
}
