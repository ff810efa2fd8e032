import { parseManifests } from "../../../clients/api-server/manifests.ts";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { BadInputError } from "../../../common/errors.ts";
import { mapsAt, stringAt, textsAt } from "../../../common/parsing/yaml-map.ts";
import { listSecretTexts } from "../secrets/contents.ts";

/**
 * Messages that are made of templates which only the homelab's cluster has cannot be judged.
 *
 * @param yaml what Helm rendered
 * @throws BadInputError if an Alertmanager reads its templates from a ConfigMap that is not in the manifests
 */
export function refuseForeignTemplates(yaml: string): void {
	const manifests = parseManifests(yaml);
	const made = new Set(
		manifests.flatMap(({ kind, metadata }) =>
			kind === "ConfigMap" ? [metadata.name] : [],
		),
	);
	const texts = manifests.flatMap(listSecretTexts);
	for (const { configMap, folder } of manifests.flatMap(listFolders)) {
		if (made.has(configMap)) continue;
		const template = texts
			.flatMap((text) => [...text.matchAll(/\/[\w./*-]+/g)])
			.map(([path]) => path)
			.find(
				(path) =>
					path.startsWith(`${folder}/`) && /(\*|\.tmpl|\.tpl)$/.test(path),
			);
		if (template)
			throw new BadInputError(
				`Alertmanager reads ${template} from ConfigMap ${configMap}, which the values do not contain, so nobody here knows its messages: write the templates to alertmanager.templateFiles, or add the ConfigMap to extraManifests`,
			);
	}
}

/** The ConfigMaps that an Alertmanager has as folders. */
function listFolders({ kind, spec }: Manifest) {
	if (kind !== "Alertmanager") return [];
	const mounts = [spec, ...mapsAt(spec, "containers")].flatMap((each) =>
		mapsAt(each, "volumeMounts"),
	);
	return [
		...textsAt(spec, "configMaps").map((configMap) => ({
			configMap,
			folder: `/etc/alertmanager/configmaps/${configMap}`,
		})),
		...mapsAt(spec, "volumes").flatMap((volume) => {
			const configMap = stringAt(volume, "configMap", "name");
			return mounts.flatMap((mount) =>
				configMap && mount.name === volume.name
					? [{ configMap, folder: String(mount.mountPath).replace(/\/$/, "") }]
					: [],
			);
		}),
	];
}
