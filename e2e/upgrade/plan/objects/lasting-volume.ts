import { at, textAt, withoutSlash } from "../charts/fields.ts";

/** Folders of a node that hold no data of a workload: devices, sockets, the time zone, and what the system runs from. */
const ofTheSystem =
	/^\/($|(dev|proc|sys|run|var\/run|var\/log|etc|usr|lib|lib64|bin|sbin|boot|tmp)(\/|$))/;

/** Drivers of volumes in a pod that lead to a share, with what names it. */
const shares: Readonly<Record<string, readonly string[]>> = {
	"nfs.csi.k8s.io": ["share", "server"],
	"smb.csi.k8s.io": ["source"],
};

/** What outlives the pods that mount it, e.g. `the volume claim grafana`; undefined if it goes with them, or holds no data of theirs. */
export function lastingVolume(volume: unknown): string | undefined {
	const claim = textAt(volume, "persistentVolumeClaim.claimName");
	if (claim !== "") return `the volume claim ${claim}`;
	if (at(volume, "nfs") !== undefined)
		return `${textAt(volume, "nfs.path")} of ${textAt(volume, "nfs.server")}`;
	const folder = textAt(volume, "hostPath.path");
	if (folder !== "")
		return ofTheSystem.test(folder) || !mayBeFolder(volume)
			? undefined
			: `the node's folder ${withoutSlash(folder)}`;
	if (at(volume, "iscsi") !== undefined)
		return `${textAt(volume, "iscsi.iqn")} (LUN ${String(at(volume, "iscsi.lun") ?? 0)}) of ${textAt(volume, "iscsi.targetPortal")}`;
	const names = (shares[textAt(volume, "csi.driver")] ?? [])
		.map((field) => textAt(volume, ["csi", "volumeAttributes", field]))
		.filter(Boolean);
	return names.length > 0 ? names.join(" of ") : undefined;
}

/** A file, a socket or a device is something that the container reads. */
function mayBeFolder(volume: unknown): boolean {
	return /^(Directory(OrCreate)?)?$/.test(textAt(volume, "hostPath.type"));
}
