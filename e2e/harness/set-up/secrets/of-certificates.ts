import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";

const withIssuer = z.looseObject({
	spec: z.looseObject({ issuerRef: z.looseObject({ name: z.string() }) }),
});
/** Others ask somebody outside of the cluster. */
const issuesAlone = z.looseObject({
	spec: z.union([
		z.looseObject({ selfSigned: z.looseObject({}) }),
		z.looseObject({ ca: z.looseObject({}) }),
	]),
});

/** Whether cert-manager can make a Certificate's Secret: with an issuer that the values bring, and that needs nobody else. */
export function hasIssuer(
	certificate: Manifest,
	manifests: readonly Manifest[],
): boolean {
	const { data } = withIssuer.safeParse(certificate);
	return manifests.some(
		(each) =>
			/^(Cluster)?Issuer$/.test(each.kind) &&
			each.metadata.name === data?.spec.issuerRef.name &&
			issuesAlone.safeParse(each).success,
	);
}
