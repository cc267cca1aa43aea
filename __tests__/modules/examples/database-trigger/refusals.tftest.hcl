# Each run gives one wrong value and everything else right: the validation of that variable refuses it.

mock_provider "aws" {}

variables {
  engine               = "aurora-postgresql"
  database_identifier  = "shop"
  starter_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"
  payload_bucket_name  = "overtime-payloads-1"
  payload_bucket_arn   = "arn:aws:s3:::overtime-payloads-1"
}

run "name_in_capitals" {
  command = plan

  variables {
    name = "Overtime"
  }

  expect_failures = [var.name]
}

run "engine_that_cannot_call" {
  command = plan

  variables {
    engine = "rds-mysql"
  }

  expect_failures = [var.engine]
}

run "identifier_as_arn" {
  command = plan

  variables {
    database_identifier = "arn:aws:rds:eu-west-1:111122223333:cluster:shop"
  }

  expect_failures = [var.database_identifier]
}

run "identifier_in_capitals" {
  command = plan

  variables {
    database_identifier = "Shop"
  }

  expect_failures = [var.database_identifier]
}

run "starter_by_name" {
  command = plan

  variables {
    starter_function_arn = "overtime-starter"
  }

  expect_failures = [var.starter_function_arn]
}

run "bucket_by_name" {
  command = plan

  variables {
    payload_bucket_arn = "overtime-payloads-1"
  }

  expect_failures = [var.payload_bucket_arn]
}

run "pattern_that_is_no_json" {
  command = plan

  variables {
    rules = [{ pattern = "table", request = jsonencode({ arn = "buy" }) }]
  }

  expect_failures = [var.rules]
}

run "unknown_operator" {
  command = plan

  variables {
    rules = [{ pattern = jsonencode({ ip = [{ cidr = "10.0.0.0/8" }] }), request = jsonencode({ arn = "buy" }) }]
  }

  expect_failures = [var.rules]
}

run "unknown_operator_after_a_known_one" {
  command = plan

  variables {
    rules = [{ pattern = jsonencode({ a = [{ prefix = "x" }, { contains = "y" }] }), request = jsonencode({ arn = "buy" }) }]
  }

  expect_failures = [var.rules]
}

run "rule_that_starts_nothing" {
  command = plan

  variables {
    rules = [{ pattern = jsonencode({ table = ["a"] }), request = jsonencode({ memoryMiB = 512 }) }]
  }

  expect_failures = [var.rules]
}

run "request_that_is_no_json" {
  command = plan

  variables {
    rules = [{ pattern = jsonencode({ table = ["a"] }), request = "buy" }]
  }

  expect_failures = [var.rules]
}

run "more_rules_than_an_environment_holds" {
  command = plan

  variables {
    rules = [for number in range(70) : { pattern = jsonencode({ table = ["table-${number}"] }), request = jsonencode({ arn = "ärgerlich-${number}" }) }]
  }

  expect_failures = [var.rules]
}

run "policy_unknown" {
  command = plan

  variables {
    no_match = "start"
  }

  expect_failures = [var.no_match]
}

run "policy_that_starts_nothing" {
  command = plan

  variables {
    no_match = jsonencode({ memoryMiB = 512 })
  }

  expect_failures = [var.no_match]
}

run "subnet_by_name" {
  command = plan

  variables {
    subnet_ids = ["public-a"]
  }

  expect_failures = [var.subnet_ids]
}

run "too_many_subnets" {
  command = plan

  variables {
    subnet_ids = [for number in range(17) : "subnet-${number}"]
  }

  expect_failures = [var.subnet_ids]
}

run "security_group_by_name" {
  command = plan

  variables {
    security_group_ids = ["tasks"]
  }

  expect_failures = [var.security_group_ids]
}

run "too_many_security_groups" {
  command = plan

  variables {
    security_group_ids = [for number in range(6) : "sg-${number}"]
  }

  expect_failures = [var.security_group_ids]
}

run "window_too_long" {
  command = plan

  variables {
    coalesce_seconds = 901
  }

  expect_failures = [var.coalesce_seconds]
}

run "window_of_half_a_second" {
  command = plan

  variables {
    coalesce_seconds = 0.5
  }

  expect_failures = [var.coalesce_seconds]
}

run "key_that_is_no_path" {
  command = plan

  variables {
    coalesce_key = "new.customer"
  }

  expect_failures = [var.coalesce_key]
}

run "no_row" {
  command = plan

  variables {
    coalesce_rows = 0
  }

  expect_failures = [var.coalesce_rows]
}

run "too_many_rows" {
  command = plan

  variables {
    coalesce_rows = 5001
  }

  expect_failures = [var.coalesce_rows]
}

run "trigger_in_capitals" {
  command = plan

  variables {
    triggers = { Buy = { schema = "s", table = "t", columns = ["id"], operations = ["INSERT"] } }
  }

  expect_failures = [var.triggers]
}

run "trigger_with_a_long_name" {
  command = plan

  variables {
    triggers = { abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb = { schema = "s", table = "t", columns = ["id"], operations = ["INSERT"] } }
  }

  expect_failures = [var.triggers]
}

run "schema_without_a_name" {
  command = plan

  variables {
    triggers = { buy = { schema = "", table = "t", columns = ["id"], operations = ["INSERT"] } }
  }

  expect_failures = [var.triggers]
}

run "table_with_a_long_name" {
  command = plan

  variables {
    triggers = { buy = { schema = "s", table = "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt", columns = ["id"], operations = ["INSERT"] } }
  }

  expect_failures = [var.triggers]
}

run "no_column" {
  command = plan

  variables {
    triggers = { buy = { schema = "s", table = "t", columns = [], operations = ["INSERT"] } }
  }

  expect_failures = [var.triggers]
}

run "column_without_a_name" {
  command = plan

  variables {
    triggers = { buy = { schema = "s", table = "t", columns = ["id", ""], operations = ["INSERT"] } }
  }

  expect_failures = [var.triggers]
}

run "column_of_two_lines" {
  command = plan

  variables {
    triggers = { buy = { schema = "s", table = "t", columns = ["id\nname"], operations = ["INSERT"] } }
  }

  expect_failures = [var.triggers]
}

run "no_operation" {
  command = plan

  variables {
    triggers = { buy = { schema = "s", table = "t", columns = ["id"], operations = [] } }
  }

  expect_failures = [var.triggers]
}

run "operation_twice" {
  command = plan

  variables {
    triggers = { buy = { schema = "s", table = "t", columns = ["id"], operations = ["INSERT", "INSERT"] } }
  }

  expect_failures = [var.triggers]
}

run "operation_unknown" {
  command = plan

  variables {
    triggers = { buy = { schema = "s", table = "t", columns = ["id"], operations = ["TRUNCATE"] } }
  }

  expect_failures = [var.triggers]
}

run "mode_unknown" {
  command = plan

  variables {
    mode = "later"
  }

  expect_failures = [var.mode]
}

run "user_without_a_name" {
  command = plan

  variables {
    database_users = [""]
  }

  expect_failures = [var.database_users]
}

run "outbox_in_capitals" {
  command = plan

  variables {
    outbox_schema = "Overtime"
  }

  expect_failures = [var.outbox_schema]
}

run "outbox_every_minute" {
  command = plan

  variables {
    outbox_seconds = 60
  }

  expect_failures = [var.outbox_seconds]
}

run "database_without_a_name" {
  command = plan

  variables {
    database_name = ""
  }

  expect_failures = [var.database_name]
}

run "concurrency_below_none" {
  command = plan

  variables {
    reserved_concurrency = -2
  }

  expect_failures = [var.reserved_concurrency]
}

run "too_many_alarm_actions" {
  command = plan

  variables {
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:topic-${number}"]
  }

  expect_failures = [var.alarm_actions]
}

run "alarm_to_a_queue" {
  command = plan

  variables {
    alarm_actions = ["arn:aws:sqs:eu-west-1:111122223333:pager"]
  }

  expect_failures = [var.alarm_actions]
}

run "architecture_unknown" {
  command = plan

  variables {
    architecture = "arm"
  }

  expect_failures = [var.architecture]
}

run "retention_between_two_values" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}
