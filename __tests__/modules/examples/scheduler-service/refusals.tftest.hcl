# Each run gives one wrong value and everything else right: the validation of that variable refuses it.

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

run "cluster_by_name" {
  command = plan

  variables {
    cluster_arn = "overtime"
  }

  expect_failures = [var.cluster_arn]
}

run "log_group_by_name" {
  command = plan

  variables {
    log_group_arn = "/ecs/overtime"
  }

  expect_failures = [var.log_group_arn]
}

run "no_subnet" {
  command = plan

  variables {
    subnet_ids = []
  }

  expect_failures = [var.subnet_ids]
}

run "subnet_by_name" {
  command = plan

  variables {
    subnet_ids = ["public-a"]
  }

  expect_failures = [var.subnet_ids]
}

run "no_security_group" {
  command = plan

  variables {
    security_group_ids = []
  }

  expect_failures = [var.security_group_ids]
}

run "security_group_by_name" {
  command = plan

  variables {
    security_group_ids = ["default"]
  }

  expect_failures = [var.security_group_ids]
}

run "ledger_by_name" {
  command = plan

  variables {
    ledger_table_arn = "overtime-runs"
  }

  expect_failures = [var.ledger_table_arn]
}

run "other_table_by_name" {
  command = plan

  variables {
    other_table_arns = ["clockwork"]
  }

  expect_failures = [var.other_table_arns]
}

run "too_many_other_tables" {
  command = plan

  variables {
    other_table_arns = [for number in range(21) : "arn:aws:dynamodb:eu-west-1:111122223333:table/jobs-${number}"]
  }

  expect_failures = [var.other_table_arns]
}

run "no_scheduler" {
  command = plan

  variables {
    scheduler_count = 0
  }

  expect_failures = [var.scheduler_count]
}

run "a_fifth_of_a_vcpu" {
  command = plan

  variables {
    cpu = 200
  }

  expect_failures = [var.cpu]
}

run "a_little_memory" {
  command = plan

  variables {
    memory_mib = 128
  }

  expect_failures = [var.memory_mib]
}

run "on_lambda" {
  command = plan

  variables {
    capacity = "LAMBDA"
  }

  expect_failures = [var.capacity]
}

run "repository_by_name" {
  command = plan

  variables {
    image_repository_arns = ["scheduler"]
  }

  expect_failures = [var.image_repository_arns]
}

run "too_many_repositories" {
  command = plan

  variables {
    image_repository_arns = [for number in range(21) : "arn:aws:ecr:eu-west-1:111122223333:repository/${number}"]
  }

  expect_failures = [var.image_repository_arns]
}

run "architecture_that_lambda_does_not_have" {
  command = plan

  variables {
    architecture = "riscv64"
  }

  expect_failures = [var.architecture]
}

run "log_retention_of_2_days" {
  command = plan

  variables {
    log_retention_days = 2
  }

  expect_failures = [var.log_retention_days]
}

run "lateness_of_0" {
  command = plan

  variables {
    lateness_milliseconds = 0
  }

  expect_failures = [var.lateness_milliseconds]
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
