mock_provider "aws" {}

variables {
  vpc_id = "vpc-0a1b2c3d"
}

run "defaults" {
  command = plan

  assert {
    condition     = aws_ecs_cluster.cluster.name == "overtime"
    error_message = "The name defaults to overtime."
  }
  assert {
    condition     = one(aws_ecs_cluster.cluster.setting) == { name = "containerInsights", value = "disabled" }
    error_message = "Container Insights costs money, so it is off."
  }
  assert {
    condition     = one(aws_ecs_cluster_capacity_providers.capacity.default_capacity_provider_strategy).capacity_provider == "FARGATE"
    error_message = "Tasks that name no capacity go to Fargate."
  }
  assert {
    condition     = aws_cloudwatch_log_group.logs.name == "/ecs/overtime" && aws_cloudwatch_log_group.logs.retention_in_days == 30
    error_message = "The tasks' log is kept for 30 days."
  }
  assert {
    condition     = length(aws_launch_template.instance) == 0 && length(aws_autoscaling_group.instance_group) == 0 && length(aws_iam_role.instance_role) == 0 && output.ec2_capacity_provider == "" && aws_ecs_cluster_capacity_providers.capacity.capacity_providers == toset(["FARGATE", "FARGATE_SPOT"])
    error_message = "There are no instances that nobody asked for."
  }
  assert {
    condition     = length(aws_security_group.tasks.egress) == 1 && aws_security_group.tasks.vpc_id == "vpc-0a1b2c3d"
    error_message = "Tasks call out."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    name               = null
    container_insights = null
    default_capacity   = null
    ec2_capacity       = null
    subnet_ids         = null
    log_retention_days = null
  }

  assert {
    condition     = output.cluster_name == "overtime" && output.log_group_name == "/ecs/overtime"
    error_message = "A variable that is set to null has its default."
  }
}

run "every_variable_set" {
  command = plan

  variables {
    name               = "reports-2"
    container_insights = "enhanced"
    default_capacity   = "FARGATE_SPOT"
    ec2_capacity       = { instance_type = "m7g.large", architecture = "arm64", desired = 2, min = 1, max = 8, disk_gib = 100 }
    subnet_ids         = ["subnet-0a", "subnet-0b"]
    log_retention_days = 3653
  }

  assert {
    condition     = one(aws_ecs_cluster.cluster.setting).value == "enhanced"
    error_message = "Container Insights is what the variable says."
  }
  assert {
    condition     = one(aws_ecs_cluster_capacity_providers.capacity.default_capacity_provider_strategy).capacity_provider == "FARGATE_SPOT"
    error_message = "Tasks that name no capacity go where the variable says."
  }
  assert {
    condition     = aws_launch_template.instance["ec2"].image_id == "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id" && one(one(aws_launch_template.instance["ec2"].block_device_mappings).ebs).volume_size == 100 && [aws_autoscaling_group.instance_group["ec2"].desired_capacity, aws_autoscaling_group.instance_group["ec2"].min_size, aws_autoscaling_group.instance_group["ec2"].max_size] == [2, 1, 8] && aws_autoscaling_group.instance_group["ec2"].vpc_zone_identifier == toset(["subnet-0a", "subnet-0b"])
    error_message = "The instances are what the variable says."
  }
  assert {
    condition     = aws_cloudwatch_log_group.logs.retention_in_days == 3653
    error_message = "The tasks' log is kept as long as the variable says."
  }
  assert {
    condition     = output.cluster_name == "reports-2" && aws_security_group.tasks.name == "reports-2-tasks"
    error_message = "The name begins those of the resources."
  }
}

# The instances that the configuration of cumulus-ecs-task asks for.
run "instances_of_the_seed" {
  override_resource {
    target = aws_ecs_cluster.cluster
    values = { arn = "arn:aws:ecs:eu-west-1:111122223333:cluster/overtime" }
  }
  override_resource {
    target = aws_autoscaling_group.instance_group
    values = { arn = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:0a:autoScalingGroupName/overtime" }
  }
  override_resource {
    target = aws_iam_instance_profile.instance_profile
    values = { arn = "arn:aws:iam::111122223333:instance-profile/overtime" }
  }
  override_resource {
    target = aws_launch_template.instance
    values = { id = "lt-0123456789abcdef0", latest_version = 1 }
  }

  variables {
    ec2_capacity = { instance_type = "t2.large" }
    subnet_ids   = ["subnet-0a"]
  }

  assert {
    condition     = aws_launch_template.instance["ec2"].instance_type == "t2.large" && aws_launch_template.instance["ec2"].image_id == "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
    error_message = "An instance starts with AWS's newest image for ECS."
  }
  assert {
    condition     = base64decode(aws_launch_template.instance["ec2"].user_data) == "#!/bin/bash\ncat >>/etc/ecs/ecs.config <<END\nECS_CLUSTER=overtime\nECS_AWSVPC_BLOCK_IMDS=true\nECS_ENABLE_TASK_ENI=true\nEND\n"
    error_message = "An instance joins the cluster, and gives tasks no metadata of its own."
  }
  assert {
    condition     = [aws_autoscaling_group.instance_group["ec2"].desired_capacity, aws_autoscaling_group.instance_group["ec2"].min_size, aws_autoscaling_group.instance_group["ec2"].max_size] == [1, 0, 4]
    error_message = "There is one instance at first, and up to four."
  }
  assert {
    condition     = output.ec2_capacity_provider == "ec2-overtime" && aws_ecs_cluster_capacity_providers.capacity.capacity_providers == toset(["FARGATE", "FARGATE_SPOT", "ec2-overtime"])
    error_message = "The cluster has the instances beside Fargate."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.instance_policy["ec2"].policy).Statement[2].Resource == "arn:aws:ecs:eu-west-1:111122223333:container-instance/overtime/*"
    error_message = "An instance hears of this cluster."
  }
}
