# Each run gives several variables a wrong value at once: the validation of each refuses it. One run for each would take
# half a second each.

mock_provider "aws" {}

variables {
  starter_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"
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

    # Id with a blank.
    schedules = { "two words" = { rate = "1 hour", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.name,
    var.starter_function_arn,
    var.alarm_actions,
    var.schedules,
  ]
}

run "wrong_values_2" {
  command = plan

  variables {
    # Alarm to an address.
    alarm_actions = ["pager@example.org"]

    # Two times.
    schedules = { nightly = { rate = "1 hour", cron_time = "0 3 * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.alarm_actions,
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
    # Overlap that is skipped.
    schedules = { nightly = { rate = "1 hour", overlap = "skip", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_20" {
  command = plan

  variables {
    # Catching up.
    schedules = { nightly = { rate = "1 hour", catch_up = "latest", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_21" {
  command = plan

  variables {
    # Gap is made up for.
    schedules = { nightly = { cron_time = "0 3 * * *", dst_policy = "once", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_22" {
  command = plan

  variables {
    # Deadline of 30 seconds.
    schedules = { nightly = { rate = "1 hour", starting_deadline_seconds = 30, request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_23" {
  command = plan

  variables {
    # Seconds.
    schedules = { nightly = { cron_time = "*/10 * * * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_24" {
  command = plan

  variables {
    # Secondly.
    schedules = { nightly = { cron_time = "@secondly", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_25" {
  command = plan

  variables {
    # Hash.
    schedules = { nightly = { cron_time = "H 3 * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_26" {
  command = plan

  variables {
    # Day of month and of week.
    schedules = { nightly = { cron_time = "0 3 13 * FRI", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_27" {
  command = plan

  variables {
    # Last friday.
    schedules = { nightly = { cron_time = "0 3 * * 5L", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_28" {
  command = plan

  variables {
    # Weekend as a falling range.
    schedules = { nightly = { cron_time = "0 3 * * sat-sun", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_29" {
  command = plan

  variables {
    # Falling range in a list.
    schedules = { nightly = { cron_time = "0 1,22-2 * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_30" {
  command = plan

  variables {
    # Rate of seconds.
    schedules = { nightly = { rate = "90 seconds", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_31" {
  command = plan

  variables {
    # Rate of weeks.
    schedules = { nightly = { rate = "1 week", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_32" {
  command = plan

  variables {
    # At of another zone.
    schedules = { nightly = { at = "2026-12-24T18:00:00+01:00", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_33" {
  command = plan

  variables {
    # Start of another zone.
    schedules = { nightly = { rate = "1 hour", start_at = "2026-12-24T18:00:00+01:00", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_34" {
  command = plan

  variables {
    # End within a second.
    schedules = { nightly = { rate = "1 hour", end_at = "2026-12-24T18:00:00.5Z", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_35" {
  command = plan

  variables {
    # Request of nothing.
    schedules = { nightly = { rate = "1 hour", request = "{\"memoryMiB\": 4096}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}

run "wrong_values_36" {
  command = plan

  variables {
    # Request with a key of its own.
    schedules = { nightly = { rate = "1 hour", request = "{\"arn\": \"report\", \"idempotencyKey\": \"once\"}" } }
  }

  expect_failures = [
    var.schedules,
  ]
}
