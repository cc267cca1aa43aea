output "sql" {
  description = "SQL to run in the database shop as its administrator, in this order: terraform output -raw sql | psql shop."
  value = join("\n", [
    module.purchases.setup_sql,
    module.purchases.outbox_install_sql,
    module.purchases.install_sql["purchases"],
  ])
}

output "schedule_sql" {
  description = "SQL to run in the database postgres, where pg_cron is."
  value       = "CREATE EXTENSION IF NOT EXISTS pg_cron;\n${module.purchases.outbox_schedule_sql}"
}

output "drop_sql" {
  description = "SQL to run in the database shop before this configuration is destroyed."
  value       = module.purchases.drop_sql["purchases"]
}

output "dead_letter_queue_url" {
  description = "URL of the queue of events for which nothing could be started."
  value       = module.purchases.dead_letter_queue_url
}
