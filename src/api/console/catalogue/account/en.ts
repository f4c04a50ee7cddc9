/** One's own account. */
export const accountEn = {
	'account.details': 'My details',
	'account.phone': 'Phone',
	'account.timeFormat': 'Times are written',
	'account.timeFormat.24h': '14:30',
	'account.timeFormat.12h': '2:30pm',
	'account.changed': 'Your account was changed meanwhile. Look at it again, then change it.',
	'account.logins': 'Where I am signed in',
	'account.loginsHint': 'A login you do not know? End it, then change your password.',
	'account.loginFrom': 'From {address}',
	'account.loginSince': 'Since {since}, last used {used}.',
	'account.loginHere': 'This one',
	'account.endLogin': 'End',
	'account.endOthers': 'End all others',
	'operators.refused.holderTaken': 'This person signs in by another operator already. A person has one login.',
	'account.picture': 'My picture',
	'account.pictureFile': 'Another picture',
	'account.pictureHint':
		'JPEG or PNG, up to {megabytes} MB. Its middle is kept as a small square, and nothing else of the file.',
	'account.pictureSet': 'Use it',
	'account.pictureRemove': 'Take it away',
	'account.password': 'Password',
} as const;
