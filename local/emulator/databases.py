"""A cluster of RDS takes roles, and describes them; there is no database behind it.

MiniStack knows neither AddRoleToDBCluster nor RemoveRoleFromDBCluster, and starts an image of the database, which a
registry would have to give.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddRoleToDBCluster.html
"""

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import rds

Response = tuple[int, dict[str, str], bytes]

_NO_ROLES = "<AssociatedRoles/>"


def apply() -> None:
    """Answer the two actions, describe the roles of a cluster, and start no container."""
    original_xml = rds._cluster_xml
    rds._cluster_xml = lambda cluster: original_xml(cluster).replace(_NO_ROLES, roles_xml(cluster["AssociatedRoles"]))
    rds._get_docker = lambda: None
    rds._ACTION_MAP["AddRoleToDBCluster"] = _add_role
    rds._ACTION_MAP["RemoveRoleFromDBCluster"] = _remove_role


def roles_xml(roles: list[dict[str, str]]) -> str:
    """The roles of a cluster as DescribeDBClusters tells them."""
    members = (
        f"<DBClusterRole><RoleArn>{escape(role['RoleArn'])}</RoleArn><FeatureName>{escape(role['FeatureName'])}"
        "</FeatureName><Status>ACTIVE</Status></DBClusterRole>"
        for role in roles
    )
    return f"<AssociatedRoles>{''.join(members)}</AssociatedRoles>"


def _add_role(params: dict[str, Any]) -> Response:
    cluster, role = _cluster(params), _role(params)
    if cluster is None:
        return _no_cluster(params)
    if role in cluster["AssociatedRoles"]:
        return rds._error("DBClusterRoleAlreadyExists", f"{role['RoleArn']} is associated already.", 400)
    cluster["AssociatedRoles"].append(role)
    return rds._xml(200, "AddRoleToDBClusterResponse", "")


def _remove_role(params: dict[str, Any]) -> Response:
    cluster, role = _cluster(params), _role(params)
    if cluster is None:
        return _no_cluster(params)
    if role not in cluster["AssociatedRoles"]:
        return rds._error("DBClusterRoleNotFound", f"{role['RoleArn']} is not associated.", 404)
    cluster["AssociatedRoles"].remove(role)
    return rds._xml(200, "RemoveRoleFromDBClusterResponse", "")


def _cluster(params: dict[str, Any]) -> dict[str, Any] | None:
    return rds._clusters.get(rds._p(params, "DBClusterIdentifier"))


def _role(params: dict[str, Any]) -> dict[str, str]:
    return {name: rds._p(params, name) for name in ("RoleArn", "FeatureName")}


def _no_cluster(params: dict[str, Any]) -> Response:
    return rds._error("DBClusterNotFoundFault", f"DBCluster {rds._p(params, 'DBClusterIdentifier')} not found.", 404)
