// A function as a Go user writes it, with one behaviour for each handler name.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type ValueError struct{ error }

func answers(ctx context.Context, event json.RawMessage) (any, error) {
	layered, err := exec.Command("layered").Output()
	if err != nil {
		return nil, err
	}
	invocation, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	fmt.Println("a line of output")
	return map[string]any{
		"event":     event,
		"requestId": invocation.AwsRequestID,
		"arn":       invocation.InvokedFunctionArn,
		"hasTime":   time.Until(deadline) > time.Hour,
		"layered":   strings.TrimSpace(string(layered)),
	}, nil
}

func fails() error {
	return ValueError{errors.New("grüße, 世界")}
}

func crashes() {
	os.Exit(3)
}

func hangs() {
	time.Sleep(10 * time.Minute)
}

func printsMuch(event struct{ Times int }) (string, error) {
	return strings.Repeat("ü", event.Times), nil
}

func main() {
	if os.Getenv("FAIL_AT_START") == "yes" {
		panic("at the start")
	}
	lambda.Start(map[string]any{
		"app.answers":     answers,
		"app.fails":       fails,
		"app.crashes":     crashes,
		"app.hangs":       hangs,
		"app.prints_much": printsMuch,
	}[os.Getenv("_HANDLER")])
}
