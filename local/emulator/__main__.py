"""Runs the pinned MiniStack with what differs from AWS put right: see README.md in this folder."""

import sys

from pinned_version import check_version


def main() -> None:
    """Check the version, start watching our parent, correct the emulator and hand over to it."""
    check_version()

    import lifeline

    lifeline.watch_parent()

    import activities
    import alarms
    import async_queue
    import authorisation
    import call_records
    import code_location
    import container_dependencies
    import container_exits
    import container_settings
    import databases
    import foreign_containers
    import function_errors
    import invocation_records
    import layer_permissions
    import log_permissions
    import queue_permissions
    import run_task
    import schedule_targets
    import secure_transport
    import service_settings
    import service_trust
    import services
    import task_credentials
    import task_events
    import task_stopping
    import task_volumes

    for correction in (
        activities,
        alarms,
        async_queue,
        authorisation,
        call_records,
        code_location,
        container_settings,
        container_dependencies,
        task_volumes,
        container_exits,
        databases,
        foreign_containers,
        function_errors,
        invocation_records,
        layer_permissions,
        log_permissions,
        queue_permissions,
        run_task,
        schedule_targets,
        secure_transport,
        service_settings,
        service_trust,
        services,
        task_credentials,
        task_events,
        task_stopping,
    ):
        correction.apply()

    from ministack import app

    # MiniStack's own main() reads the command line.
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
