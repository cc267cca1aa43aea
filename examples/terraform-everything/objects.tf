# A file that comes into the bucket is a message, and a worker calls the function with it as S3 and SQS would. Between one
# file and the next no worker runs. A command of your own in place of the function: examples/povray.
module "objects" {
  source = "../../modules/queue-worker"

  name                = "${var.name}-files"
  cluster_arn         = module.overtime.cluster_arn
  subnet_ids          = data.aws_subnets.default.ids
  security_group_ids  = [module.overtime.security_group_id]
  assign_public_ip    = true
  log_group_name      = module.overtime.log_group_name
  log_group_arn       = module.overtime.log_group_arn
  payload_bucket_name = module.overtime.payload_bucket_name
  payload_bucket_arn  = module.overtime.payload_bucket_arn
  program_key         = module.overtime.program_key
  program_sha256      = module.overtime.program_sha256
  alarm_actions       = [aws_sns_topic.alarms.arn]

  bucket               = "new"
  bucket_force_destroy = true
  prefixes             = ["in/"]
  function_name        = var.function_name
  runtime              = "nodejs22.x"
  architecture         = var.architecture
  timeout_seconds      = 4 * 60 * 60
  messages_per_worker  = 1
  max_workers          = 4
}
