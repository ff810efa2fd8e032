/**
 * What the API server's validation allows in text fields of built-in kinds, by model and field of client-node. The
 * OpenAPI has no enumerations; these are from https://kubernetes.io/docs/reference/kubernetes-api/.
 */
const values: Readonly<Record<string, string>> = {
	"V1AppArmorProfile.type": "Localhost RuntimeDefault Unconfined",
	"V1Container.imagePullPolicy": "Always Never IfNotPresent",
	"V1Container.restartPolicy": "Always Never OnFailure",
	"V1Container.terminationMessagePolicy": "File FallbackToLogsOnError",
	"V1ContainerPort.protocol": "TCP UDP SCTP",
	"V1ContainerResizePolicy.resourceName": "cpu memory",
	"V1ContainerResizePolicy.restartPolicy": "NotRequired RestartContainer",
	"V1CronJobSpec.concurrencyPolicy": "Allow Forbid Replace",
	"V1DaemonSetUpdateStrategy.type": "RollingUpdate OnDelete",
	"V1DeploymentStrategy.type": "Recreate RollingUpdate",
	"V1HTTPGetAction.scheme": "HTTP HTTPS",
	"V1HTTPIngressPath.pathType": "Exact Prefix ImplementationSpecific",
	"V1HostPathVolumeSource.type":
		"DirectoryOrCreate Directory FileOrCreate File Socket CharDevice BlockDevice",
	"V1ImageVolumeSource.pullPolicy": "Always Never IfNotPresent",
	"V1JobSpec.completionMode": "NonIndexed Indexed",
	"V1JobSpec.podReplacementPolicy": "TerminatingOrFailed Failed",
	"V1LabelSelectorRequirement.operator": "In NotIn Exists DoesNotExist",
	"V1MutatingWebhook.failurePolicy": "Ignore Fail",
	"V1MutatingWebhook.matchPolicy": "Exact Equivalent",
	"V1MutatingWebhook.reinvocationPolicy": "Never IfNeeded",
	"V1MutatingWebhook.sideEffects": "None NoneOnDryRun",
	"V1NetworkPolicyPort.protocol": "TCP UDP SCTP",
	"V1NetworkPolicySpec.policyTypes": "Ingress Egress",
	"V1NodeSelectorRequirement.operator": "In NotIn Exists DoesNotExist Gt Lt",
	"V1PersistentVolumeClaimSpec.accessModes":
		"ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod",
	"V1PersistentVolumeClaimSpec.volumeMode": "Filesystem Block",
	"V1PersistentVolumeSpec.accessModes":
		"ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod",
	"V1PersistentVolumeSpec.persistentVolumeReclaimPolicy":
		"Retain Delete Recycle",
	"V1PersistentVolumeSpec.volumeMode": "Filesystem Block",
	"V1PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy":
		"IfHealthyBudget AlwaysAllow",
	"V1PodFailurePolicyRule.action": "FailJob FailIndex Ignore Count",
	"V1PodOS.name": "linux windows",
	"V1PodSecurityContext.fsGroupChangePolicy": "OnRootMismatch Always",
	"V1PodSecurityContext.seLinuxChangePolicy": "MountOption Recursive",
	"V1PodSecurityContext.supplementalGroupsPolicy": "Merge Strict",
	"V1PodSpec.dnsPolicy": "ClusterFirstWithHostNet ClusterFirst Default None",
	"V1PodSpec.preemptionPolicy": "Never PreemptLowerPriority",
	"V1PodSpec.restartPolicy": "Always OnFailure Never",
	"V1PriorityClass.preemptionPolicy": "Never PreemptLowerPriority",
	"V1RoleRef.kind": "Role ClusterRole",
	"RbacV1Subject.kind": "User Group ServiceAccount",
	"V1RuleWithOperations.operations": "CREATE UPDATE DELETE CONNECT *",
	"V1RuleWithOperations.scope": "Cluster Namespaced *",
	"V1SeccompProfile.type": "Localhost RuntimeDefault Unconfined",
	"V1SecurityContext.procMount": "Default Unmasked",
	"V1ServicePort.protocol": "TCP UDP SCTP",
	"V1ServiceSpec.externalTrafficPolicy": "Cluster Local",
	"V1ServiceSpec.internalTrafficPolicy": "Cluster Local",
	"V1ServiceSpec.ipFamilies": "IPv4 IPv6",
	"V1ServiceSpec.ipFamilyPolicy":
		"SingleStack PreferDualStack RequireDualStack",
	"V1ServiceSpec.sessionAffinity": "ClientIP None",
	"V1ServiceSpec.trafficDistribution":
		"PreferClose PreferSameZone PreferSameNode",
	"V1ServiceSpec.type": "ExternalName ClusterIP NodePort LoadBalancer",
	"V1StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted":
		"Retain Delete",
	"V1StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled":
		"Retain Delete",
	"V1StatefulSetSpec.podManagementPolicy": "OrderedReady Parallel",
	"V1StatefulSetUpdateStrategy.type": "RollingUpdate OnDelete",
	"V1StorageClass.reclaimPolicy": "Delete Retain",
	"V1StorageClass.volumeBindingMode": "Immediate WaitForFirstConsumer",
	"V1Toleration.effect": "NoSchedule PreferNoSchedule NoExecute",
	"V1Toleration.operator": "Exists Equal Lt Gt",
	"V1TopologySpreadConstraint.nodeAffinityPolicy": "Honor Ignore",
	"V1TopologySpreadConstraint.nodeTaintsPolicy": "Honor Ignore",
	"V1TopologySpreadConstraint.whenUnsatisfiable":
		"DoNotSchedule ScheduleAnyway",
	"V1ValidatingWebhook.failurePolicy": "Ignore Fail",
	"V1ValidatingWebhook.matchPolicy": "Exact Equivalent",
	"V1ValidatingWebhook.sideEffects": "None NoneOnDryRun",
	"V1VolumeMount.mountPropagation": "None HostToContainer Bidirectional",
	"V1VolumeMount.recursiveReadOnly": "Disabled IfPossible Enabled",
	"V2HPAScalingPolicy.type": "Pods Percent",
	"V2HPAScalingRules.selectPolicy": "Max Min Disabled",
	"V2MetricSpec.type": "ContainerResource External Object Pods Resource",
	"V2MetricTarget.type": "Utilization Value AverageValue",
};

/** The fields that have a list of allowed values. */
export const enumeratedFields: readonly string[] = Object.keys(values);

/** What a field such as `V1ServiceSpec.type` may hold; undefined if it may hold any text. Empty is the same as none. */
export function allowedIn(field: string): string[] | undefined {
	const own = values[field];
	return own === undefined ? undefined : [...own.split(" "), ""];
}
