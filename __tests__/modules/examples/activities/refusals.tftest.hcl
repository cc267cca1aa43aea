# Each run gives several variables a wrong value at once: the validation of each refuses it. One run for each would take
# half a second each.

mock_provider "aws" {}

variables {
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
  activities          = { a = { function_name = "a", runtime = "nodejs22.x" } }
}

run "wrong_values_1" {
  command = plan

  variables {
    # Name in capitals.
    name = "Overtime"

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
    kms_key_arns = ["arn:aws:kms:eu-west-1:111122223333:alias/functions"]

    # Alarm to a queue.
    alarm_actions = ["arn:aws:sqs:eu-west-1:111122223333:pager"]

    # Threshold of 0.
    failed_tasks_threshold = 0

    # Late after no time.
    late_start_seconds = 0
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
    var.failed_tasks_threshold,
    var.late_start_seconds,
  ]
}

run "wrong_values_2" {
  command = plan

  variables {
    # Too many alarm actions.
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:pager-${number}"]

    # Too many keys.
    kms_key_arns = [for number in range(11) : "arn:aws:kms:eu-west-1:111122223333:key/${number}"]

    # No layer.
    layer_arns = []

    # No security group.
    security_group_ids = []

    # Subnet by name.
    subnet_ids = ["private"]
  }

  expect_failures = [
    var.alarm_actions,
    var.kms_key_arns,
    var.layer_arns,
    var.security_group_ids,
    var.subnet_ids,
  ]
}

run "key_with_a_space" {
  command = plan

  variables {
    activities = { "a b" = { function_name = "a", runtime = "nodejs22.x" } }
  }

  expect_failures = [var.activities]
}

run "key_of_53_characters" {
  command = plan

  variables {
    activities = { aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = { function_name = "a", runtime = "nodejs22.x" } }
  }

  expect_failures = [var.activities]
}

run "nothing_that_does_the_work" {
  command = plan

  variables {
    activities = { a = { runtime = "nodejs22.x" } }
  }

  expect_failures = [var.activities]
}

run "two_that_do_the_work" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", image = "example.org/worker:1", command = ["work"] } }
  }

  expect_failures = [var.activities]
}

run "version_of_a_command" {
  command = plan

  variables {
    activities = { a = { image = "example.org/worker:1", command = ["work"], qualifier = "live" } }
  }

  expect_failures = [var.activities]
}

run "image_for_a_function_that_is_one" {
  command = plan

  variables {
    activities = { a = { function_name = "a", package_type = "Image", image = "example.org/worker:1" } }
  }

  expect_failures = [var.activities]
}

run "image_config_for_a_zip" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", image_config = { command = ["x"] } } }
  }

  expect_failures = [var.activities]
}

run "no_runtime" {
  command = plan

  variables {
    activities = { a = { function_name = "a" } }
  }

  expect_failures = [var.activities]
}

run "idle_end_in_a_service" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", idle_seconds = 60 } }
  }

  expect_failures = [var.activities]
}

run "disk_on_an_instance" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", capacity = "EC2", ephemeral_storage_gib = 21 } }
  }

  expect_failures = [var.activities]
}

run "function_with_a_qualifier" {
  command = plan

  variables {
    activities = { a = { function_name = "a:1", runtime = "nodejs22.x" } }
  }

  expect_failures = [var.activities]
}

run "package_of_another_type" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", package_type = "Tar" } }
  }

  expect_failures = [var.activities]
}

run "runtime_that_lambda_has_not" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "cobol" } }
  }

  expect_failures = [var.activities]
}

run "architecture_that_lambda_has_not" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", architecture = "mips" } }
  }

  expect_failures = [var.activities]
}

run "capacity_that_ecs_has_not" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", capacity = "SPOT" } }
  }

  expect_failures = [var.activities]
}

run "size_that_fargate_has_not" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", memory_mib = 4000 } }
  }

  expect_failures = [var.activities]
}

run "cpu_that_an_instance_has_not" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", capacity = "EC2", cpu = 64 } }
  }

  expect_failures = [var.activities]
}

run "memory_that_an_instance_has_not" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", capacity = "EC2", memory_mib = 4 } }
  }

  expect_failures = [var.activities]
}

run "disk_of_20_gib" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", ephemeral_storage_gib = 20 } }
  }

  expect_failures = [var.activities]
}

run "half_a_worker" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", count = 0.5 } }
  }

  expect_failures = [var.activities]
}

run "no_task_at_once" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", concurrency = 0 } }
  }

  expect_failures = [var.activities]
}

run "heartbeat_too_fast" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", heartbeat_seconds = 9 } }
  }

  expect_failures = [var.activities]
}

run "task_of_no_time" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", timeout_seconds = 0 } }
  }

  expect_failures = [var.activities]
}

run "idle_for_no_time" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", count = 0, idle_seconds = 0 } }
  }

  expect_failures = [var.activities]
}

run "fewer_than_no_retries" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", retries = -1 } }
  }

  expect_failures = [var.activities]
}

run "policy_by_name" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", policy_arns = ["granules"] } }
  }

  expect_failures = [var.activities]
}

run "ten_policies" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", policy_arns = [for each in range(10) : "arn:aws:iam::aws:policy/p${each}"] } }
  }

  expect_failures = [var.activities]
}

run "role_by_name" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", task_role_arn = "granules" } }
  }

  expect_failures = [var.activities]
}

run "commands_beside_a_runtime" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", commands = ["--heartbeat", "1000"] } }
  }

  expect_failures = [var.activities]
}

run "two_tasks_for_one_runtime_of_an_image" {
  command = plan

  variables {
    activities = { a = { function_name = "a", package_type = "Image", concurrency = 2 } }
  }

  expect_failures = [var.activities]
}

run "instances_that_are_not_there" {
  command = plan

  variables {
    activities = { a = { function_name = "a", runtime = "nodejs22.x", capacity = "EC2" } }
  }

  expect_failures = [var.activities]
}
