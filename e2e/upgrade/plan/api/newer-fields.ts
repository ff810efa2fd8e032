import { memoize } from "es-toolkit";
import { minor } from "semver";

/** The release of Kubernetes whose schemas client-node has. */
export const newestRelease = 36;

/**
 * Fields of built-in kinds, by model of client-node, that Kubernetes 1.N and older ones do not have. Found by comparing
 * client-node's models of 1.22 to 1.36; a field that came with 1.23, 1.26, 1.31 or 1.35 is taken for one of the next
 * older release that was compared.
 */
const unknownTo: readonly (readonly [release: number, fields: string])[] = [
	[
		22,
		`V1CronJobSpec.timeZone V1PodSpec.os V1Probe.grpc V1RollingUpdateStatefulSetStrategy.maxUnavailable
		V1StatefulSetSpec.persistentVolumeClaimRetentionPolicy V1TopologySpreadConstraint.minDomains`,
	],
	[
		24,
		`V1CSIDriverSpec.seLinuxMount V1CSIPersistentVolumeSource.nodeExpandSecretRef V1JobSpec.podFailurePolicy
		V1PodSpec.hostUsers V1TopologySpreadConstraint.matchLabelKeys V1TopologySpreadConstraint.nodeAffinityPolicy
		V1TopologySpreadConstraint.nodeTaintsPolicy`,
	],
	[
		25,
		`V1PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy V1PodSpec.resourceClaims V1PodSpec.schedulingGates
		V1ResourceRequirements.claims V1StatefulSetSpec.ordinals`,
	],
	[
		26,
		"V1Container.resizePolicy V1MutatingWebhook.matchConditions V1ValidatingWebhook.matchConditions",
	],
	[
		27,
		`V1Container.restartPolicy V1JobSpec.backoffLimitPerIndex V1JobSpec.maxFailedIndexes
		V1JobSpec.podReplacementPolicy`,
	],
	[
		28,
		`V1LifecycleHandler.sleep V1PersistentVolumeClaimSpec.volumeAttributesClassName
		V1PersistentVolumeSpec.volumeAttributesClassName V1PodAffinityTerm.matchLabelKeys
		V1PodAffinityTerm.mismatchLabelKeys V1VolumeProjection.clusterTrustBundle`,
	],
	[
		29,
		`V1JobSpec.managedBy V1JobSpec.successPolicy V1PodSecurityContext.appArmorProfile
		V1SecurityContext.appArmorProfile V1ServiceSpec.trafficDistribution V1VolumeMount.recursiveReadOnly`,
	],
	[
		30,
		`V1PodResourceClaim.resourceClaimName V1PodResourceClaim.resourceClaimTemplateName
		V1PodSecurityContext.seLinuxChangePolicy V1PodSecurityContext.supplementalGroupsPolicy V1PodSpec.resources
		V1Volume.image`,
	],
	[
		32,
		`V1CSIDriverSpec.nodeAllocatableUpdatePeriodSeconds V1Lifecycle.stopSignal V2HPAScalingRules.tolerance`,
	],
	[
		33,
		`V1Container.restartPolicyRules V1EnvVarSource.fileKeyRef V1PodSpec.hostnameOverride
		V1VolumeProjection.podCertificate`,
	],
	[
		34,
		`V1CSIDriverSpec.preventPodSchedulingIfMissing V1CSIDriverSpec.serviceAccountTokenInSecrets
		V1PodCertificateProjection.userAnnotations V1PodSpec.schedulingGroup`,
	],
];

/** Fields, such as `V1PodSpec.os`, that a version of Kubernetes does not have yet. */
export function fieldsUnknownTo(cluster: string): ReadonlySet<string> {
	return unknownToRelease(minor(cluster));
}

/** One set for each, so that it can be a key. */
const unknownToRelease = memoize(
	(release: number): ReadonlySet<string> =>
		release >= 35
			? noFields
			: new Set(
					unknownTo.flatMap(([last, fields]) =>
						release <= last ? fields.split(/\s+/) : [],
					),
				),
);

/** What the newest release lacks. */
export const noFields: ReadonlySet<string> = new Set();
