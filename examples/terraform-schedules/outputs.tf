output "registrar_function_name" {
  description = "Invoke this Lambda function to put, list, pause, resume and trigger schedules."
  value       = module.schedules.registrar_function_name
}

output "schedules_table_name" {
  description = "The rows of the schedules are there."
  value       = module.schedules.schedules_table_name
}

output "schedule_group_name" {
  description = "EventBridge Scheduler's group of the schedules that it fires."
  value       = module.eventbridge_schedules.schedule_group_name
}

output "image_repository_url" {
  description = "With runner_images = \"repository\", push the runner's images there: npm run images -- --push --repository URL. Else null: there is nothing to push."
  value       = module.overtime.image_repository_url
}

output "ledger_table_name" {
  description = "The runs are there."
  value       = module.overtime.ledger_table_name
}
