//! A function as a Rust user writes it, with one behaviour for each handler name.

use lambda_runtime::{run, service_fn, Diagnostic, Error, LambdaEvent};
use serde_json::{json, Value};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Named as the user wants it: without this, Lambda is told the name of the Rust type.
fn value_error(message: &str) -> Diagnostic {
    Diagnostic {
        error_type: "ValueError".to_owned(),
        error_message: message.to_owned(),
    }
}

fn now_in_milliseconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |time| time.as_millis() as u64)
}

async fn handle(handler: &str, invocation: LambdaEvent<Value>) -> Result<Value, Diagnostic> {
    let LambdaEvent { payload, context } = invocation;
    match handler {
        "app.answers" => {
            let layered = Command::new("layered").output().map_err(|error| value_error(&error.to_string()))?;
            println!("a line of output");
            Ok(json!({
                "event": payload,
                "requestId": context.request_id,
                "arn": context.invoked_function_arn,
                "hasTime": context.deadline > now_in_milliseconds() + 3_600_000,
                "layered": String::from_utf8_lossy(&layered.stdout).trim(),
            }))
        }
        "app.fails" => Err(value_error("grüße, 世界")),
        "app.crashes" => std::process::exit(3),
        "app.hangs" => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            Ok(Value::Null)
        }
        "app.prints_much" => {
            let times = payload["times"].as_u64().unwrap_or(0) as usize;
            Ok(Value::String("ü".repeat(times)))
        }
        other => Err(value_error(other)),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    if std::env::var("FAIL_AT_START").as_deref() == Ok("yes") {
        return Err("at the start".into());
    }
    let handler = std::env::var("_HANDLER")?;
    let handler = handler.as_str();
    run(service_fn(move |invocation| handle(handler, invocation))).await
}
