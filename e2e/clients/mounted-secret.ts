import { posix } from "node:path";
import type { Container, Pod } from "./kube-objects.ts";
import type { SecretKey } from "./secret.ts";

/** The Secret's key that a container has as a file; undefined if the file is not from a Secret. */
export function findMountedSecret(
	{ spec }: Pick<Pod, "spec">,
	{ volumeMounts }: Pick<Container, "volumeMounts">,
	path: string,
): SecretKey | undefined {
	const mounts = volumeMounts
		.filter(({ mountPath }) => isWithin(path, mountPath))
		// A file that is mounted into another mount's folder hides that one's.
		.sort((a, b) => b.mountPath.length - a.mountPath.length);
	const [mount] = mounts;
	const volume = spec.volumes.find(({ name }) => name === mount?.name);
	if (!mount || !volume) return undefined;
	const file = posix.join(
		mount.subPath ?? "",
		posix.relative(mount.mountPath, path),
	);
	const { secret, projected } = volume;
	const sources = [
		...(secret ? [{ name: secret.secretName, items: secret.items }] : []),
		...(projected?.sources ?? []).flatMap((each) => each.secret ?? []),
	];
	for (const { name, items } of sources) {
		// Without items every key is a file; of several such sources, nothing here says which has the key.
		const key = items ? items.find((each) => each.path === file)?.key : file;
		if (key) return { name, key };
	}
	return undefined;
}

function isWithin(path: string, folder: string): boolean {
	const relative = posix.relative(folder, path);
	return !relative.startsWith("..");
}
