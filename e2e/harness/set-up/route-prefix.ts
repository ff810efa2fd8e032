import { z } from "zod";
import { nameOf, parseManifests } from "../../clients/kube-objects.ts";
import { BadInputError } from "../../common/errors.ts";

const prefixed = z.looseObject({
	kind: z.enum(["Prometheus", "Alertmanager"]),
	spec: z.looseObject({ routePrefix: z.string() }),
});

/**
 * The claims ask Prometheus and Alertmanager at `/`, and so do the Loki and the Thanos of the test, which know nothing of
 * a homelab's `routePrefix`: every one would get 404.
 *
 * @param manifests what Helm rendered, as YAML
 * @throws BadInputError if Prometheus or Alertmanager serves its API below a path
 */
export function refuseRoutePrefix(manifests: string): void {
	const flaws = parseManifests(manifests).flatMap((object) => {
		const { success, data } = prefixed.safeParse(object);
		if (!success || /^\/*$/.test(data.spec.routePrefix)) return [];
		return [
			`${nameOf(object)} has routePrefix: ${data.spec.routePrefix}, and the test asks it at /: routePrefix: /, in a values file for the test, leaves everything else as it is`,
		];
	});
	if (flaws.length > 0) throw new BadInputError(flaws.join("\n"));
}
