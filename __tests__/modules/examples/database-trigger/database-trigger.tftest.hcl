mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/overtime-database" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-west-1:111122223333:overtime-rows"
      url = "https://sqs.eu-west-1.amazonaws.com/111122223333/overtime-rows"
    }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-rows" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/overtime-router" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-router" }
  }
}

variables {
  engine               = "aurora-postgresql"
  database_identifier  = "shop"
  starter_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"
  payload_bucket_name  = "overtime-payloads-1"
  payload_bucket_arn   = "arn:aws:s3:::overtime-payloads-1"
}

run "defaults" {
  assert {
    condition = one(aws_lambda_function.function.environment).variables == tomap({
      ENV_CLUSTER               = ""
      ENV_SECURITY_GROUP        = ""
      ENV_SUBNET                = ""
      OVERTIME_COALESCE_KEY     = ""
      OVERTIME_COALESCE_ROWS    = "1000"
      OVERTIME_COALESCE_SECONDS = "0"
      OVERTIME_NO_MATCH         = "error"
      OVERTIME_PAYLOAD_BUCKET   = "overtime-payloads-1"
      OVERTIME_ROWS_QUEUE_URL   = ""
      OVERTIME_ROWS_TABLE       = "overtime-rows"
      OVERTIME_RULES            = "[]"
      OVERTIME_STARTER_FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"
    })
    error_message = "The router's program has its settings, and only those."
  }
  assert {
    condition     = aws_lambda_event_source_mapping.windows.enabled == false && aws_sqs_queue.rows_queue.delay_seconds == 0
    error_message = "No row waits, and nobody asks the queue for messages."
  }
  assert {
    condition     = length(aws_rds_cluster_role_association.cluster_role) == 1 && length(aws_db_instance_role_association.instance_role) == 0 && length(aws_rds_cluster_parameter_group.parameters) == 0
    error_message = "A cluster of Aurora PostgreSQL gets the role by an association."
  }
  assert {
    condition     = aws_rds_cluster_role_association.cluster_role[0].feature_name == "Lambda" && aws_rds_cluster_role_association.cluster_role[0].db_cluster_identifier == "shop"
    error_message = "The association is for the feature Lambda of the cluster."
  }
  assert {
    condition     = jsondecode(aws_iam_role.database_role.assume_role_policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == "arn:aws:rds:eu-west-1:111122223333:cluster:shop"
    error_message = "RDS takes the role for the cluster alone."
  }
  assert {
    condition     = output.install_sql == {} && output.cluster_parameters == {} && output.outbox_install_sql == ""
    error_message = "Without triggers there is no SQL but the set-up."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    name                 = null
    rules                = null
    no_match             = null
    cluster              = null
    subnet_ids           = null
    security_group_ids   = null
    coalesce_seconds     = null
    coalesce_key         = null
    coalesce_rows        = null
    triggers             = null
    mode                 = null
    database_users       = null
    outbox_schema        = null
    outbox_seconds       = null
    database_name        = null
    parameter_group      = null
    reserved_concurrency = null
    alarm_actions        = null
    architecture         = null
    log_retention_days   = null
  }

  assert {
    condition     = output.function_name == "overtime-router" && aws_lambda_function.function.reserved_concurrent_executions == -1
    error_message = "A variable that is set to null has its default."
  }
}

run "an_instance_of_rds" {
  variables {
    engine = "rds-postgresql"
  }

  assert {
    condition     = length(aws_rds_cluster_role_association.cluster_role) == 0 && aws_db_instance_role_association.instance_role[0].db_instance_identifier == "shop"
    error_message = "An instance gets the role by its own kind of association."
  }
  assert {
    condition     = jsondecode(aws_iam_role.database_role.assume_role_policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == "arn:aws:rds:eu-west-1:111122223333:db:shop"
    error_message = "RDS takes the role for the instance alone."
  }
}

run "a_cluster_of_aurora_mysql_3" {
  variables {
    engine          = "aurora-mysql3"
    mode            = "outbox"
    parameter_group = true
    database_users  = ["app"]
  }

  assert {
    condition     = length(aws_rds_cluster_role_association.cluster_role) == 0 && length(aws_db_instance_role_association.instance_role) == 0
    error_message = "Aurora MySQL has no feature Lambda to associate."
  }
  assert {
    condition = output.cluster_parameters == {
      activate_all_roles_on_login = "1"
      aws_default_lambda_role     = "arn:aws:iam::111122223333:role/overtime-database"
      event_scheduler             = "ON"
    }
    error_message = "The cluster needs the role, its roles active, and events for the outbox."
  }
  assert {
    condition     = aws_rds_cluster_parameter_group.parameters[0].family == "aurora-mysql8.0" && { for each in aws_rds_cluster_parameter_group.parameters[0].parameter : each.name => each.value } == output.cluster_parameters
    error_message = "The group has these parameters."
  }
  assert {
    condition     = output.setup_sql == "GRANT AWS_LAMBDA_ACCESS TO 'app'@'%';\nSET DEFAULT ROLE ALL TO 'app'@'%';\n"
    error_message = "Version 3 grants a role."
  }
  assert {
    condition     = strcontains(output.outbox_install_sql, "FOR UPDATE SKIP LOCKED") && output.outbox_schedule_sql == ""
    error_message = "The outbox has an event of its own, and skips what is locked."
  }
}

run "a_cluster_of_aurora_mysql_2" {
  variables {
    engine          = "aurora-mysql2"
    mode            = "outbox"
    parameter_group = true
    database_users  = ["app"]
  }

  assert {
    condition     = keys(output.cluster_parameters) == ["aws_default_lambda_role", "event_scheduler"] && aws_rds_cluster_parameter_group.parameters[0].family == "aurora-mysql5.7"
    error_message = "MySQL 5.7 has no roles to activate."
  }
  assert {
    condition     = output.setup_sql == "GRANT INVOKE LAMBDA ON *.* TO 'app'@'%';\n" && !strcontains(output.outbox_install_sql, "SKIP LOCKED")
    error_message = "Version 2 has a privilege of its own, and cannot skip what is locked."
  }
}

run "every_variable_set" {
  variables {
    name               = "reports"
    rules              = [{ pattern = jsonencode({ new = { amount = [{ numeric = [">", 5] }] } }), request = jsonencode({ taskDefinition = "buy", environment = { ID = "<$.new.id>" } }) }]
    no_match           = jsonencode({ arn = "other" })
    cluster            = "main"
    subnet_ids         = ["subnet-0b", "subnet-0a"]
    security_group_ids = ["sg-0a", "sg-0b"]
    coalesce_seconds   = 30
    coalesce_key       = "$.new.customer"
    coalesce_rows      = 500
    triggers = {
      purchases = { schema = "public", table = "pur\"chases", columns = ["id", "it's"], operations = ["INSERT", "DELETE"] }
    }
    mode                 = "outbox"
    database_users       = ["app"]
    outbox_schema        = "events"
    outbox_seconds       = 5
    database_name        = "shop"
    reserved_concurrency = 20
    alarm_actions        = ["arn:aws:sns:eu-west-1:111122223333:pager"]
    architecture         = "x86_64"
    log_retention_days   = 1
  }

  assert {
    condition = {
      for name, value in one(aws_lambda_function.function.environment).variables : name => value
      if !contains(["OVERTIME_PAYLOAD_BUCKET", "OVERTIME_STARTER_FUNCTION", "OVERTIME_ROWS_TABLE"], name)
      } == {
      ENV_CLUSTER               = "main"
      ENV_SECURITY_GROUP        = "sg-0a,sg-0b"
      ENV_SUBNET                = "subnet-0a,subnet-0b"
      OVERTIME_COALESCE_KEY     = "$.new.customer"
      OVERTIME_COALESCE_ROWS    = "500"
      OVERTIME_COALESCE_SECONDS = "30"
      OVERTIME_NO_MATCH         = jsonencode({ arn = "other" })
      OVERTIME_ROWS_QUEUE_URL   = "https://sqs.eu-west-1.amazonaws.com/111122223333/overtime-rows"
      OVERTIME_RULES            = jsonencode([{ pattern = { new = { amount = [{ numeric = [">", 5] }] } }, request = { environment = { ID = "<$.new.id>" }, taskDefinition = "buy" } }])
    }
    error_message = "The router's program has the settings that the variables say."
  }
  assert {
    condition     = aws_lambda_event_source_mapping.windows.enabled && aws_lambda_event_source_mapping.windows.batch_size == 100 && aws_sqs_queue.rows_queue.delay_seconds == 30
    error_message = "A row's message comes when its window is over."
  }
  assert {
    condition     = aws_lambda_function.function.reserved_concurrent_executions == 20 && aws_lambda_function.function.architectures == tolist(["x86_64"]) && aws_cloudwatch_log_group.logs.retention_in_days == 1
    error_message = "Concurrency, architecture and retention are what the variables say."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.errors_alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:111122223333:pager"]) && aws_cloudwatch_metric_alarm.row_dead_letters_alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:111122223333:pager"])
    error_message = "The pager hears of errors and of dead letters."
  }
  assert {
    condition     = strcontains(output.install_sql.purchases, "CREATE TRIGGER \"overtime_purchases\" AFTER INSERT OR DELETE ON \"public\".\"pur\"\"chases\"") && strcontains(output.install_sql.purchases, "'it''s', NEW.\"it's\"") && strcontains(output.install_sql.purchases, "INSERT INTO \"events\".outbox (event) VALUES (event);")
    error_message = "The trigger writes the columns down, with every name quoted."
  }
  assert {
    condition     = output.outbox_schedule_sql == "SELECT cron.schedule_in_database('overtime_outbox', '5 seconds', 'SELECT \"events\".hand_over()', 'shop');\n"
    error_message = "pg_cron empties the outbox."
  }
  assert {
    condition     = output.drop_sql.purchases == "DROP TRIGGER IF EXISTS \"overtime_purchases\" ON \"public\".\"pur\"\"chases\";\nDROP FUNCTION IF EXISTS \"public\".\"overtime_purchases\"();\n"
    error_message = "What is installed can be dropped."
  }
}
