/** Bounds of groups of operators and of what is done to many operators at once; see `LIMITS`. */
export const GROUP_LIMITS = {
	/** Ten times the groups of the largest chart we know of would not be administered by people. */
	operatorGroups: 10_000,
	/** Levels of the tree, the uppermost counted: deeper charts are drawn wrong, and every level is read for its members. */
	operatorGroupDepth: 20,
	/** Roles, permissions and denials of one group; and permissions given to one operator by themselves. */
	operatorGroupRules: 500,
	/** A record takes up to ten, so some fifty records one by one; more are a group or a scheme. */
	operatorPermissions: 500,
	/** Operators and groups that one record is given to, as its page lists them. */
	recordGrants: 200,
	operatorGroupTags: 20,
	/** Groups that one operator is in. */
	groupsOfOperator: 50,
	/** Members who are looked at one by one before somebody who is no administrator changes a group. */
	groupMembersChecked: 200,
	/** Operators changed by one request: each takes some statements, and the lanes wait for its commit. */
	operatorsTogether: 100,
	/** Looking at the pages as somebody else ends by itself: long enough for one question, too short to be forgotten. */
	viewAsAnotherMs: 900_000,
	viewsAsAnother: 200,
	/** Operators whose rules are kept in memory: more are not signed in at once on a site. */
	accessesKept: 2_000,
	/** Lines of the audit counted into days in one transaction: a few ms between the lanes' own. */
	activitySlice: 500,
	/** What operators did by day is kept for the yearly review and a month more (docs/privacy.md). */
	activityKeptMs: 400 * 86_400_000,
	/** Longest period of one report, days. */
	activityDays: 400,
	/** Logins whose last way through the console is known. */
	waysKept: 5_000,
	/** Things done that a live page is told of at once; of more it fetches the last ones. */
	activityTold: 50,
	/** Widgets of a dashboard: there are fewer kinds. */
	dashboardWidgets: 30,
} as const;
