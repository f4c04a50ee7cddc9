/** Bounds of what central may ask of a site, and of its configuration; part of LIMITS. */
export const COMMAND_LIMITS = {
	/** A command of central acts this long after the site asked for its confirmation, never later (SYNC.md, commands). */
	commandNonceMs: 3_000,
	/** Commands that wait for their confirmation; more is a storm. */
	commandsWaiting: 16,
	/** Ids of commands remembered, so that none acts twice. */
	commandsKept: 10_000,
	/** Commands whose result central may not have heard: more are not told again. */
	commandsUntold: 100,
	/** A report goes in parts that every broker takes, together at most the text of a configuration twice over. */
	reportParts: 64,
	reportPartLength: 4_096,
	reportLength: 262_144,
	/** Text of a proposed configuration: the largest sites need two thirds of it, and parsing it takes a tenth of a second, on a thread of its own. */
	proposedConfigLength: 65_536,
	/** Versions of the configuration kept beside gateway.yaml, and what is remembered of them. */
	configurationVersions: 20,
	configurationEvents: 200,
	/** How long a configuration may be on trial before it is kept or reverted. */
	trialMinimumMs: 30_000,
	trialMaximumMs: 3_600_000,
	/** While one is on trial it is looked at this often; not being ready for this long ends it. */
	trialLookMs: 1_000,
	trialUnreadyMs: 15_000,
	/** A revert waits this long for vehicles under way, as they are disturbed by every new start. */
	trialQuietMs: 30_000,
	/** Lines of warnings and errors kept in memory for diagnostics, and the longest of them. */
	recentProblems: 50,
	recentProblemLength: 1_000,
} as const;
