output "function_name" {
  description = "Invoke this Lambda function to run another one past its limit."
  value       = module.overtime.function_name
}

output "ledger_table_name" {
  description = "The runs are there."
  value       = module.overtime.ledger_table_name
}

output "log_group_name" {
  description = "What the functions print is there."
  value       = module.overtime.log_group_name
}

output "alarm_topic_arn" {
  description = "Subscribe whoever is to hear of the alarms."
  value       = aws_sns_topic.alarms.arn
}

output "registrar_function_name" {
  description = "Invoke this Lambda function to put, list, pause, resume and trigger schedules."
  value       = module.schedules.registrar_function_name
}

output "schedules_table_name" {
  description = "The rows of the schedules are there."
  value       = module.schedules.schedules_table_name
}

output "bucket_name" {
  description = "Put files here, under in/."
  value       = module.objects.bucket_name
}

output "dead_letter_queue_url" {
  description = "Files that could not be worked on are named there, with the reason."
  value       = module.objects.dead_letter_queue_url
}

output "state_machine_arn" {
  description = "Start an execution with what the function takes."
  value       = aws_sfn_state_machine.report.arn
}

output "database_role_arn" {
  description = "One of the iam_roles of the cluster of Aurora MySQL."
  value       = module.purchases.role_arn
}

output "database_parameters" {
  description = "Parameters for the cluster's parameter group."
  value       = module.purchases.cluster_parameters
}

output "database_sql" {
  description = "SQL to run in the database as its administrator: terraform output -raw database_sql | mysql shop."
  value       = join("\n", [module.purchases.setup_sql, module.purchases.install_sql["purchases"]])
}

output "drop_sql" {
  description = "SQL to run there before this configuration is destroyed."
  value       = module.purchases.drop_sql["purchases"]
}

output "router_function_name" {
  description = "What the database invokes: invoke it to see what an event starts."
  value       = module.purchases.function_name
}
