import type { JournalEntry } from '../journal.ts';
import type { Module } from '../permission/modules.ts';

/** What a line of the audit is about, and the part of the console it belongs to. Tables of the directory are kinds of their own. */
const KINDS = {
	lanes: 'operations',
	decisions: 'operations',
	occupancy: 'operations',
	stays: 'operations',
	evidence: 'ground',
	handOvers: 'ground',
	interventions: 'ground',
	holders: 'access',
	credentials: 'access',
	groups: 'access',
	pools: 'access',
	assignedRights: 'access',
	plannedUses: 'access',
	campaigns: 'access',
	leads: 'access',
	privacy: 'access',
	rightSpecifications: 'rules',
	bundles: 'rules',
	schedules: 'rules',
	operators: 'system',
	operatorGroups: 'system',
	roles: 'system',
	logins: 'system',
	apiTokens: 'system',
	settings: 'system',
	configuration: 'system',
	devices: 'system',
	licences: 'system',
	licenceDocuments: 'system',
	imports: 'system',
	exports: 'system',
	clock: 'system',
	sync: 'system',
	retention: 'system',
	backups: 'system',
	other: 'system',
} as const satisfies Readonly<Record<string, Module>>;

export type AuditKind = keyof typeof KINDS;

export const AUDIT_KINDS = Object.keys(KINDS) as readonly AuditKind[];

/** What was done: the word that lines begin with. */
export const AUDIT_VERBS = [
	...(['added', 'changed', 'removed', 'activated', 'deactivated', 'viewed', 'exported', 'imported', 'done'] as const),
	...(['refused', 'signedIn', 'signedOut', 'ended', 'reset', 'used', 'cloned', 'joined', 'left', 'undone'] as const),
	...(['signed', 'opened', 'sent', 'erased', 'held', 'released', 'told'] as const),
] as const;

export type AuditVerb = (typeof AUDIT_VERBS)[number];

type Said = readonly [AuditKind, AuditVerb];

const ACTIONS: Readonly<Record<string, Said>> = {
	// Signing in
	login: ['logins', 'signedIn'],
	logout: ['logins', 'signedOut'],
	loginRefused: ['logins', 'refused'],
	loginTakenOver: ['logins', 'ended'],
	loginClosed: ['logins', 'ended'],
	loginsEnded: ['logins', 'ended'],
	claim: ['operators', 'activated'],
	claimRefused: ['logins', 'refused'],
	activated: ['operators', 'activated'],
	activationRefused: ['logins', 'refused'],
	oneTimePasswordUsed: ['logins', 'used'],
	passwordChanged: ['operators', 'changed'],
	passwordReset: ['operators', 'reset'],
	secondFactorSet: ['operators', 'changed'],
	secondFactorRemoved: ['operators', 'changed'],
	secondFactorReset: ['operators', 'reset'],
	secondFactorRefused: ['logins', 'refused'],
	recoveryCodesMade: ['operators', 'changed'],
	passkeyMade: ['operators', 'changed'],
	passkeyRemoved: ['operators', 'changed'],
	passkeyRefused: ['logins', 'refused'],
	passkeyCountedBack: ['logins', 'told'],
	recoveryCodeUsed: ['logins', 'used'],
	viewAsBegan: ['operators', 'viewed'],
	viewAsEnded: ['operators', 'ended'],
	codeMailed: ['operators', 'sent'],
	codeNotMailed: ['operators', 'told'],
	// Operators
	operatorInvited: ['operators', 'added'],
	operatorChanged: ['operators', 'changed'],
	operatorRemoved: ['operators', 'removed'],
	operatorActivated: ['operators', 'activated'],
	operatorDeactivated: ['operators', 'deactivated'],
	operatorCloned: ['operators', 'cloned'],
	operatorLinked: ['operators', 'changed'],
	operatorOffboarded: ['operators', 'ended'],
	operatorOffboardingUndone: ['operators', 'undone'],
	seatSwapped: ['operators', 'changed'],
	kindGiven: ['operators', 'changed'],
	kindTaken: ['operators', 'changed'],
	dashboardChanged: ['operators', 'changed'],
	ownDetailsChanged: ['operators', 'changed'],
	ownPictureSet: ['operators', 'changed'],
	ownPictureRemoved: ['operators', 'changed'],
	ownAddressAsked: ['operators', 'told'],
	ownAddressChanged: ['operators', 'changed'],
	ownAddressKept: ['operators', 'undone'],
	addressCodeRefused: ['operators', 'refused'],
	operatorsImported: ['operators', 'imported'],
	operatorsImportUndone: ['operators', 'undone'],
	scimUserAdded: ['operators', 'added'],
	scimUserChanged: ['operators', 'changed'],
	scimUserRemoved: ['operators', 'removed'],
	scimGroupAdded: ['operatorGroups', 'added'],
	scimGroupChanged: ['operatorGroups', 'changed'],
	scimGroupRemoved: ['operatorGroups', 'removed'],
	operatorGroupAdded: ['operatorGroups', 'added'],
	operatorGroupChanged: ['operatorGroups', 'changed'],
	operatorGroupRemoved: ['operatorGroups', 'removed'],
	operatorGroupCloned: ['operatorGroups', 'cloned'],
	operatorGroupJoined: ['operators', 'joined'],
	operatorGroupLeft: ['operators', 'left'],
	roleAdded: ['roles', 'added'],
	roleChanged: ['roles', 'changed'],
	roleRemoved: ['roles', 'removed'],
	apiTokenMade: ['apiTokens', 'added'],
	apiTokenRevoked: ['apiTokens', 'removed'],
	apiTokensEnded: ['apiTokens', 'ended'],
	apiTokenUsed: ['apiTokens', 'used'],
	apiTokenRefused: ['apiTokens', 'refused'],
	loginRulesChanged: ['settings', 'changed'],
	ownAccessRulesChanged: ['settings', 'changed'],
	centralAccountRulesChanged: ['settings', 'changed'],
	// At the lanes
	vend: ['lanes', 'opened'],
	modeChanged: ['lanes', 'changed'],
	occupancyAdjusted: ['occupancy', 'changed'],
	presenceReset: ['occupancy', 'reset'],
	stayDurationChosen: ['stays', 'changed'],
	stayMoved: ['stays', 'changed'],
	stayMoveUndone: ['stays', 'undone'],
	readReviewed: ['decisions', 'changed'],
	readReviewUndone: ['decisions', 'undone'],
	'keypad.rests': ['devices', 'told'],
	'device.alarm': ['devices', 'told'],
	'keyWindow.opened': ['devices', 'opened'],
	'keyWindow.closed': ['devices', 'ended'],
	'keyWindow.ended': ['devices', 'ended'],
	'enrolment.opened': ['devices', 'opened'],
	'enrolment.read': ['devices', 'used'],
	clockConfirmed: ['clock', 'done'],
	// On the ground
	evidenceViewed: ['evidence', 'viewed'],
	evidenceBlurred: ['evidence', 'changed'],
	evidenceDeleted: ['evidence', 'removed'],
	evidenceHeld: ['evidence', 'held'],
	evidenceReleased: ['evidence', 'released'],
	handOverWritten: ['handOvers', 'added'],
	handOverSigned: ['handOvers', 'signed'],
	handOverRemoved: ['handOvers', 'removed'],
	interventionReported: ['interventions', 'added'],
	interventionChanged: ['interventions', 'changed'],
	interventionStatus: ['interventions', 'changed'],
	interventionComment: ['interventions', 'changed'],
	interventionPartAdded: ['interventions', 'changed'],
	interventionPartRemoved: ['interventions', 'changed'],
	interventionPhotoAdded: ['interventions', 'changed'],
	interventionPhotoRemoved: ['interventions', 'changed'],
	// People and what they have
	walletAdjusted: ['assignedRights', 'changed'],
	codeShown: ['credentials', 'viewed'],
	personViewed: ['holders', 'viewed'],
	personExported: ['holders', 'exported'],
	personErased: ['privacy', 'erased'],
	personErasureDone: ['privacy', 'erased'],
	retention: ['retention', 'done'],
	retentionHeld: ['retention', 'held'],
	retentionHoldEnded: ['retention', 'released'],
	campaignCreated: ['campaigns', 'added'],
	campaignChanged: ['campaigns', 'changed'],
	campaignRemoved: ['campaigns', 'removed'],
	leadCreated: ['leads', 'added'],
	leadChanged: ['leads', 'changed'],
	leadRemoved: ['leads', 'removed'],
	leadsEnded: ['leads', 'ended'],
	// The system
	configurationProposed: ['configuration', 'added'],
	configurationTried: ['configuration', 'used'],
	configurationKept: ['configuration', 'changed'],
	configurationReverted: ['configuration', 'undone'],
	configurationFileTookOver: ['configuration', 'changed'],
	licenceInstalled: ['licences', 'added'],
	licenceNotice: ['licences', 'told'],
	licenceDocumentRefused: ['licences', 'refused'],
	parkActivated: ['licences', 'activated'],
	parkDeactivated: ['licences', 'deactivated'],
	cameraActivated: ['licences', 'activated'],
	cameraDeactivated: ['licences', 'deactivated'],
	directoryImport: ['imports', 'imported'],
	importMappingAdded: ['imports', 'added'],
	importMappingChanged: ['imports', 'changed'],
	importMappingRemoved: ['imports', 'removed'],
	directoryExported: ['exports', 'exported'],
	decisionsExported: ['exports', 'exported'],
	chargesExported: ['exports', 'exported'],
	campaignsExported: ['exports', 'exported'],
	leadsExported: ['exports', 'exported'],
	licencesExported: ['exports', 'exported'],
	licenceHistoryExported: ['exports', 'exported'],
	auditExported: ['exports', 'exported'],
	activityExported: ['exports', 'exported'],
	remoteCommand: ['sync', 'done'],
	remoteCommandResult: ['sync', 'told'],
	gatewayEpoch: ['sync', 'told'],
	editRejected: ['sync', 'refused'],
	directoryRepaired: ['sync', 'done'],
	backupCreated: ['backups', 'done'],
	backupRestored: ['backups', 'done'],
};

/** Actions that have words of their own; a later version, and other programs, may write others. */
export const KNOWN_ACTIONS: readonly string[] = Object.keys(ACTIONS);

/** One line of the audit, as it is found again. */
export interface AuditedAction {
	readonly action: string;
	readonly kind: AuditKind;
	readonly verb: AuditVerb;
	/** null: the gateway itself, the command line, or nobody who is known. */
	readonly operatorId: string | null;
	/** What it was done to; of a row of the directory its key. */
	readonly target: string | null;
}

/** undefined: the entry is nothing that somebody did. */
export function auditedAction(entry: JournalEntry): AuditedAction | undefined {
	switch (entry.type) {
		case 'audit':
			return { ...said(entry.action), action: entry.action, operatorId: entry.operatorId, target: entry.target };
		case 'edit': {
			const { operatorId, table, key: target, before, after } = entry;
			const verb = before === null ? 'added' : after === null ? 'removed' : 'changed';
			const action = before === null ? 'rowCreated' : after === null ? 'rowDeleted' : 'rowChanged';
			return { action, kind: knownKind(table), verb, operatorId, target };
		}
		case 'vend':
			if (entry.operatorId === null || entry.outcome !== 'requested') return undefined;
			return { ...said('vend'), action: 'vend', operatorId: entry.operatorId, target: entry.laneId };
		case 'lane': {
			const { operator } = entry.detail;
			if (entry.event !== 'modeChanged' || typeof operator !== 'string') return undefined;
			return { ...said('modeChanged'), action: 'modeChanged', operatorId: operator, target: entry.laneId };
		}
		default:
			return undefined;
	}
}

export function isAuditKind(text: string): text is AuditKind {
	return Object.hasOwn(KINDS, text);
}

export function moduleOfKind(kind: AuditKind): Module {
	return KINDS[kind];
}

/** What an action is about and what was done, by its name alone. */
export function said(action: string): { readonly kind: AuditKind; readonly verb: AuditVerb } {
	const [kind, verb] = (Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined) ?? (['other', 'done'] as const);
	return { kind, verb };
}

function knownKind(text: string): AuditKind {
	return isAuditKind(text) ? text : 'other';
}
