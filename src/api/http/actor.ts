import type { Actor } from '../../gateway/services/operators/operators-deps.ts';
import { type HttpContext, requireLogin } from './login-context.ts';

/** Who asks for a change of operators or roles, and how much they may do themselves. */
export function actorOf(c: HttpContext): Actor {
	const { operator, access } = requireLogin(c);
	return { operatorId: operator.id, access };
}
