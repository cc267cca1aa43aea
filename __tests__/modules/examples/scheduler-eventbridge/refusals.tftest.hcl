# Each run gives one wrong value and everything else right: the validation of that variable refuses it.

mock_provider "aws" {}

variables {
  starter_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"
}

run "name_in_capitals" {
  command = plan

  variables {
    name = "Overtime"
  }

  expect_failures = [var.name]
}

run "starter_by_name" {
  command = plan

  variables {
    starter_function_arn = "overtime-starter"
  }

  expect_failures = [var.starter_function_arn]
}

run "too_many_alarm_actions" {
  command = plan

  variables {
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:pager-${number}"]
  }

  expect_failures = [var.alarm_actions]
}

run "alarm_to_an_address" {
  command = plan

  variables {
    alarm_actions = ["pager@example.org"]
  }

  expect_failures = [var.alarm_actions]
}

run "id_with_a_blank" {
  command = plan

  variables {
    schedules = { "two words" = { rate = "1 hour", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "two_times" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", cron_time = "0 3 * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "no_time" {
  command = plan

  variables {
    schedules = { nightly = { request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "nothing_to_run" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour" } }
  }

  expect_failures = [var.schedules]
}

run "two_things_to_run" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", definition_arn = "jobs:1", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "four_fields" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "* * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "hour_24" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "0 24 * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "rate_of_nothing" {
  command = plan

  variables {
    schedules = { nightly = { rate = "0 minutes", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "at_some_time" {
  command = plan

  variables {
    schedules = { nightly = { at = "tomorrow", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "zone_with_a_blank" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "0 3 * * *", time_zone = "Central Europe", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "another_dst_policy" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "0 3 * * *", dst_policy = "twice", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "start_without_a_zone" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", start_at = "2026-12-24T18:00:00", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "end_on_a_day" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", end_at = "2026-12-24", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "jitter_before_the_slot" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", jitter_seconds = -1, request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "another_overlap" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", overlap = "forbid", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "another_catch_up" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", catch_up = "some", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "deadline_of_0" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", starting_deadline_seconds = 0, request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "request_that_is_no_json" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", request = "report" } }
  }

  expect_failures = [var.schedules]
}

run "overlap_that_is_skipped" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", overlap = "skip", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "catching_up" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", catch_up = "latest", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "gap_is_made_up_for" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "0 3 * * *", dst_policy = "once", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "deadline_of_30_seconds" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", starting_deadline_seconds = 30, request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "seconds" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "*/10 * * * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "secondly" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "@secondly", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "hash" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "H 3 * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "day_of_month_and_of_week" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "0 3 13 * FRI", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "last_friday" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "0 3 * * 5L", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "weekend_as_a_falling_range" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "0 3 * * sat-sun", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "falling_range_in_a_list" {
  command = plan

  variables {
    schedules = { nightly = { cron_time = "0 1,22-2 * * *", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "rate_of_seconds" {
  command = plan

  variables {
    schedules = { nightly = { rate = "90 seconds", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "rate_of_weeks" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 week", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "at_of_another_zone" {
  command = plan

  variables {
    schedules = { nightly = { at = "2026-12-24T18:00:00+01:00", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "start_of_another_zone" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", start_at = "2026-12-24T18:00:00+01:00", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "end_within_a_second" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", end_at = "2026-12-24T18:00:00.5Z", request = "{\"arn\": \"report\"}" } }
  }

  expect_failures = [var.schedules]
}

run "request_of_nothing" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", request = "{\"memoryMiB\": 4096}" } }
  }

  expect_failures = [var.schedules]
}

run "request_with_a_key_of_its_own" {
  command = plan

  variables {
    schedules = { nightly = { rate = "1 hour", request = "{\"arn\": \"report\", \"idempotencyKey\": \"once\"}" } }
  }

  expect_failures = [var.schedules]
}
