# Each run gives several variables a wrong value at once: the validation of each refuses it. One run for each would take
# half a second each. A validation that looks at another variable is not evaluated where that one is refused, or looks at
# one that is, and so they are in several runs.

mock_provider "aws" {}

variables {
  name                = "scenes"
  cluster_arn         = "arn:aws:ecs:eu-west-1:111122223333:cluster/overtime"
  subnet_ids          = ["subnet-0a"]
  security_group_ids  = ["sg-0a"]
  assign_public_ip    = false
  log_group_name      = "/ecs/overtime"
  log_group_arn       = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime"
  payload_bucket_name = "overtime-payloads-1"
  payload_bucket_arn  = "arn:aws:s3:::overtime-payloads-1"
  program_key         = "programs/0a/runner-program.js.gz"
  program_sha256      = "0a"
  function_name       = "render"
  runtime             = "nodejs22.x"
}

run "wrong_values_1" {
  command = plan

  variables {
    # Name in capitals.
    name = "Scenes"

    # Cluster by name.
    cluster_arn = "overtime"

    # No subnet.
    subnet_ids = []

    # Security group by name.
    security_group_ids = ["tasks"]

    # Log group with its streams.
    log_group_arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime:*"

    # Bucket by name.
    payload_bucket_arn = "overtime-payloads-1"

    # Images from nowhere.
    runner_images = "docker"

    # Layer without version.
    layer_arns = ["arn:aws:lambda:eu-west-1:111122223333:layer:fonts"]

    # Alias of a key.
    kms_key_arns = ["arn:aws:kms:eu-west-1:111122223333:alias/a"]

    # Alarm to a queue.
    alarm_actions = ["arn:aws:sqs:eu-west-1:111122223333:pager"]

    # Architecture without bits.
    architecture = "arm"

    # Bucket that is neither.
    bucket = "old"

    # Alias of the key of the bucket.
    bucket_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:alias/a"

    # Architecture of the dispatcher.
    dispatcher_architecture = "arm"

    # Late after less than a minute.
    late_message_seconds = 59

    # Days that CloudWatch Logs does not know.
    log_retention_days = 31

    # No try.
    max_receive_count = 0

    # No worker.
    max_workers = 0

    # Worker for no message.
    messages_per_worker = 0

    # Bucket of outputs in capitals.
    output_bucket_name = "My-Bucket"

    # Prefix with a slash before it.
    output_prefix = "/pictures"

    # Package that Lambda has not.
    package_type = "Jar"

    # Policy by name.
    policy_arns = ["scenes"]

    # Queue that is neither.
    queue = "old"

    # Alias of the key of the queue.
    queue_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:alias/a"

    # Role by name.
    task_role_arn = "scenes"

    # Archive that is no zip.
    unpack = "tar"

    # Workers of neither kind.
    workers = "functions"
  }

  expect_failures = [
    var.name,
    var.cluster_arn,
    var.subnet_ids,
    var.security_group_ids,
    var.log_group_arn,
    var.payload_bucket_arn,
    var.runner_images,
    var.layer_arns,
    var.kms_key_arns,
    var.alarm_actions,
    var.architecture,
    var.bucket,
    var.bucket_kms_key_arn,
    var.dispatcher_architecture,
    var.late_message_seconds,
    var.log_retention_days,
    var.max_receive_count,
    var.max_workers,
    var.messages_per_worker,
    var.output_bucket_name,
    var.output_prefix,
    var.package_type,
    var.policy_arns,
    var.queue,
    var.queue_kms_key_arn,
    var.task_role_arn,
    var.unpack,
    var.workers,
  ]
}

run "wrong_values_2" {
  command = plan

  variables {
    # No message at once.
    concurrency = 0

    # Disk that Fargate gives anyway.
    ephemeral_storage_gib = 20

    # Function with a space.
    function_name = "my function"

    # Size that Fargate has not.
    memory_mib = 2000

    # Less than no worker.
    min_workers = -1

    # No time.
    timeout_seconds = 0

    # Runtime without a version.
    runtime = "nodejs"
  }

  expect_failures = [
    var.concurrency,
    var.ephemeral_storage_gib,
    var.function_name,
    var.memory_mib,
    var.min_workers,
    var.timeout_seconds,
    var.runtime,
  ]
}

run "wrong_values_3" {
  command = plan

  variables {
    # Empty suffix.
    suffixes = [""]

    # Empty prefix.
    prefixes = [""]

    # Versions for no day.
    noncurrent_version_days = 0

    # End at once.
    idle_seconds = 0

    # Events by a topic.
    bucket_events = "sns"

    # Event of nobody.
    message_event = "sns"

    # Capacity that there is not.
    capacity = "SPOT"

    # Bucket in capitals.
    bucket_name = "My-Bucket"

    bucket = "new"
  }

  expect_failures = [
    var.suffixes,
    var.prefixes,
    var.noncurrent_version_days,
    var.idle_seconds,
    var.bucket_events,
    var.message_event,
    var.capacity,
    var.bucket_name,
  ]
}

run "wrong_values_4" {
  command = plan

  variables {
    # Subnet by name.
    subnet_ids = ["private"]

    # No security group.
    security_group_ids = []

    # Too many alarm actions.
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:pager-${number}"]

    # Too many keys.
    kms_key_arns = [for number in range(11) : "arn:aws:kms:eu-west-1:111122223333:key/${number}"]

    # No layer.
    layer_arns = []

    # Too many policies.
    policy_arns = [for number in range(10) : "arn:aws:iam::111122223333:policy/${number}"]

    # Too many prefixes.
    prefixes = [for letter in split("", "abcdefghijk") : letter]

    # Too many suffixes.
    suffixes = [for letter in split("", "abcdefghijk") : letter]

    # Neither a function nor an image.
    function_name = null

    # Neither a runtime nor an image.
    runtime = null

    # Longer than SQS hides a message of a FIFO queue.
    timeout_seconds = 42601

    # Less memory than Docker takes.
    memory_mib = 5

    # Disk of an instance.
    ephemeral_storage_gib = 30

    # Bucket that exists without a name.
    bucket_name = null

    # More at least than at most.
    min_workers = 5

    # Fallback of a service on instances.
    capacity_fallback = "FARGATE"

    # Read-only root of AWS's base image.
    read_only_root = true

    fifo                  = true
    bucket                = "existing"
    workers               = "service"
    max_workers           = 3
    capacity              = "EC2"
    ec2_capacity_provider = "instances"
  }

  expect_failures = [
    var.subnet_ids,
    var.security_group_ids,
    var.alarm_actions,
    var.kms_key_arns,
    var.layer_arns,
    var.policy_arns,
    var.prefixes,
    var.suffixes,
    var.function_name,
    var.runtime,
    var.timeout_seconds,
    var.memory_mib,
    var.ephemeral_storage_gib,
    var.bucket_name,
    var.min_workers,
    var.capacity_fallback,
    var.read_only_root,
  ]
}

run "wrong_values_5" {
  command = plan

  variables {
    # Instances that the cluster has not.
    capacity = "EC2"

    # Window of a FIFO queue.
    batch_window_seconds = 1

    fifo = true
  }

  expect_failures = [
    var.capacity,
    var.batch_window_seconds,
  ]
}

run "wrong_values_6" {
  command = plan

  variables {
    # Image of its own beside that of the function.
    image = "example.org/worker:1"

    # Two at once for the one runtime of an image.
    concurrency = 2

    # Prefix that begins with another.
    prefixes = ["in/", "in/scenes/"]

    # Suffix that ends with another.
    suffixes = ["zip", ".zip"]

    # FIFO queue that is said to be none.
    fifo = false

    # Tasks without messages.
    min_workers = 1

    package_type = "Image"
    bucket       = "new"
    queue        = "existing"
    queue_arn    = "arn:aws:sqs:eu-west-1:111122223333:orders.fifo"
  }

  expect_failures = [
    var.image,
    var.concurrency,
    var.prefixes,
    var.suffixes,
    var.fifo,
    var.min_workers,
  ]
}

run "wrong_values_7" {
  command = plan

  variables {
    # Objects for no command.
    message_event = "objects"

    # What an image is to be told, without one.
    image_config = { command = ["app.handler"] }

    # Instances in place of Spot.
    capacity_fallback = "EC2"

    # Queue that exists without an ARN.
    queue_arn = null

    queue = "existing"
  }

  expect_failures = [
    var.message_event,
    var.image_config,
    var.capacity_fallback,
    var.queue_arn,
  ]
}

run "wrong_values_8" {
  command = plan

  variables {
    # Queue by name.
    queue_arn = "orders"

    # Fewer CPU units than ECS takes on EC2.
    cpu = 100

    # Command beside a function.
    command = ["render"]

    queue                 = "existing"
    capacity              = "EC2"
    ec2_capacity_provider = "instances"
  }

  expect_failures = [
    var.queue_arn,
    var.cpu,
    var.command,
  ]
}

run "wrong_values_9" {
  command = plan

  variables {
    # Batch of none.
    batch_size = 0
  }

  expect_failures = [var.batch_size]
}

run "wrong_values_10" {
  command = plan

  variables {
    # Batch of eleven of a FIFO queue.
    batch_size = 11

    fifo = true
  }

  expect_failures = [var.batch_size]
}

run "wrong_values_11" {
  command = plan

  variables {
    # Window above five minutes.
    batch_window_seconds = 301
  }

  expect_failures = [var.batch_window_seconds]
}

run "without_effect_1" {
  command = plan

  variables {
    # Window of bodies.
    batch_window_seconds = 5

    # Outputs of a function.
    output_required = true

    # End of a worker that ECS starts again.
    idle_seconds = 61

    # Events of no bucket.
    bucket_events = "eventbridge"

    # Prefixes in no bucket.
    prefixes = ["in/"]

    # Suffixes in no bucket.
    suffixes = [".zip"]

    # Versions of no bucket.
    noncurrent_version_days = 31

    # End of no bucket.
    bucket_force_destroy = true

    message_event = "body"
    workers       = "service"
  }

  expect_failures = [
    var.batch_window_seconds,
    var.output_required,
    var.idle_seconds,
    var.bucket_events,
    var.prefixes,
    var.suffixes,
    var.noncurrent_version_days,
    var.bucket_force_destroy,
  ]
}

run "without_effect_2" {
  command = plan

  variables {
    # Version of a command.
    qualifier = "live"

    # Batch of objects.
    batch_size = 5

    # Versions of a bucket that exists.
    noncurrent_version_days = 31

    # End of a bucket that exists.
    bucket_force_destroy = true

    function_name = null
    runtime       = null
    image         = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scenes:1"
    command       = ["render"]
    bucket        = "existing"
    bucket_name   = "my-scenes"
  }

  expect_failures = [
    var.qualifier,
    var.batch_size,
    var.noncurrent_version_days,
    var.bucket_force_destroy,
  ]
}
