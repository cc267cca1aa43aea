mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws-cn" }
  }
  mock_data "aws_region" {
    defaults = { id = "cn-north-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws-cn:sqs:cn-north-1:111122223333:orders.fifo"
      url = "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/orders.fifo"
    }
  }
  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws-cn:sqs:cn-north-1:111122223333:made"
      url = "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/made"
    }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { id = "scenes-objects-1", bucket = "scenes-objects-1", arn = "arn:aws-cn:s3:::scenes-objects-1" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/scenes-jobs" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws-cn:lambda:cn-north-1:111122223333:function:scenes-dispatcher" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws-cn:events:cn-north-1:111122223333:rule/made" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/aws/lambda/scenes-dispatcher" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws-cn:iam::111122223333:role/made" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws-cn:iam::111122223333:policy/made" }
  }
  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws-cn:ecs:cn-north-1:111122223333:task-definition/scenes:1" }
  }
  mock_data "aws_lambda_function" {
    defaults = {
      arn            = "arn:aws-cn:lambda:cn-north-1:444455556666:function:report"
      image_uri      = "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/team/report:3"
      architectures  = ["arm64"]
      version        = "7"
      memory_size    = 512
      logging_config = [{ log_group = "/aws/lambda/report", log_format = "Text", application_log_level = "", system_log_level = "" }]
      environment    = [{ variables = { TITLE = "a" } }]
    }
  }
}

variables {
  name                = "scenes"
  cluster_arn         = "arn:aws-cn:ecs:cn-north-1:111122223333:cluster/overtime"
  subnet_ids          = ["subnet-0b", "subnet-0a"]
  security_group_ids  = ["sg-0a"]
  assign_public_ip    = true
  log_group_name      = "/ecs/overtime"
  log_group_arn       = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs/overtime"
  payload_bucket_name = "overtime-payloads-1"
  payload_bucket_arn  = "arn:aws-cn:s3:::overtime-payloads-1"
  program_key         = "programs/0a/runner-program.js.gz"
  program_sha256      = "0a"
  function_name       = "render"
  runtime             = "nodejs22.x"
}

run "defaults" {
  assert {
    condition     = aws_sqs_queue.queue[0].name == "scenes" && aws_sqs_queue.dead_letters.name == "scenes-dead-letters" && length(data.aws_sqs_queue.existing_queue) == 0
    error_message = "The queue is the module's, and so is that of what is set aside."
  }
  assert {
    condition     = jsondecode(aws_sqs_queue.queue[0].redrive_policy).maxReceiveCount == 50 && aws_sqs_queue.queue[0].sqs_managed_sse_enabled && aws_sqs_queue.queue[0].message_retention_seconds == 1209600 && !aws_sqs_queue.queue[0].fifo_queue
    error_message = "SQS sets aside what no worker does, and keeps messages encrypted for two weeks."
  }
  assert {
    condition     = length(aws_s3_bucket.objects) == 0 && length(aws_s3_bucket_notification.notification) == 0 && length(aws_cloudwatch_event_rule.object_events) == 0 && output.bucket_name == null
    error_message = "Nobody but those who send to the queue fills it."
  }
  assert {
    condition     = length(aws_ecs_service.workers) == 0 && output.service_name == null
    error_message = "Workers are tasks."
  }
  assert {
    condition = { for each in jsondecode(aws_ecs_task_definition.worker_on_base_images["scenes"].container_definitions)[0].environment : each.name => each.value } == {
      AWS_REGION                          = "cn-north-1"
      OVERTIME_BATCH_SIZE                 = "10"
      OVERTIME_BATCH_WINDOW_SECONDS       = "0"
      OVERTIME_CONCURRENCY                = "1"
      OVERTIME_CONTROL_ROOT               = "/overtime"
      OVERTIME_DEAD_LETTER_QUEUE_URL      = "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/made"
      OVERTIME_FUNCTION_ARN               = "arn:aws-cn:lambda:cn-north-1:111122223333:function:render"
      OVERTIME_IDLE_SECONDS               = "60"
      OVERTIME_JOBS_TABLE                 = "scenes-jobs"
      OVERTIME_MAX_RECEIVE_COUNT          = "5"
      OVERTIME_MESSAGE_EVENT              = "sqs"
      OVERTIME_PAYLOAD_BUCKET             = "overtime-payloads-1"
      OVERTIME_QUEUE_ARN                  = "arn:aws-cn:sqs:cn-north-1:111122223333:made"
      OVERTIME_QUEUE_URL                  = "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/made"
      OVERTIME_REPORT_BATCH_ITEM_FAILURES = "true"
      OVERTIME_RUNTIME                    = "nodejs22.x"
      OVERTIME_RUNTIME_CONTAINER          = "package"
      OVERTIME_STOP_TIMEOUT_SECONDS       = "120"
    }
    error_message = "A function gets Lambda's own event of a batch of messages."
  }
  assert {
    condition = aws_lambda_function.dispatcher_function.environment[0].variables == tomap({
      OVERTIME_ASSIGN_PUBLIC_IP    = "ENABLED"
      OVERTIME_CAPACITY            = "FARGATE"
      OVERTIME_CAPACITY_FALLBACK   = ""
      OVERTIME_CLUSTER             = "arn:aws-cn:ecs:cn-north-1:111122223333:cluster/overtime"
      OVERTIME_CONCURRENCY         = "1"
      OVERTIME_IGNORE_CASE         = "false"
      OVERTIME_JOBS_TABLE          = "scenes-jobs"
      OVERTIME_MAX_WORKERS         = "10"
      OVERTIME_MESSAGES_PER_WORKER = "10"
      OVERTIME_MIN_WORKERS         = "0"
      OVERTIME_OUTPUT_BUCKET       = ""
      OVERTIME_OUTPUT_PREFIX       = ""
      OVERTIME_PREFIXES            = "[]"
      OVERTIME_QUEUE_URL           = "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/made"
      OVERTIME_SECURITY_GROUPS     = "sg-0a"
      OVERTIME_SERVICE             = "scenes"
      OVERTIME_SUBNETS             = "subnet-0a,subnet-0b"
      OVERTIME_SUFFIXES            = "[]"
      OVERTIME_TASK_DEFINITION     = "scenes"
      OVERTIME_WORKERS             = "tasks"
    })
    error_message = "The dispatcher starts tasks of the worker's family where the module says."
  }
  assert {
    condition     = aws_cloudwatch_event_target.sweep_target.input == "{\"action\":\"sweep\"}" && aws_cloudwatch_event_rule.sweep.schedule_expression == "rate(1 minute)"
    error_message = "No message is without a worker for longer than a minute."
  }
  assert {
    condition     = jsondecode(aws_iam_policy.worker_policy["scenes"].policy).Statement[3].Resource == ["arn:aws-cn:s3:::NONE/*"][0] && jsondecode(aws_iam_policy.worker_policy["scenes"].policy).Statement[4].Resource == "arn:aws-cn:s3:::NONE/*"
    error_message = "Without a bucket workers may read and write none: none has such a name."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.late_messages_alarm.threshold == 3600 && aws_cloudwatch_metric_alarm.missing_workers_alarm.dimensions == tomap({ service = "made" })
    error_message = "A message that is an hour old raises the alarm, and so does a worker that is missing."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    qualifier                  = null
    package_type               = null
    image_config               = null
    architecture               = null
    image                      = null
    command                    = null
    message_event              = null
    batch_size                 = null
    batch_window_seconds       = null
    report_batch_item_failures = null
    timeout_seconds            = null
    max_receive_count          = null
    unpack                     = null
    output_bucket_name         = null
    output_prefix              = null
    output_required            = null
    cpu                        = null
    memory_mib                 = null
    ephemeral_storage_gib      = null
    capacity                   = null
    capacity_fallback          = null
    environment                = null
    concurrency                = null
    policy_arns                = null
    task_role_arn              = null
    read_only_root             = null
    idle_seconds               = null
    workers                    = null
    min_workers                = null
    max_workers                = null
    messages_per_worker        = null
    queue                      = null
    queue_arn                  = null
    fifo                       = null
    queue_kms_key_arn          = null
    bucket                     = null
    bucket_name                = null
    bucket_events              = null
    bucket_kms_key_arn         = null
    noncurrent_version_days    = null
    bucket_force_destroy       = null
    prefixes                   = null
    suffixes                   = null
    ignore_case                = null
    late_message_seconds       = null
    dispatcher_architecture    = null
    log_retention_days         = null
    ec2_capacity_provider      = null
    runner_images              = null
    image_repository_url       = null
    base_image_prefix          = null
    layer_arns                 = null
    kms_key_arns               = null
    alarm_actions              = null
  }

  assert {
    condition     = keys(aws_ecs_task_definition.worker_on_base_images) == ["scenes"] && aws_cloudwatch_metric_alarm.late_messages_alarm.threshold == 3600
    error_message = "A variable that is set to null has its default."
  }
}

run "objects_of_a_new_bucket" {
  variables {
    function_name   = null
    runtime         = null
    image           = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/scenes:1"
    command         = ["render", "say \"hi\""]
    bucket          = "new"
    prefixes        = ["in put/", "täglich/"]
    suffixes        = [".zip", ".tar"]
    output_prefix   = "pictures/"
    read_only_root  = true
    timeout_seconds = 3600
    environment     = { OVERTIME_QUEUE_URL = "elsewhere", COLOUR = "blue" }
  }

  assert {
    condition     = aws_s3_bucket.objects[0].bucket_prefix == "scenes-objects-" && aws_s3_bucket_versioning.objects_versioning[0].versioning_configuration[0].status == "Enabled"
    error_message = "The bucket keeps each version of an object."
  }
  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.objects_encryption[0].rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256" && aws_s3_bucket_public_access_block.objects_public_access[0].restrict_public_buckets
    error_message = "The bucket is encrypted, and nothing of it is public."
  }
  assert {
    condition     = jsondecode(aws_s3_bucket_policy.objects_policy[0].policy).Statement[0].Resource == ["arn:aws-cn:s3:::scenes-objects-1", "arn:aws-cn:s3:::scenes-objects-1/*"]
    error_message = "Nobody speaks to the bucket without TLS."
  }
  assert {
    condition = [for each in aws_s3_bucket_notification.notification[0].lambda_function : [each.filter_prefix, each.filter_suffix]] == [
      ["in+put/", ".zip"],
      ["in+put/", ".tar"],
      ["t%C3%A4glich/", ".zip"],
      ["t%C3%A4glich/", ".tar"],
    ]
    error_message = "S3 tells of the keys that are meant, which it compares encoded."
  }
  assert {
    condition     = alltrue([for each in aws_s3_bucket_notification.notification[0].lambda_function : each.events == toset(["s3:ObjectCreated:*"])]) && aws_lambda_permission.notification_permission[0].source_arn == "arn:aws-cn:s3:::scenes-objects-1" && aws_lambda_permission.notification_permission[0].source_account == "111122223333"
    error_message = "The bucket of this account, and no other, invokes the dispatcher for objects that were created."
  }
  assert {
    condition     = length(aws_cloudwatch_event_rule.object_events) == 0 && output.bucket_name == "scenes-objects-1"
    error_message = "Nobody tells of an object twice."
  }
  assert {
    condition = { for each in jsondecode(aws_ecs_task_definition.worker["scenes"].container_definitions)[0].environment : each.name => each.value } == {
      AWS_REGION                     = "cn-north-1"
      COLOUR                         = "blue"
      OVERTIME_COMMAND               = "[\"render\",\"say \\\"hi\\\"\"]"
      OVERTIME_CONCURRENCY           = "1"
      OVERTIME_DEAD_LETTER_QUEUE_URL = "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/made"
      OVERTIME_IDLE_SECONDS          = "60"
      OVERTIME_JOBS_TABLE            = "scenes-jobs"
      OVERTIME_MAX_RECEIVE_COUNT     = "5"
      OVERTIME_MESSAGE_EVENT         = "objects"
      OVERTIME_OUTPUT_PREFIX         = "pictures/"
      OVERTIME_OUTPUT_REQUIRED       = "false"
      OVERTIME_PAYLOAD_BUCKET        = "overtime-payloads-1"
      OVERTIME_QUEUE_ARN             = "arn:aws-cn:sqs:cn-north-1:111122223333:made"
      OVERTIME_QUEUE_URL             = "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/made"
      OVERTIME_STOP_TIMEOUT_SECONDS  = "120"
      OVERTIME_TIMEOUT_SECONDS       = "3600"
      OVERTIME_UNPACK                = "zip"
      OVERTIME_WORK_ROOT             = "/work"
    }
    error_message = "A command gets objects, and a variable of one's own hides none of the worker's."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.worker["scenes"].container_definitions)[0].readonlyRootFilesystem && jsondecode(aws_ecs_task_definition.worker["scenes"].container_definitions)[0].mountPoints == [{ containerPath = "/work", readOnly = false, sourceVolume = "work" }] && one(aws_ecs_task_definition.worker["scenes"].volume).name == "work"
    error_message = "The worker writes to its volume alone."
  }
  assert {
    condition     = jsondecode(aws_iam_policy.worker_policy["scenes"].policy).Statement[3].Resource == "arn:aws-cn:s3:::scenes-objects-1/*" && jsondecode(aws_iam_policy.worker_policy["scenes"].policy).Statement[4].Resource == "arn:aws-cn:s3:::scenes-objects-1/pictures/*"
    error_message = "A worker reads the bucket, and writes under the prefix alone."
  }
  assert {
    condition     = jsondecode(aws_lambda_function.dispatcher_function.environment[0].variables.OVERTIME_PREFIXES) == ["in put/", "täglich/"] && aws_lambda_function.dispatcher_function.environment[0].variables.OVERTIME_OUTPUT_PREFIX == "pictures/"
    error_message = "The dispatcher knows keys as they are, and where outputs go."
  }
}

run "every_variable_set" {
  variables {
    name                       = "orders"
    function_name              = "report"
    qualifier                  = "live"
    package_type               = "Image"
    image_config               = { command = ["app.handler"] }
    runtime                    = null
    architecture               = "arm64"
    message_event              = "body"
    batch_size                 = 1
    report_batch_item_failures = false
    timeout_seconds            = 42600
    max_receive_count          = 2
    cpu                        = 300
    memory_mib                 = 4000
    capacity                   = "EC2"
    ec2_capacity_provider      = "orders-instances"
    environment                = { AWS_REGION = "us-east-1" }
    policy_arns                = ["arn:aws-cn:iam::111122223333:policy/orders"]
    task_role_arn              = "arn:aws-cn:iam::111122223333:role/orders"
    workers                    = "service"
    min_workers                = 1
    max_workers                = 3
    messages_per_worker        = 5
    queue                      = "existing"
    queue_arn                  = "arn:aws-cn:sqs:cn-north-1:111122223333:orders.fifo"
    fifo                       = true
    queue_kms_key_arn          = "arn:aws-cn:kms:cn-north-1:111122223333:key/1111"
    bucket                     = "existing"
    bucket_name                = "my-orders"
    bucket_kms_key_arn         = "arn:aws-cn:kms:cn-north-1:111122223333:key/2222"
    output_bucket_name         = "my-reports"
    prefixes                   = ["in*/"]
    suffixes                   = [".csv"]
    late_message_seconds       = 60
    dispatcher_architecture    = "x86_64"
    log_retention_days         = 7
    base_image_prefix          = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/mirror/lambda"
    layer_arns                 = ["arn:aws-cn:lambda:cn-north-1:111122223333:layer:fonts:*"]
    kms_key_arns               = ["arn:aws-cn:kms:cn-north-1:111122223333:key/3333"]
    alarm_actions              = ["arn:aws-cn:sns:cn-north-1:111122223333:pager"]
  }

  assert {
    condition     = length(aws_sqs_queue.queue) == 0 && output.queue_url == "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/orders.fifo" && data.aws_sqs_queue.existing_queue[0].name == "orders.fifo"
    error_message = "The queue that exists is worked on, and not made anew."
  }
  assert {
    condition     = aws_sqs_queue.dead_letters.name == "orders-dead-letters.fifo" && aws_sqs_queue.dead_letters.fifo_queue && aws_sqs_queue.dead_letters.kms_master_key_id == "arn:aws-cn:kms:cn-north-1:111122223333:key/1111"
    error_message = "What is set aside is of the queue's kind, under the same key."
  }
  assert {
    condition     = jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letters_source.redrive_allow_policy) == { redrivePermission = "byQueue", sourceQueueArns = ["arn:aws-cn:sqs:cn-north-1:111122223333:orders.fifo"] }
    error_message = "Only the queue may have the dead-letter queue."
  }
  assert {
    condition     = length(aws_s3_bucket.objects) == 0 && length(aws_s3_bucket_notification.notification) == 0
    error_message = "The bucket that exists keeps its notifications."
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.object_events[0].event_pattern) == {
      source      = ["aws.s3"]
      detail-type = ["Object Created"]
      detail = {
        bucket = { name = ["my-orders"] }
        object = { key = [{ wildcard = "in\\*/*.csv" }] }
      }
    }
    error_message = "EventBridge tells of the keys that are meant."
  }
  assert {
    condition     = aws_ecs_service.workers["orders"].desired_count == 1 && one(aws_ecs_service.workers["orders"].capacity_provider_strategy).capacity_provider == "orders-instances" && !one(aws_ecs_service.workers["orders"].network_configuration).assign_public_ip && output.service_name == "orders"
    error_message = "The service has its least number of workers, on instances without a public address."
  }
  assert {
    condition     = jsondecode(aws_lambda_function.dispatcher_function.environment[0].variables.OVERTIME_CAPACITY) == [{ capacityProvider = "orders-instances", weight = 1 }] && aws_lambda_function.dispatcher_function.environment[0].variables.OVERTIME_ASSIGN_PUBLIC_IP == "DISABLED" && aws_lambda_function.dispatcher_function.environment[0].variables.OVERTIME_OUTPUT_BUCKET == "my-reports"
    error_message = "The dispatcher knows the instances by their capacity provider."
  }
  assert {
    condition     = [for each in jsondecode(aws_ecs_task_definition.worker_of_image["orders"].container_definitions)[0].environment : each.name if contains(["OVERTIME_BATCH_SIZE", "OVERTIME_IDLE_SECONDS", "OVERTIME_UNPACK", "OVERTIME_OUTPUT_BUCKET"], each.name)] == []
    error_message = "A message's body is no batch and no object, and workers of a service do not end."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.worker_of_image["orders"].container_definitions)[1].command == ["app.handler"] && aws_ecs_task_definition.worker_of_image["orders"].task_role_arn == "arn:aws-cn:iam::111122223333:role/orders"
    error_message = "The function's image is told what the variable says, and has the role that is given."
  }
  assert {
    condition     = { for each in jsondecode(aws_iam_policy.worker_policy["orders"].policy).Statement : each.Sid => each.Resource if startswith(each.Sid, "Use") || endswith(each.Sid, "Objects") } == { ReadObjects = "arn:aws-cn:s3:::my-orders/*", WriteObjects = "arn:aws-cn:s3:::my-reports/*", TellMissingObjects = "arn:aws-cn:s3:::my-orders", UseQueueKey = "arn:aws-cn:kms:cn-north-1:111122223333:key/1111", UseBucketKey = "arn:aws-cn:kms:cn-north-1:111122223333:key/2222" }
    error_message = "Workers may use what they are given, and nothing else."
  }
  assert {
    condition     = { for key, one in aws_iam_role_policy_attachment.worker_own : key => one.policy_arn } == { "orders/0" = "arn:aws-cn:iam::111122223333:policy/orders" }
    error_message = "The policies that are given are attached."
  }
}

run "notifications_of_a_bucket_that_exists" {
  variables {
    bucket        = "existing"
    bucket_name   = "my-orders"
    bucket_events = "notification"
    prefixes      = ["In/"]
    ignore_case   = true
  }

  assert {
    condition     = aws_s3_bucket_notification.notification[0].bucket == "my-orders" && alltrue([for each in aws_s3_bucket_notification.notification[0].lambda_function : each.filter_prefix == null && each.filter_suffix == null]) && length(aws_cloudwatch_event_rule.object_events) == 0
    error_message = "Notifications are an explicit choice, and in either case of letters the dispatcher alone tells what is meant."
  }
}

run "events_of_a_new_bucket" {
  variables {
    bucket               = "new"
    bucket_name          = "my-scenes"
    bucket_events        = "eventbridge"
    bucket_kms_key_arn   = "arn:aws-cn:kms:cn-north-1:111122223333:key/2222"
    bucket_force_destroy = true
    suffixes             = [".zip", ".tar"]
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.object_events[0].event_pattern).detail.object.key == [{ suffix = ".zip" }, { suffix = ".tar" }]
    error_message = "One of the suffixes has to fit."
  }
  assert {
    condition     = aws_s3_bucket_notification.notification[0].eventbridge && length(aws_s3_bucket_notification.notification[0].lambda_function) == 0
    error_message = "A new bucket sends its events to EventBridge."
  }
  assert {
    condition     = aws_s3_bucket.objects[0].bucket == "my-scenes" && one(aws_s3_bucket_server_side_encryption_configuration.objects_encryption[0].rule).apply_server_side_encryption_by_default[0].kms_master_key_id == "arn:aws-cn:kms:cn-north-1:111122223333:key/2222"
    error_message = "The bucket has the name and the key that are given."
  }
}
