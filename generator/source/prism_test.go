package source

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/callboard-portal/callboard/generator/secret"
)

// gitHubDescription is GitHub's own description of its API, which is not part
// of this repository.
const gitHubDescription = "../../../shared/corpus/openapi/github-api.github.com.2020.json"

// TestDiscoveryAgainstPrism asks a mock server that is made
// from GitHub's own API description, not from ours. It needs npx and the
// network, so it runs only with CALLBOARD_PRISM=1; CALLBOARD_PRISM_CACHE
// names a folder for npm's downloads instead of npm's own.
func TestDiscoveryAgainstPrism(t *testing.T) {
	if os.Getenv("CALLBOARD_PRISM") == "" {
		t.Skip("set CALLBOARD_PRISM=1 to start the mock server with npx")
	}
	description, err := filepath.Abs(gitHubDescription)
	if err == nil {
		_, err = os.Stat(description)
	}
	if err != nil {
		t.Skip("the description of GitHub's API is not here")
	}
	address := startPrism(t, description)
	opt := options(t)
	names, jobs, ds := plans(t, opt, Spec{GitHub: &GitHub{Organization: "octocat", API: address, Token: secret.New("tok-en")}})
	if len(ds) != 0 || names != "octocat/Hello-World" {
		t.Fatalf("%q %v", names, ds)
	}
	if j := jobs[0]; j.remote.String() == "" || j.remote.url.Host != "github.com" || j.spec.Auth.Token.IsSet() {
		t.Errorf("%+v", j)
	}
	if names, _, ds := plans(t, opt, Spec{GitHub: &GitHub{Organization: "octocat", API: address, Topics: Filter{Include: []string{"no-such-topic"}}}}); names != "" || codes(ds) != "discovery-empty" {
		t.Errorf("%q %v", names, ds)
	}
}

// startPrism runs the mock server on a free port and returns its address.
func startPrism(t *testing.T, description string) string {
	npx, err := exec.LookPath("npx")
	if err != nil {
		t.Skip("npx is not installed")
	}
	cmd := exec.CommandContext(t.Context(), npx, "--yes", "@stoplight/prism-cli@5", "mock", "--host", "127.0.0.1", "--port", "0", description)
	cmd.Env = append(os.Environ(), "npm_config_update_notifier=false", "NO_COLOR=1")
	if cache := os.Getenv("CALLBOARD_PRISM_CACHE"); cache != "" {
		cmd.Env = append(cmd.Env, "npm_config_cache="+cache)
	}
	cmd.Stderr = os.Stderr
	cmd.WaitDelay = 5 * time.Second
	ownGroup(cmd)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Cancel(); _ = cmd.Wait() })
	found := make(chan string, 1)
	go func() {
		listening := regexp.MustCompile(`Prism is listening on (http://[0-9.:]+)`)
		s := bufio.NewScanner(out)
		for s.Scan() {
			if m := listening.FindStringSubmatch(s.Text()); m != nil {
				found <- strings.TrimSpace(m[1])
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case a := <-found:
		return a
	case <-time.After(4 * time.Minute):
		t.Fatal(fmt.Errorf("the mock server did not start"))
	}
	return ""
}
