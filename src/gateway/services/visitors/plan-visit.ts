import { codeName } from '../../core/directory/code-text.ts';
import { VISITOR_TAG } from '../../core/directory/holders.ts';
import { foldText } from '../../core/fold-text.ts';
import { normalisePlate } from '../../core/plate.ts';
import { parseTag } from '../../core/tag.ts';
import type { DirectoryChange } from '../directory/directory-edits.ts';
import { isVisitor, timeState, type VisitSpecification } from './visit.ts';
import { endProblem, problemOf, type VisitProblem, type VisitRequest } from './visit-request.ts';
import type { VisitorsDeps } from './visitors-deps.ts';

export interface PlannedVisit {
	/** Of the right that will be it. */
	readonly visitId: string;
	/** Holder, credential, right. */
	readonly changes: readonly DirectoryChange[];
	/** What of the request each change stands for. */
	readonly fields: readonly VisitProblem['field'][];
}

interface PlanDeps extends Pick<VisitorsDeps, 'directory' | 'clock' | 'newId' | 'randomBytes'> {
	readonly specifications: readonly VisitSpecification[];
}

type Refusal = { readonly problems: readonly VisitProblem[] };
type Given = { readonly kind: 'plate' | 'tag' | 'qr' | 'pin'; readonly value: string; readonly label: string | null };

/** The rows that a visit comes to, or all that is wrong with it. */
export function planVisit(deps: PlanDeps, request: VisitRequest): PlannedVisit | Refusal {
	return deps.directory.read(() => {
		const specification = chooseSpecification(deps.specifications, request.specificationId);
		const given = giveCredential(deps, request.credential);
		const problems = [specification, given, endProblem(request, deps.clock.nowMs())].filter(isProblem);
		if (problems.length > 0 || isProblem(specification) || isProblem(given)) return { problems };
		const carried = whoCarries(deps, given, request.name);
		if (isProblem(carried)) return { problems: [carried] };
		const { visitId, holderId, changes } = peopleChanges(deps, request, given, carried);
		const { validFromMs, validToMs } = request;
		const right = { id: visitId, holderId, specificationId: specification.id, state: 'active' };
		const grant = { op: 'create', table: 'assignedRights', row: { ...right, validFromMs, validToMs } } as const;
		return { visitId, changes: [...changes, grant], fields: [null, 'credential', 'validToMs'] };
	});
}

/** Somebody new, or who was here before; with the credential that is theirs from now on. */
function peopleChanges(
	{ newId }: PlanDeps,
	request: VisitRequest,
	{ kind, value, label }: Given,
	carried: Carried | undefined,
): { visitId: string; holderId: string; changes: readonly DirectoryChange[] } {
	const { email = null, phone = null, language = null, hostId = null, note = null } = request;
	const person = { name: request.name.trim(), email, phone, language, hostId, note };
	if (carried?.isSamePerson === true) {
		const { holderId, credentialId } = carried;
		const changes: readonly DirectoryChange[] = [
			{ op: 'update', table: 'holders', key: holderId, fields: person },
			{ op: 'update', table: 'credentials', key: credentialId, fields: { label } },
		];
		return { visitId: newId(), holderId, changes };
	}
	const holderId = newId();
	const holder = { id: holderId, kind: 'person', status: 'active', tags: [VISITOR_TAG], ...person };
	const credential: DirectoryChange =
		carried === undefined
			? {
					op: 'create',
					table: 'credentials',
					row: { holderId, kind, value, label, state: 'active', validFromMs: null, validToMs: null },
				}
			: { op: 'update', table: 'credentials', key: carried.credentialId, fields: { holderId, label } };
	return { visitId: newId(), holderId, changes: [{ op: 'create', table: 'holders', row: holder }, credential] };
}

function chooseSpecification(
	specifications: readonly VisitSpecification[],
	id: string | undefined,
): VisitSpecification | VisitProblem {
	const [only, ...others] = specifications;
	if (only === undefined) {
		return problemOf('specificationId', 'noSpecification', 'the site has no right specification of strategy visitor');
	}
	if (id === undefined) {
		if (others.length === 0) return only;
		return problemOf('specificationId', 'chooseSpecification', 'there are several kinds of visit; name one');
	}
	return (
		specifications.find((specification) => specification.id === id) ??
		problemOf('specificationId', 'unknownSpecification', 'there is no such kind of visit')
	);
}

/** 128 random bits: not to be guessed at any number of readers. */
const QR_BYTES = 16;
const PIN_DIGITS = 6;
/** PINs that are tried until one is free. */
const PIN_TRIES = 20;

/** As it will be matched. Values of QR codes and PINs never stand in a label: labels are what lists and logs show. */
function giveCredential(deps: PlanDeps, credential: VisitRequest['credential']): Given | VisitProblem {
	switch (credential.kind) {
		case 'plate': {
			const { value: text, label = null } = credential;
			const value = normalisePlate(text);
			if (value === undefined) return problemOf('credential', 'invalidPlate', 'is no number plate');
			return { kind: 'plate', value, label: label ?? text.trim() };
		}
		case 'tag': {
			const { value: text, label = null } = credential;
			const value = parseTag(text);
			return value === undefined
				? problemOf('credential', 'invalidTag', 'is no tag')
				: { kind: 'tag', value, label: label === '' ? null : label };
		}
		case 'qr': {
			const value = Buffer.from(deps.randomBytes(QR_BYTES)).toString('base64url');
			return { kind: 'qr', value, label: codeName('qr', value) };
		}
		case 'pin': {
			for (let turn = 0; turn < PIN_TRIES; turn += 1) {
				const value = randomPin(deps.randomBytes);
				if (deps.directory.credential('pin', value) === undefined) return { kind: 'pin', value, label: null };
			}
			return problemOf('credential', 'conflict', 'no PIN is free');
		}
	}
}

function randomPin(randomBytes: PlanDeps['randomBytes']): string {
	const [a = 0, b = 0, c = 0, d = 0] = randomBytes(4);
	const number = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
	// The bias of a remainder of 2^32 by 10^6 is a quarter of a thousandth.
	return String(number % 10 ** PIN_DIGITS).padStart(PIN_DIGITS, '0');
}

interface Carried {
	readonly credentialId: string;
	readonly holderId: string;
	/** By the name they gave. */
	readonly isSamePerson: boolean;
}

/** Who came by this credential before. A hired car brings another visitor: its plate goes over to them. */
function whoCarries(
	{ directory, clock }: PlanDeps,
	{ kind, value }: Given,
	name: string,
): Carried | VisitProblem | undefined {
	const credential = directory.credential(kind, value);
	if (credential === undefined) return undefined;
	const holder = directory.row('holders', credential.holderId);
	if (holder !== undefined && !isVisitor(holder)) {
		const detail = { holderId: holder.id, name: holder.name };
		return problemOf('credential', 'belongsToHolder', `belongs to ${holder.name}, who is no visitor`, detail);
	}
	if (credential.state !== 'active' || (holder !== undefined && holder.status !== 'active')) {
		return problemOf('credential', 'notUsable', 'was blocked, or reported lost or stolen');
	}
	const nowMs = clock.nowMs();
	const running = directory
		.rightsOf(credential.holderId)
		.find(({ right }) => timeState(right.validFromMs, right.validToMs, nowMs) !== 'over');
	if (running !== undefined) {
		const detail = { visitId: running.right.id, name: holder?.name ?? '' };
		return problemOf('credential', 'alreadyVisiting', 'has a visit that is not over', detail);
	}
	const isSamePerson = holder !== undefined && foldText(holder.name) === foldText(name);
	return { credentialId: credential.id, holderId: credential.holderId, isSamePerson };
}

function isProblem(value: object | undefined): value is VisitProblem {
	return value !== undefined && 'problem' in value;
}
