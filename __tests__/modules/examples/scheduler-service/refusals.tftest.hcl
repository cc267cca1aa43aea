# Each run gives several variables a wrong value at once: the validation of each refuses it. One run for each would take
# half a second each.

mock_provider "aws" {}

variables {
  starter_function_arn  = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"
  starter_function_name = "overtime-starter"
  cluster_arn           = "arn:aws:ecs:eu-west-1:111122223333:cluster/overtime"
  log_group_name        = "/ecs/overtime"
  log_group_arn         = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime"
  subnet_ids            = ["subnet-0a"]
  security_group_ids    = ["sg-0a"]
  assign_public_ip      = false
  ledger_table_name     = "overtime-runs"
  ledger_table_arn      = "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-runs"
  payload_bucket_name   = "overtime-payloads-1"
}

run "wrong_values_1" {
  command = plan

  variables {
    # Name in capitals.
    name = "Overtime"

    # Starter by name.
    starter_function_arn = "overtime-starter"

    # Too many alarm actions.
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:pager-${number}"]

    # Cluster by name.
    cluster_arn = "overtime"

    # Log group by name.
    log_group_arn = "/ecs/overtime"

    # No subnet.
    subnet_ids = []

    # No security group.
    security_group_ids = []

    # Ledger by name.
    ledger_table_arn = "overtime-runs"

    # Other table by name.
    other_table_arns = ["clockwork"]

    # No scheduler.
    scheduler_count = 0

    # A fifth of a vcpu.
    cpu = 200

    # A little memory.
    memory_mib = 128

    # On lambda.
    capacity = "LAMBDA"

    # Repository by name.
    image_repository_arns = ["scheduler"]

    # Architecture that lambda does not have.
    architecture = "riscv64"

    # Log retention of 2 days.
    log_retention_days = 2

    # Lateness of 0.
    lateness_milliseconds = 0

    # Id with a blank.
    schedules = { "two words" = { rate = "1 hour", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.name,
    var.starter_function_arn,
    var.alarm_actions,
    var.cluster_arn,
    var.log_group_arn,
    var.subnet_ids,
    var.security_group_ids,
    var.ledger_table_arn,
    var.other_table_arns,
    var.scheduler_count,
    var.cpu,
    var.memory_mib,
    var.capacity,
    var.image_repository_arns,
    var.architecture,
    var.log_retention_days,
    var.lateness_milliseconds,
    var.schedules,
  ]
}

run "wrong_values_2" {
  command = plan

  variables {
    # Alarm to an address.
    alarm_actions = ["pager@example.org"]

    # Subnet by name.
    subnet_ids = ["public-a"]

    # Security group by name.
    security_group_ids = ["default"]

    # Too many other tables.
    other_table_arns = [for number in range(21) : "arn:aws:dynamodb:eu-west-1:111122223333:table/jobs-${number}"]

    # Too many repositories.
    image_repository_arns = [for number in range(21) : "arn:aws:ecr:eu-west-1:111122223333:repository/${number}"]

    # Two times.
    schedules = { nightly = { rate = "1 hour", cron_time = "0 3 * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.alarm_actions,
    var.subnet_ids,
    var.security_group_ids,
    var.other_table_arns,
    var.image_repository_arns,
    var.schedules,
  ]
}

run "wrong_values_3" {
  command = plan

  variables {
    # No time.
    schedules = { nightly = { request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_4" {
  command = plan

  variables {
    # Nothing to run.
    schedules = { nightly = { rate = "1 hour" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_5" {
  command = plan

  variables {
    # Two things to run.
    schedules = { nightly = { rate = "1 hour", definition_arn = "jobs:1", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_6" {
  command = plan

  variables {
    # Four fields.
    schedules = { nightly = { cron_time = "* * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_7" {
  command = plan

  variables {
    # Hour 24.
    schedules = { nightly = { cron_time = "0 24 * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_8" {
  command = plan

  variables {
    # Rate of nothing.
    schedules = { nightly = { rate = "0 minutes", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_9" {
  command = plan

  variables {
    # At some time.
    schedules = { nightly = { at = "tomorrow", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_10" {
  command = plan

  variables {
    # Zone with a blank.
    schedules = { nightly = { cron_time = "0 3 * * *", time_zone = "Central Europe", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_11" {
  command = plan

  variables {
    # Another dst policy.
    schedules = { nightly = { cron_time = "0 3 * * *", dst_policy = "twice", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_12" {
  command = plan

  variables {
    # Start without a zone.
    schedules = { nightly = { rate = "1 hour", start_at = "2026-12-24T18:00:00", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_13" {
  command = plan

  variables {
    # End on a day.
    schedules = { nightly = { rate = "1 hour", end_at = "2026-12-24", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_14" {
  command = plan

  variables {
    # Jitter before the slot.
    schedules = { nightly = { rate = "1 hour", jitter_seconds = -1, request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_15" {
  command = plan

  variables {
    # Another overlap.
    schedules = { nightly = { rate = "1 hour", overlap = "forbid", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_16" {
  command = plan

  variables {
    # Another catch up.
    schedules = { nightly = { rate = "1 hour", catch_up = "some", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_17" {
  command = plan

  variables {
    # Deadline of 0.
    schedules = { nightly = { rate = "1 hour", starting_deadline_seconds = 0, request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_18" {
  command = plan

  variables {
    # Request that is no json.
    schedules = { nightly = { rate = "1 hour", request = "report" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_19" {
  command = plan

  variables {
    # Request of nothing.
    schedules = { nightly = { rate = "1 hour", request = "{\"memoryMiB\": 4096}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_20" {
  command = plan

  variables {
    # Request with a key of its own.
    schedules = { nightly = { rate = "1 hour", request = "{\"arn\": \"report\", \"idempotencyKey\": \"once\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}
