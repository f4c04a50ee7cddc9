import {
	browserSupportsWebAuthn,
	type PublicKeyCredentialCreationOptionsJSON,
	type PublicKeyCredentialRequestOptionsJSON,
	startAuthentication,
	startRegistration,
} from '@simplewebauthn/browser';

/** Forms that a passkey fills: what it says goes into their field `response`, and they are sent as any form is. */

if (browserSupportsWebAuthn()) {
	for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
		form.hidden = false;
		form.addEventListener('submit', (event) => {
			event.preventDefault();
			void fill(form);
		});
	}
}
for (const text of document.querySelectorAll<HTMLElement>('[data-without-passkeys]')) {
	text.hidden = browserSupportsWebAuthn();
}

async function fill(form: HTMLFormElement): Promise<void> {
	const field = form.querySelector<HTMLInputElement>('input[name=response]');
	const problem = form.querySelector<HTMLElement>('[data-passkey-problem]');
	const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
	if (field === null || problem === null || button === null) return;
	problem.hidden = true;
	button.disabled = true;
	try {
		field.value = JSON.stringify(await ask(form.dataset));
		// Does not ask again: it is no event.
		form.submit();
	} catch {
		// The person said no, or took too long, or has no passkey here: browsers do not tell which.
		problem.hidden = false;
		button.disabled = false;
	}
}

async function ask({ passkey, options, step }: DOMStringMap): Promise<unknown> {
	if (passkey === 'make') {
		const optionsJSON: PublicKeyCredentialCreationOptionsJSON = JSON.parse(options ?? '');
		return startRegistration({ optionsJSON });
	}
	const answer = await fetch('/api/v1/login/passkey/options', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(step === undefined ? {} : { step }),
	});
	if (!answer.ok) throw new Error(String(answer.status));
	const given: { options: PublicKeyCredentialRequestOptionsJSON } = await answer.json();
	return startAuthentication({ optionsJSON: given.options });
}
