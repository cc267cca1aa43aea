output "function_name" {
  description = "Invoke this Lambda function to run another one."
  value       = module.overtime.function_name
}

output "image_repository_url" {
  description = "With runner_images = \"repository\", push the runner's images there: npm run images -- --push --repository URL. Else null: there is nothing to push."
  value       = module.overtime.image_repository_url
}

output "log_group_name" {
  description = "What the functions print is there."
  value       = module.overtime.log_group_name
}
