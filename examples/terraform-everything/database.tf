# Rows of a cluster of Aurora MySQL that you have start runs. It needs three things: the role, as one of its iam_roles; the
# parameters; and the SQL. For a cluster that is made beside it: examples/terraform-database.
module "purchases" {
  source = "../../modules/database-trigger"

  name                 = var.name
  engine               = "aurora-mysql3"
  database_identifier  = var.database_identifier
  starter_function_arn = module.overtime.function_arn
  payload_bucket_name  = module.overtime.payload_bucket_name
  payload_bucket_arn   = module.overtime.payload_bucket_arn
  alarm_actions        = [aws_sns_topic.alarms.arn]

  triggers = {
    purchases = {
      schema  = "shop"
      table   = "purchases"
      columns = ["id", "customer_id", "kind"]
    }
  }

  # The first rule that matches counts.
  rules = [
    {
      pattern = jsonencode({ table = ["purchases"], new = { kind = ["BUY"] } })
      request = jsonencode({ arn = var.function_name })
    },
  ]
  no_match = "ignore"

  # All purchases of a customer within five seconds are one run.
  coalesce_seconds = 5
  coalesce_key     = "$.new.customer_id"
}
