# Queue workers as no example has them. They stand in the folder of examples/terraform-database, on its cluster.

# A FIFO queue, and a service whose worker stays.
module "orders" {
  source = "../../modules/queue-worker"

  name                = "overtime-shop-orders"
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

  fifo          = true
  workers       = "service"
  min_workers   = 1
  max_workers   = 1
  function_name = "report"
  image         = "overtime-test/runner:1"
  message_event = "body"
}

resource "aws_kms_key" "ours" {
  description             = "overtime-shop-sealed"
  deletion_window_in_days = 7
}

# A key of one's own for queue and bucket, and a command that works on files.
module "sealed" {
  source = "../../modules/queue-worker"

  name                = "overtime-shop-sealed"
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

  queue_kms_key_arn    = aws_kms_key.ours.arn
  bucket_kms_key_arn   = aws_kms_key.ours.arn
  bucket               = "new"
  bucket_force_destroy = true
  suffixes             = [".txt"]
  output_prefix        = "loud/"
  idle_seconds         = 5
  image                = "overtime-test/runner:1"
  command              = ["/bin/sh", "-c", "tr a-z A-Z <\"$OVERTIME_OBJECT_FILE\" >\"$OVERTIME_OUTPUT_FOLDER/loud.txt\""]
}

# A queue that somebody else made, by the name that one of the module's own would have. Its redrive policy stands by itself: in the queue it would be a circle.
resource "aws_sqs_queue" "theirs" {
  name = "overtime-shop-theirs"
}

resource "aws_sqs_queue_redrive_policy" "theirs" {
  queue_url = aws_sqs_queue.theirs.id
  redrive_policy = jsonencode({
    deadLetterTargetArn = module.theirs.dead_letter_queue_arn
    maxReceiveCount     = 50
  })
}

module "theirs" {
  source = "../../modules/queue-worker"

  name                = "overtime-shop-theirs"
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

  queue         = "existing"
  queue_arn     = aws_sqs_queue.theirs.arn
  function_name = "report"
  image         = "overtime-test/runner:1"
  idle_seconds  = 5
}

output "modes" {
  value = {
    key_arn                = aws_kms_key.ours.arn
    log_group_name         = module.overtime.log_group_name
    orders_queue_url       = module.orders.queue_url
    orders_service_name    = module.orders.service_name
    sealed_bucket_name     = module.sealed.bucket_name
    sealed_queue_url       = module.sealed.queue_url
    theirs_queue_url       = module.theirs.queue_url
    theirs_dead_letters    = module.theirs.dead_letter_queue_url
    theirs_dispatcher_name = module.theirs.dispatcher_function_name
  }
}
