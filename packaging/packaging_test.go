package packaging

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := fs.ReadFile(Files, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// documents decodes a YAML file strictly: a key written twice is an error.
func documents[T any](t *testing.T, name string) []T {
	t.Helper()
	dec := yaml.NewDecoder(strings.NewReader(text(t, name)))
	var out []T
	for {
		var doc T
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, doc)
	}
}

// workflow is a GitHub workflow as its schema has it, as far as it is used.
type workflow struct {
	Name string
	On   struct {
		Push               struct{ Branches []string }
		PullRequest        any                      `yaml:"pull_request"`
		Schedule           []struct{ Cron string }  `yaml:"schedule"`
		WorkflowDispatch   any                      `yaml:"workflow_dispatch"`
		RepositoryDispatch struct{ Types []string } `yaml:"repository_dispatch"`
	}
	Permissions map[string]string
	Concurrency struct {
		Group  string
		Cancel bool `yaml:"cancel-in-progress"`
	}
	Jobs map[string]job
}

type job struct {
	Needs       string
	If          string
	RunsOn      string `yaml:"runs-on"`
	Timeout     int    `yaml:"timeout-minutes"`
	Permissions map[string]string
	Environment struct{ Name, URL string }
	Outputs     map[string]string
	Steps       []step
}

type step struct {
	ID, Name, If, Uses, Run string
	With, Env               map[string]string
}

func githubWorkflow(t *testing.T) workflow {
	t.Helper()
	dec := yaml.NewDecoder(strings.NewReader(text(t, "github/portal.yml")))
	dec.KnownFields(true)
	var w workflow
	if err := dec.Decode(&w); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestGitHubWorkflowRunsOnMergeAndOnSchedule(t *testing.T) {
	w := githubWorkflow(t)
	on := documents[struct{ On map[string]any }](t, "github/portal.yml")[0].On
	for _, trigger := range []string{"push", "pull_request", "schedule", "workflow_dispatch", "repository_dispatch"} {
		if _, ok := on[trigger]; !ok {
			t.Errorf("it does not run on %s", trigger)
		}
	}
	for _, unsafe := range []string{"pull_request_target", "workflow_run", "issue_comment"} {
		if _, ok := on[unsafe]; ok {
			t.Errorf("it runs on %s, which gives strangers' changes the secrets", unsafe)
		}
	}
	if len(w.On.Schedule) != 1 || len(w.On.Push.Branches) != 1 {
		t.Fatalf("triggers: %+v", w.On)
	}
	mustBeCron(t, w.On.Schedule[0].Cron)
	if w.Concurrency.Group == "" || w.Concurrency.Cancel {
		t.Errorf("concurrency: %+v; a build that publishes must not be cut off", w.Concurrency)
	}
}

func TestGitHubWorkflowHasNoMoreRightsThanItNeeds(t *testing.T) {
	w := githubWorkflow(t)
	if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
		t.Errorf("permissions of all jobs: %v", w.Permissions)
	}
	for name, j := range w.Jobs {
		if j.Timeout == 0 || j.RunsOn == "" {
			t.Errorf("job %s has no time limit or no runner", name)
		}
		if name != "publish" && len(j.Permissions) > 0 {
			t.Errorf("job %s has the permissions %v", name, j.Permissions)
		}
		for _, s := range j.Steps {
			if strings.Contains(s.Run, "${{") {
				t.Errorf("job %s puts an expression into a script, where text becomes code: %s", name, s.Run)
			}
			if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != "false" {
				t.Errorf("job %s leaves the token in the checkout", name)
			}
			if strings.HasPrefix(s.Uses, "actions/cache/save@") && !strings.Contains(s.If+j.If, "github.event_name != 'pull_request'") {
				t.Errorf("job %s lets pull requests write the cache", name)
			}
		}
	}
	publish := w.Jobs["publish"]
	if len(publish.Permissions) != 2 || publish.Permissions["pages"] != "write" || publish.Permissions["id-token"] != "write" {
		t.Errorf("permissions of publish: %v", publish.Permissions)
	}
	if publish.Needs != "build" || !strings.Contains(publish.If, "github.event_name != 'pull_request'") || !strings.Contains(publish.If, "needs.build.outputs.changed == 'true'") {
		t.Errorf("publish runs if %q", publish.If)
	}
}

var pinned = regexp.MustCompile(`^\s*(?:- )?uses: [A-Za-z0-9._-]+/[A-Za-z0-9._/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)

func TestGitHubActionsArePinned(t *testing.T) {
	uses, commits := 0, map[string]string{}
	for line := range strings.Lines(text(t, "github/portal.yml")) {
		if !strings.Contains(line, "uses:") {
			continue
		}
		uses++
		if !pinned.MatchString(strings.TrimRight(line, "\n")) {
			t.Errorf("not pinned to a commit, with its version: %s", strings.TrimSpace(line))
			continue
		}
		repository, at, _ := strings.Cut(strings.TrimSpace(line[strings.Index(line, "uses:")+5:]), "@")
		repository = strings.Join(strings.Split(repository, "/")[:2], "/")
		if commits[repository] != "" && commits[repository] != at {
			t.Errorf("%s is used at two commits", repository)
		}
		commits[repository] = at
	}
	if uses < 5 {
		t.Errorf("found only %d actions", uses)
	}
}

// Names of steps and outputs are only text to GitHub: one that is misspelled
// is an empty string, and the site would never be published.
func TestGitHubOutputsExist(t *testing.T) {
	w := githubWorkflow(t)
	file := text(t, "github/portal.yml")
	needs := regexp.MustCompile(`needs\.(\w+)\.outputs\.(\w+)`).FindAllStringSubmatch(file, -1)
	if len(needs) == 0 {
		t.Error("no job uses another's outputs")
	}
	for _, m := range needs {
		if w.Jobs[m[1]].Outputs[m[2]] == "" {
			t.Errorf("%s: there is no such output", m[0])
		}
	}
	for name, j := range w.Jobs {
		all := fmt.Sprintf("%v %v %v", j.Outputs, j.Environment, j.Steps)
		for _, m := range regexp.MustCompile(`steps\.(\w+)\.outputs\.(\w+)`).FindAllStringSubmatch(all, -1) {
			i := slices.IndexFunc(j.Steps, func(s step) bool { return s.ID == m[1] })
			if i < 0 {
				t.Errorf("job %s: %s: there is no such step", name, m[0])
			} else if s := j.Steps[i]; s.Uses == "" && !strings.Contains(s.Run, m[2]+"=") {
				t.Errorf("job %s: step %s does not set %s", name, m[1], m[2])
			}
		}
	}
}

type gitlabJob struct {
	Stage         string
	Rules         []map[string]string
	Script        []string
	Cache         any
	Needs         []string
	ResourceGroup string `yaml:"resource_group"`
	AllowFailure  struct {
		ExitCodes int `yaml:"exit_codes"`
	} `yaml:"allow_failure"`
	Artifacts struct {
		When    string
		Paths   []string
		Reports map[string]string
	}
}

func TestGitLabPipeline(t *testing.T) {
	all := documents[map[string]yaml.Node](t, "gitlab/portal.gitlab-ci.yml")[0]
	var stages []string
	node := all["stages"]
	if err := node.Decode(&stages); err != nil {
		t.Fatal(err)
	}
	jobs := map[string]gitlabJob{}
	for name, node := range all {
		if name == "stages" || name == "default" {
			continue
		}
		var j gitlabJob
		if err := node.Decode(&j); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !slices.Contains(stages, j.Stage) || len(j.Rules) == 0 || len(j.Script) == 0 {
			t.Errorf("job %s: stage %q, %d rules, %d lines", name, j.Stage, len(j.Rules), len(j.Script))
		}
		jobs[name] = j
	}
	if len(jobs) != 3 {
		t.Errorf("jobs: %d", len(jobs))
	}
	onMerge := "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" // schedules run on the branch as well
	build, pages, check := jobs["build"], jobs["pages"], jobs["check"]
	if build.Rules[0]["if"] != onMerge || pages.Rules[0]["if"] != onMerge || check.Rules[0]["if"] != `$CI_PIPELINE_SOURCE == "merge_request_event"` {
		t.Error("the rules are not those of merges and merge requests")
	}
	if build.ResourceGroup == "" {
		t.Error("two builds may share the state folder at once")
	}
	if c := fmt.Sprint(build.Cache); !strings.Contains(c, ".callboard") || !strings.Contains(c, ".published") {
		t.Errorf("build keeps %s", c)
	}
	if c := fmt.Sprint(check.Cache); !strings.Contains(c, "pull") {
		t.Errorf("merge requests write the cache: %s", c)
	}
	if build.Artifacts.Reports["dotenv"] == "" || check.Artifacts.Reports["codequality"] == "" || check.Artifacts.When != "always" {
		t.Error("reports are missing")
	}
	if !slices.Equal(pages.Artifacts.Paths, []string{"public"}) || pages.Artifacts.When != "on_success" || !slices.Contains(pages.Needs, "build") {
		t.Errorf("pages publishes %+v", pages.Artifacts)
	}
	if leave := fmt.Sprint("exit ", pages.AllowFailure.ExitCodes); !strings.Contains(strings.Join(pages.Script, "\n"), leave) {
		t.Errorf("pages does not %q where the site is unchanged", leave)
	}
}

// The comparison with what is published is run as the pipeline runs it.
func TestGitLabPublishesOnlyWhatChanged(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	all := documents[map[string]yaml.Node](t, "gitlab/portal.gitlab-ci.yml")[0]
	script := func(name string) string {
		var j gitlabJob
		node := all[name]
		if err := node.Decode(&j); err != nil {
			t.Fatal(err)
		}
		lines := slices.DeleteFunc(j.Script, func(l string) bool { return strings.HasPrefix(l, "callboard ") })
		return strings.Join(lines, "\n")
	}
	dir := t.TempDir()
	run := func(script string) (code int) {
		cmd := exec.Command(shell, "-e", "-c", script)
		cmd.Dir = dir
		if env, err := os.ReadFile(filepath.Join(dir, "build.env")); err == nil {
			cmd.Env = append(os.Environ(), strings.Fields(string(env))...)
		}
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatalf("%v\n%s", err, out)
		}
		return cmd.ProcessState.ExitCode()
	}
	for i, x := range []struct {
		hash string
		want int
	}{{"aaa", 0}, {"aaa", 77}, {"bbb", 0}, {"aaa", 0}} {
		report := "{\n  \"version\": 1,\n  \"siteHash\": \"" + x.hash + "\",\n  \"started\": \"x\"\n}\n"
		if err := os.WriteFile(filepath.Join(dir, "report.json"), []byte(report), 0o644); err != nil {
			t.Fatal(err)
		}
		if code := run(script("build")); code != 0 {
			t.Fatalf("build %d ended with %d", i, code)
		}
		if code := run(script("pages")); code != x.want {
			t.Errorf("pages %d, of site %s, ended with %d, want %d", i, x.hash, code, x.want)
		}
	}
}

// mustBeCron checks an expression of five fields (crontab(5)).
func mustBeCron(t *testing.T, expression string) {
	t.Helper()
	if err := checkCron(expression); err != nil {
		t.Errorf("%q: %v", expression, err)
	}
}

func checkCron(expression string) error {
	bounds := [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}
	fields := strings.Fields(expression)
	if len(fields) != len(bounds) {
		return fmt.Errorf("%d fields", len(fields))
	}
	for i, field := range fields {
		for part := range strings.SplitSeq(field, ",") {
			span, every, stepped := strings.Cut(part, "/")
			if n, err := strconv.Atoi(every); stepped && (err != nil || n < 1 || n > bounds[i][1]) {
				return fmt.Errorf("step %q", every)
			}
			if span == "*" {
				continue
			}
			from, to, isRange := strings.Cut(span, "-")
			if !isRange {
				to = from
			}
			a, err1 := strconv.Atoi(from)
			b, err2 := strconv.Atoi(to)
			if err1 != nil || err2 != nil || a < bounds[i][0] || b > bounds[i][1] || a > b {
				return fmt.Errorf("field %d is %q", i+1, field)
			}
		}
	}
	return nil
}

func TestCronIsChecked(t *testing.T) {
	for _, good := range []string{"*/30 * * * *", "7,37 * * * *", "0 4-6/2 1 12 7"} {
		mustBeCron(t, good)
	}
	for _, bad := range []string{"", "* * * *", "60 * * * *", "*/0 * * * *", "5-1 * * * *", "a * * * *", "* * 0 * *"} {
		if checkCron(bad) == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestSystemdUnitsVerify(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed: the units are not verified")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"callboard.service", "callboard.timer"} {
		unit := strings.ReplaceAll(text(t, "systemd/"+name), "/usr/local/bin/callboard", program)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(unit), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	verify := func() string {
		out, err := exec.Command(analyze, "verify", "--man=no", filepath.Join(dir, "callboard.service"), filepath.Join(dir, "callboard.timer")).CombinedOutput()
		// It also complains of the machine's own units; only ours count.
		var ours []string
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "callboard") {
				ours = append(ours, line)
			}
		}
		if err != nil && len(ours) == 0 {
			t.Fatalf("systemd-analyze verify: %v\n%s", err, out)
		}
		return strings.Join(ours, "")
	}
	if complaints := verify(); complaints != "" {
		t.Errorf("systemd complains:\n%s", complaints)
	}
	calendar := regexp.MustCompile(`(?m)^OnCalendar=(.*)$`).FindStringSubmatch(text(t, "systemd/callboard.timer"))
	if calendar == nil {
		t.Fatal("the timer has no OnCalendar")
	}
	if out, err := exec.Command(analyze, "calendar", calendar[1]).CombinedOutput(); err != nil {
		t.Errorf("OnCalendar=%s: %v\n%s", calendar[1], err, out)
	}
	// The check would find a mistake.
	broken := strings.Replace(text(t, "systemd/callboard.service"), "ExecStart=/usr/local", "ExecStart=/nowhere", 1)
	if err := os.WriteFile(filepath.Join(dir, "callboard.service"), []byte(broken), 0o644); err != nil {
		t.Fatal(err)
	}
	if verify() == "" {
		t.Error("a unit that starts a program that is not there passes")
	}
}

func TestSystemdServiceIsConfined(t *testing.T) {
	unit := text(t, "systemd/callboard.service")
	for _, line := range []string{
		"Type=oneshot", "User=callboard", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
		"CapabilityBoundingSet=", "SystemCallArchitectures=native", "ReadWritePaths=/srv/callboard", "SuccessExitStatus=75",
	} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("the service lacks %s", line)
		}
	}
	if !regexp.MustCompile(`(?m)^TimeoutStartSec=`).MatchString(unit) || !regexp.MustCompile(`(?m)^MemoryMax=`).MatchString(unit) {
		t.Error("the service has no limits")
	}
}

// object is what the checks need of a Kubernetes object.
type object struct {
	Kind     string
	Metadata struct{ Name string }
	Spec     struct {
		Schedule          string
		ConcurrencyPolicy string `yaml:"concurrencyPolicy"`
		JobTemplate       struct {
			Spec struct {
				ActiveDeadlineSeconds int `yaml:"activeDeadlineSeconds"`
				Template              struct{ Spec podSpec }
			}
		} `yaml:"jobTemplate"`
	}
}

type podSpec struct {
	AutomountServiceAccountToken *bool `yaml:"automountServiceAccountToken"`
	SecurityContext              struct {
		RunAsNonRoot   bool                  `yaml:"runAsNonRoot"`
		RunAsUser      int                   `yaml:"runAsUser"`
		SeccompProfile struct{ Type string } `yaml:"seccompProfile"`
	} `yaml:"securityContext"`
	Containers []struct {
		SecurityContext struct {
			AllowPrivilegeEscalation *bool                   `yaml:"allowPrivilegeEscalation"`
			ReadOnlyRootFilesystem   bool                    `yaml:"readOnlyRootFilesystem"`
			Capabilities             struct{ Drop []string } `yaml:"capabilities"`
		} `yaml:"securityContext"`
		Resources    struct{ Limits map[string]string }
		VolumeMounts []struct{ Name, MountPath string } `yaml:"volumeMounts"`
	}
	Volumes []struct{ Name string }
}

// The fields are those that the "restricted" Pod Security Standard asks for,
// and a read-only root.
func TestCronJobIsRestricted(t *testing.T) {
	objects := documents[object](t, "kubernetes/cronjob.yaml")
	i := slices.IndexFunc(objects, func(o object) bool { return o.Kind == "CronJob" })
	if i < 0 || len(objects) != 3 {
		t.Fatalf("%d objects", len(objects))
	}
	cron := objects[i].Spec
	mustBeCron(t, cron.Schedule)
	if cron.ConcurrencyPolicy != "Forbid" || cron.JobTemplate.Spec.ActiveDeadlineSeconds == 0 {
		t.Errorf("concurrency %q, deadline %d", cron.ConcurrencyPolicy, cron.JobTemplate.Spec.ActiveDeadlineSeconds)
	}
	pod := cron.JobTemplate.Spec.Template.Spec
	if s := pod.SecurityContext; !s.RunAsNonRoot || s.RunAsUser == 0 || s.SeccompProfile.Type != "RuntimeDefault" {
		t.Errorf("pod: %+v", s)
	}
	if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken {
		t.Error("the pod has a token of the cluster, which it does not need")
	}
	for _, c := range pod.Containers {
		s := c.SecurityContext
		if s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || !s.ReadOnlyRootFilesystem || !slices.Equal(s.Capabilities.Drop, []string{"ALL"}) {
			t.Errorf("container: %+v", s)
		}
		if c.Resources.Limits["memory"] == "" {
			t.Error("the container has no memory limit")
		}
		for _, m := range c.VolumeMounts {
			if !slices.ContainsFunc(pod.Volumes, func(v struct{ Name string }) bool { return v.Name == m.Name }) {
				t.Errorf("there is no volume %q", m.Name)
			}
		}
	}
}

// With CALLBOARD_KUBE=1 the CronJob is applied to a real API server that
// enforces the restricted standard, and a Job made from it gets its pod.
func TestClusterAdmitsTheCronJob(t *testing.T) {
	if os.Getenv("CALLBOARD_KUBE") == "" {
		t.Skip("CALLBOARD_KUBE is not set: no cluster is asked (make test-kube)")
	}
	const namespace = "callboard-packaging-test"
	kubectl := func(stdin string, args ...string) (string, error) {
		cmd := exec.Command("kubectl", args...)
		cmd.Stdin = strings.NewReader(stdin)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Run()
		return out.String(), err
	}
	must := func(stdin string, args ...string) string {
		t.Helper()
		out, err := kubectl(stdin, args...)
		if err != nil {
			t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return out
	}
	must(fmt.Sprintf("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n  labels: {pod-security.kubernetes.io/enforce: restricted}\n", namespace), "apply", "-f", "-")
	t.Cleanup(func() { _, _ = kubectl("", "delete", "namespace", namespace, "--wait=false") })
	if out := must(text(t, "kubernetes/cronjob.yaml"), "-n", namespace, "apply", "--validate=strict", "-f", "-"); strings.Contains(out, "Warning") {
		t.Errorf("the API server warns:\n%s", out)
	}
	must("", "-n", namespace, "create", "job", "try", "--from=cronjob/callboard")
	must("", "-n", namespace, "wait", "--for=create", "pod", "-l", "batch.kubernetes.io/job-name=try", "--timeout=60s")
	// The same pod with a right too many is not admitted: the standard is enforced.
	loose := strings.Replace(text(t, "kubernetes/cronjob.yaml"), "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", 1)
	loose = strings.ReplaceAll(loose, "name: callboard\n", "name: callboard-loose\n")
	must(loose, "-n", namespace, "apply", "-f", "-")
	must("", "-n", namespace, "create", "job", "loose", "--from=cronjob/callboard-loose")
	refused := ""
	for range 30 {
		refused = must("", "-n", namespace, "get", "events", "--field-selector", "reason=FailedCreate", "-o", "jsonpath={.items[*].message}")
		if refused != "" {
			break
		}
		time.Sleep(time.Second)
	}
	if !strings.Contains(refused, "violates PodSecurity") {
		t.Errorf("the namespace admits a pod that may gain privileges: %q", refused)
	}
}
