# Each run gives several variables a wrong value at once: the validation of each refuses it. One run for each would take
# half a second each.

mock_provider "aws" {}

variables {
  engine               = "aurora-postgresql"
  database_identifier  = "shop"
  starter_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"
  payload_bucket_name  = "overtime-payloads-1"
  payload_bucket_arn   = "arn:aws:s3:::overtime-payloads-1"
}

run "wrong_values_1" {
  command = plan

  variables {
    # Name in capitals.
    name = "Overtime"

    # Engine that cannot call.
    engine = "rds-mysql"

    # Identifier as arn.
    database_identifier = "arn:aws:rds:eu-west-1:111122223333:cluster:shop"

    # Starter by name.
    starter_function_arn = "overtime-starter"

    # Bucket by name.
    payload_bucket_arn = "overtime-payloads-1"

    # Pattern that is no json.
    rules = [{ pattern = "table", request = jsonencode({ arn = "buy" }) }]

    # Policy unknown.
    no_match = "start"

    # Subnet by name.
    subnet_ids = ["public-a"]

    # Security group by name.
    security_group_ids = ["tasks"]

    # Window too long.
    coalesce_seconds = 901

    # Key that is no path.
    coalesce_key = "new.customer"

    # No row.
    coalesce_rows = 0

    # Trigger in capitals.
    triggers = { Buy = { schema = "s", table = "t", columns = ["id"], operations = ["INSERT"] } }

    # Mode unknown.
    mode = "later"

    # User without a name.
    database_users = [""]

    # Outbox in capitals.
    outbox_schema = "Overtime"

    # Outbox every minute.
    outbox_seconds = 60

    # Database without a name.
    database_name = ""

    # Concurrency below none.
    reserved_concurrency = -2

    # Too many alarm actions.
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:topic-${number}"]

    # Architecture unknown.
    architecture = "arm"

    # Retention between two values.
    log_retention_days = 31
  }

  expect_failures = [
    var.name,
    var.engine,
    var.database_identifier,
    var.starter_function_arn,
    var.payload_bucket_arn,
    var.rules,
    var.no_match,
    var.subnet_ids,
    var.security_group_ids,
    var.coalesce_seconds,
    var.coalesce_key,
    var.coalesce_rows,
    var.triggers,
    var.mode,
    var.database_users,
    var.outbox_schema,
    var.outbox_seconds,
    var.database_name,
    var.reserved_concurrency,
    var.alarm_actions,
    var.architecture,
    var.log_retention_days,
  ]
}

run "wrong_values_2" {
  command = plan

  variables {
    # Identifier in capitals.
    database_identifier = "Shop"

    # Unknown operator.
    rules = [{ pattern = jsonencode({ ip = [{ cidr = "10.0.0.0/8" }] }), request = jsonencode({ arn = "buy" }) }]

    # Policy that starts nothing.
    no_match = jsonencode({ memoryMiB = 512 })

    # Too many subnets.
    subnet_ids = [for number in range(17) : "subnet-${number}"]

    # Too many security groups.
    security_group_ids = [for number in range(6) : "sg-${number}"]

    # Window of half a second.
    coalesce_seconds = 0.5

    # Too many rows.
    coalesce_rows = 5001

    # Trigger with a long name.
    triggers = { abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb = { schema = "s", table = "t", columns = ["id"], operations = ["INSERT"] } }

    # Alarm to a queue.
    alarm_actions = ["arn:aws:sqs:eu-west-1:111122223333:pager"]
  }

  expect_failures = [
    var.database_identifier,
    var.rules,
    var.no_match,
    var.subnet_ids,
    var.security_group_ids,
    var.coalesce_seconds,
    var.coalesce_rows,
    var.triggers,
    var.alarm_actions,
  ]
}

run "wrong_values_3" {
  command = plan

  variables {
    # Unknown operator after a known one.
    rules = [{ pattern = jsonencode({ a = [{ prefix = "x" }, { contains = "y" }] }), request = jsonencode({ arn = "buy" }) }]

    # Schema without a name.
    triggers = { buy = { schema = "", table = "t", columns = ["id"], operations = ["INSERT"] } }
  }

  expect_failures = [
    var.rules,
    var.triggers,
  ]
}

run "wrong_values_4" {
  command = plan

  variables {
    # Rule that starts nothing.
    rules = [{ pattern = jsonencode({ table = ["a"] }), request = jsonencode({ memoryMiB = 512 }) }]

    # Table with a long name.
    triggers = { buy = { schema = "s", table = "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt", columns = ["id"], operations = ["INSERT"] } }
  }

  expect_failures = [
    var.rules,
    var.triggers,
  ]
}

run "wrong_values_5" {
  command = plan

  variables {
    # Request that is no json.
    rules = [{ pattern = jsonencode({ table = ["a"] }), request = "buy" }]

    # No column.
    triggers = { buy = { schema = "s", table = "t", columns = [], operations = ["INSERT"] } }
  }

  expect_failures = [
    var.rules,
    var.triggers,
  ]
}

run "wrong_values_6" {
  command = plan

  variables {
    # More rules than an environment holds.
    rules = [for number in range(70) : { pattern = jsonencode({ table = ["table-${number}"] }), request = jsonencode({ arn = "ärgerlich-${number}" }) }]

    # Column without a name.
    triggers = { buy = { schema = "s", table = "t", columns = ["id", ""], operations = ["INSERT"] } }
  }

  expect_failures = [
    var.rules,
    var.triggers,
  ]
}

run "wrong_values_7" {
  command = plan

  variables {
    # Column of two lines.
    triggers = { buy = { schema = "s", table = "t", columns = ["id\nname"], operations = ["INSERT"] } }
  }

  expect_failures = [
    var.triggers,
  ]
}

run "wrong_values_8" {
  command = plan

  variables {
    # No operation.
    triggers = { buy = { schema = "s", table = "t", columns = ["id"], operations = [] } }
  }

  expect_failures = [
    var.triggers,
  ]
}

run "wrong_values_9" {
  command = plan

  variables {
    # Operation twice.
    triggers = { buy = { schema = "s", table = "t", columns = ["id"], operations = ["INSERT", "INSERT"] } }
  }

  expect_failures = [
    var.triggers,
  ]
}

run "wrong_values_10" {
  command = plan

  variables {
    # Operation unknown.
    triggers = { buy = { schema = "s", table = "t", columns = ["id"], operations = ["TRUNCATE"] } }
  }

  expect_failures = [
    var.triggers,
  ]
}
