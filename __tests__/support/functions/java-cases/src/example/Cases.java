package example;

import com.amazonaws.services.lambda.runtime.Context;
import java.util.Map;
import layered.Layered;

/** A function as a Java user writes it, with one behaviour for each handler name. */
public class Cases {
  public Cases() {
    if ("yes".equals(System.getenv("FAIL_AT_START"))) {
      throw new StartError("at the start");
    }
  }

  public Map<String, Object> answers(Map<String, Object> event, Context context) {
    System.out.println("a line of output");
    return Map.of(
        "event", event,
        "requestId", context.getAwsRequestId(),
        "arn", context.getInvokedFunctionArn(),
        "hasTime", context.getRemainingTimeInMillis() > 3_600_000,
        "layered", Layered.name());
  }

  public String fails() {
    throw new ValueError("grüße, 世界");
  }

  public String crashes() {
    System.exit(3);
    return "";
  }

  public String hangs() throws InterruptedException {
    Thread.sleep(600_000);
    return "";
  }

  public String prints_much(Map<String, Integer> event) {
    return "ü".repeat(event.get("times"));
  }

  static class StartError extends RuntimeException {
    StartError(String message) {
      super(message);
    }
  }

  static class ValueError extends RuntimeException {
    ValueError(String message) {
      super(message);
    }
  }
}
