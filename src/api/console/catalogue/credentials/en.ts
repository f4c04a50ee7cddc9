/** What operators sign in with, and lend to programs. */
export const credentialsOfOperatorsEn = {
	'tokens.title': 'API tokens',
	'tokens.hint':
		'A token lets a program do some of what you may do yourself, for a time. It makes no tokens, changes no passwords, and ends when you are deactivated.',
	'tokens.none': 'There are none.',
	'tokens.once': 'The token, shown this once. Give it to the program; nobody can look it up again.',
	'tokens.new': 'Make a token',
	'tokens.name': 'Name',
	'tokens.nameHint': 'Of the program: it stands in the journal beside yours.',
	'tokens.lasts': 'Lasts',
	'tokens.days': { one: '{count} day', other: '{count} days' },
	'tokens.permissions': 'What it may do, as long as you may',
	'tokens.make': 'Make the token',
	'tokens.revoke': 'Revoke',
	'tokens.ends': 'Ends on {at}.',
	'tokens.ended': 'Ended on {at}.',
	'tokens.neverUsed': 'Never used.',
	'tokens.used': 'Last used about {at}, from {from}.',
	'tokens.tooMany': 'You have as many tokens as an operator may have. Revoke one first.',
	'tokens.notActive': 'You were deactivated: this login goes on, but lends nothing.',
} as const;
