/** Bounds of passwords, logins, operators and their roles; see `LIMITS`. */
export const LOGIN_LIMITS = {
	/** NIST SP 800-63B asks for at least 64; longer ones cost hashing time. */
	passwordLength: 256,
	/** Shortest password; above the 8 of NIST SP 800-63B because there is no second factor. */
	passwordMinimum: 12,
	/** Argon2 takes a whole processor for about 50 ms: of the two of a small gateway one is left to the lanes. */
	passwordHashesAtOnce: 1,
	/** Sign-ins waiting for a hash, about 50 ms each; more are told to come back. */
	passwordHashesWaiting: 20,
	/** A login ends after this long unused, and after this long whatever happens (OWASP ASVS 7.3). */
	loginIdleMs: 1_800_000,
	loginAbsoluteMs: 43_200_000,
	/** How often the last use of a login is written; each write is an fsync. */
	loginTouchMs: 60_000,
	/** What a site may set these to. */
	loginIdleLeastMs: 300_000,
	loginIdleMostMs: 43_200_000,
	loginAbsoluteLeastMs: 900_000,
	loginAbsoluteMostMs: 7 * 86_400_000,
	/** A page that was silent for this long is closed: it tells that it is open every 20 s, in the background every minute. */
	pageSilentMs: 90_000,
	/** Logins whose last use is known to the second. */
	loginsWatched: 5_000,
	/** An invitation waits for somebody's holiday; a code for whoever forgot their password does not. */
	invitationMs: 14 * 86_400_000,
	passwordResetMs: 86_400_000,
	/** The code for another e-mail address: long enough to open the other mailbox; and how many one may ask for in an hour. */
	addressCodeMs: 3_600_000,
	addressCodesPerHour: 5,
	/** After a generated password was typed in, its owner chooses another within this time. */
	passwordChoiceMs: 900_000,
	/** Mails waiting to be sent, and settled ones that are remembered: more are not invited in an hour. */
	mailsWaiting: 200,
	mailStates: 1_000,
	/** Mails in one offer to central, and in its answer. */
	mailsOffered: 20,
	/** Longest link in a mail: the console's address and a code. */
	mailLinkLength: 1_000,
	/** Central takes what it asked for within this time, never later: a code may be used or replaced meanwhile. */
	mailLetterMs: 10_000,
	/** Mails that central has asked for or is sending: each is a connection to its mail server. */
	mailsAtOnce: 8,
	/** Mails of one site in an hour, through central: all operators of a large site invited in an afternoon. */
	mailsPerSiteHour: 100,
	/** A mail that central began longer ago than its mail server may be silent at every step has become of nobody knows what. */
	mailUnknownMs: 300_000,
	/** Central remembers that it sent a mail for longer than the code in it lasts. */
	mailsRememberedMs: 30 * 86_400_000,
	/** A mail server that is silent for this long is not there. */
	mailSilenceMs: 30_000,
	/** Waits between the tries of one mail: a server that greylists takes it after some minutes. */
	mailRetriesMs: [10_000, 60_000, 300_000, 900_000],
	/** Digits that an authenticator shows are good for their own half minute and the ones beside it (RFC 6238, 5.2). */
	totpPeriodS: 30,
	totpWindow: 1,
	recoveryCodes: 10,
	/** Between the password and the code: long enough to look for the phone, or to set one up. */
	loginStepMs: 600_000,
	/** Wrong codes after which the password is asked for again. */
	loginStepTries: 5,
	/** Logins that wait for their code, and authenticators being set up; the oldest make place. */
	loginSteps: 1_000,
	/** Passkeys of one operator: phone, laptop, a key at the belt and one in the safe, and new ones of each. */
	passkeysOfOperator: 10,
	passkeyNameChars: 100,
	/** What a passkey signs is good for this long: browsers ask people for some minutes. */
	passkeyChallengeMs: 300_000,
	/** Signed challenges remembered until they are too old to be sent again; past them nobody signs in by passkey for that long. */
	passkeyChallengesUsed: 10_000,
	/** A credential id has at most 1,023 bytes (Web Authentication Level 3, 4); what browsers say of one, and of a new one without its maker's certificates. */
	passkeyIdChars: 1_364,
	passkeyPartChars: 2_000,
	passkeyAttestationChars: 8_000,
	/** An API token lasts this long unless asked otherwise, and this long at most: what nobody renews is forgotten somewhere. */
	apiTokenMs: 90 * 86_400_000,
	apiTokenMostMs: 366 * 86_400_000,
	/** API tokens of one operator: one for each program, not one for each run of it. */
	apiTokensOfOperator: 20,
	/** How often the last use of an API token is written; each write is an fsync. */
	apiTokenTouchMs: 3_600_000,
	/** Changing requests of API tokens journalled by name per hour; more are counted, and what they changed is journalled anyway. */
	apiTokenActsPerHour: 1_200,
	/** Operators of a site, own roles, and roles and denials of one operator: more are not administered by people. */
	operators: 100_000,
	ownRoles: 200,
	operatorRoles: 100,
	operatorDenials: 200,
	/** Addresses that a menu leaves out: the console has fewer. */
	hiddenMenus: 100,
	/** Seats that changed hands and are still told of: some years of a shift that shares them; the journal has all. */
	seatSwapsKept: 200,
	/** A claim code that was printed and forgotten is worth nothing after this long. */
	claimCodeMs: 3_600_000,
	/** Failed tries of one account or address that cost nothing, and the longest wait between later ones. */
	loginFreeTries: 5,
	loginBackOffMs: 900_000,
	/** Longest wait of an account under attack from elsewhere: its owner must get in between the tries. */
	accountBackOffMs: 60_000,
	/** Failures are forgotten after this long without a new one. */
	loginFailuresForgottenMs: 3_600_000,
	/** Accounts and addresses whose failures are remembered; the oldest are forgotten. */
	loginFailuresKept: 5_000,
	/** Refused sign-ins journalled one by one per hour; more are counted: audit rows are never dropped and must not fill the disk. */
	loginRefusalsPerHour: 120,
	/** Requests that were not permitted, told in the log one by one per hour; more are counted: a program gone wrong asks each second. */
	refusedRequestsPerHour: 600,
} as const;
