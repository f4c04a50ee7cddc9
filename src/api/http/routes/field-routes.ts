import type { RowLook } from '../../../gateway/core/permission/row-place.ts';
import type { Site } from '../../../gateway/core/site.ts';
import type { FieldWork } from '../../../gateway/services/field/field-work.ts';
import type { PersonalViews } from '../../../gateway/services/privacy/personal-views.ts';
import type { Route } from '../define-route.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { logisticRoutes } from './logistic-routes.ts';
import { reviewRoutes } from './review-routes.ts';
import { scanRoutes } from './scan-routes.ts';

export interface FieldRoutesDeps {
	readonly fieldWork: FieldWork;
	readonly personalViews: PersonalViews;
	readonly presenter: Presenter;
	readonly viewOf: PersonalViewOf;
	readonly rowLook: () => RowLook;
	readonly site: Pick<Site, 'lanes' | 'areas'>;
}

/** The work on the ground: whose a tag is, where a vehicle stands, what a read in doubt was. */
export function fieldRoutes(deps: FieldRoutesDeps): readonly Route[] {
	return [...scanRoutes(deps), ...logisticRoutes(deps), ...reviewRoutes(deps)];
}
