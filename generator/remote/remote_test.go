package remote

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var day = time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)

// serve starts a server and returns the pattern that lists it, and its address.
func serve(t *testing.T, h http.HandlerFunc) (pattern, address string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://"), s.URL
}

// quick is a reader that does not wait long for anything.
func quick(opt Options) *Reader {
	if opt.Now.IsZero() {
		opt.Now = day
	}
	r := New(opt)
	r.client.RetryWaitMin, r.client.RetryWaitMax = time.Millisecond, 2*time.Millisecond
	return r
}

func mustRead(t *testing.T, r *Reader, address, want string) {
	t.Helper()
	got, err := r.Read(t.Context(), address)
	if err != nil || string(got) != want {
		t.Fatalf("%s gives %q, %v; want %q", address, got, err, want)
	}
}

func mustFail(t *testing.T, r *Reader, address, want string) {
	t.Helper()
	got, err := r.Read(t.Context(), address)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s gives %d bytes, %v; want an error with %q", address, len(got), err, want)
	}
}

func TestListedHostIsReadWithoutCredentials(t *testing.T) {
	var header http.Header
	pattern, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		fmt.Fprint(w, "openapi: 3.0.0")
	})
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	r := quick(Options{Allow: []string{pattern}})
	mustRead(t, r, address+"/openapi.yaml", "openapi: 3.0.0")
	mustRead(t, r, address+"/other.yaml", "openapi: 3.0.0")
	for _, name := range []string{"Authorization", "Cookie", "Referer"} {
		if header.Get(name) != "" {
			t.Errorf("%s was sent: %q", name, header.Get(name))
		}
	}
}

func TestAddressIsReadOnce(t *testing.T) {
	var asked atomic.Int32
	pattern, address := serve(t, func(w http.ResponseWriter, _ *http.Request) { asked.Add(1) })
	r := quick(Options{Allow: []string{pattern}})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _, _ = r.Read(context.Background(), address) })
	}
	wg.Wait()
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

func TestAtMostFourAtOnce(t *testing.T) {
	var now, most atomic.Int32
	pattern, address := serve(t, func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		time.Sleep(20 * time.Millisecond)
		now.Add(-1)
	})
	r := quick(Options{Allow: []string{pattern}})
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() { _, _ = r.Read(context.Background(), fmt.Sprint(address, "/", i)) })
	}
	wg.Wait()
	if most.Load() > maxAtOnce || most.Load() < 2 {
		t.Errorf("%d at once", most.Load())
	}
}

func TestAddressesThatAreNeverAsked(t *testing.T) {
	pattern, address := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the server was asked") })
	_, port, _ := strings.Cut(pattern, ":")
	for _, x := range []struct {
		allow, address, want string
	}{
		{"", address, "not a host that callboard.yaml allows"},
		{"example.com", "https://example.com.evil.example/", "not a host"},
		{"*.example.com", "https://example.com/", "not a host"},
		{"*.example.com", "https://notexample.com/", "not a host"},
		{"example.com", "https://example.com:8443/", "not a host"},
		{"example.com:8443", "https://example.com/", "not a host"},
		{"example.com", "http://example.com/", "use https"},
		{"example.com", "http://example.com:443/", "use https"},
		{"example.com", "file:///etc/passwd", "file: is not read"},
		{"example.com", "gopher://example.com/", "gopher: is not read"},
		{"example.com", "https://example.com@evil.example/", "with a user"},
		{"example.com", "https://user:word@example.com/", "with a user"},
		{"example.com", "https:///x", "no host"},
		{"example.com", "https://exa mple.com/", "not an address"},
		{"2130706433:" + port, "http://2130706433:" + port, "not how an IP address is written"},
		{"0x7f000001:" + port, "http://0x7f000001:" + port, "not how an IP address is written"},
		{"0177.0.0.1:" + port, "http://0177.0.0.1:" + port, "not how an IP address is written"},
		{"127.1:" + port, "http://127.1:" + port, "not how an IP address is written"},
		{"127.0.0.0x1:" + port, "http://127.0.0.0x1:" + port, "not how an IP address is written"},
		{"127.0.0.1:" + port, "http://[::ffff:127.0.0.1]:" + port, "not a host"},
		{"[::ffff:169.254.169.254]:80", "http://[::ffff:169.254.169.254]/latest/meta-data/", "never read from"},
		{"169.254.169.254:80", "http://169.254.169.254/latest/meta-data/", "never read from"},
		{"[fd00:ec2::254]:80", "http://[fd00:ec2::254]/", "never read from"},
		{"0.0.0.0:" + port, "http://0.0.0.0:" + port, "never read from"},
		{"[::]:" + port, "http://[::]:" + port, "never read from"},
		{"224.0.0.1:80", "http://224.0.0.1/", "never read from"},
	} {
		mustFail(t, quick(Options{Allow: []string{x.allow}}), x.address, x.want)
	}
}

func TestNamesThatLeadInside(t *testing.T) {
	asked := false
	pattern, _ := serve(t, func(http.ResponseWriter, *http.Request) { asked = true })
	_, port, _ := strings.Cut(pattern, ":")
	for _, x := range []struct{ allow, leadsTo, want string }{
		{"*.example.com", "127.0.0.1", "list the host by its own name"},
		{"*.example.com", "10.1.2.3", "list the host by its own name"},
		{"*.example.com", "fd12::1", "list the host by its own name"},
		{"*.example.com", "::ffff:127.0.0.1", "list the host by its own name"},
		{"*.example.com", "64:ff9b::7f00:1", "list the host by its own name"},
		{"*.example.com", "2002:7f00:1::", "list the host by its own name"},
		{"api.example.com", "169.254.169.254", "never read from"},
		{"api.example.com", "::ffff:169.254.169.254", "never read from"},
		{"api.example.com", "fe80::1", "never read from"},
		{"api.example.com", "100.100.100.200", "never read from"},
		{"api.example.com", "::", "never read from"},
	} {
		r := quick(Options{Allow: []string{x.allow + ":" + port}})
		r.dialer.resolve = leadTo(x.leadsTo)
		mustFail(t, r, "http://api.example.com:"+port+"/", x.want)
	}
	if asked {
		t.Fatal("the server was asked")
	}
	r := quick(Options{Allow: []string{"api.example.com:" + port}})
	r.dialer.resolve = leadTo("127.0.0.1")
	mustRead(t, r, "http://api.example.com:"+port+"/", "")
	if !asked {
		t.Error("a host that is listed itself was not asked")
	}
	r = quick(Options{Allow: []string{"api.example.com:" + port}})
	r.dialer.resolve = leadTo("127.0.0.1", "169.254.169.254")
	mustFail(t, r, "http://api.example.com:"+port+"/", "never read from")
}

func leadTo(ips ...string) func(context.Context, string) ([]netip.Addr, error) {
	return func(context.Context, string) ([]netip.Addr, error) {
		var out []netip.Addr
		for _, ip := range ips {
			out = append(out, netip.MustParseAddr(ip))
		}
		return out, nil
	}
}

func TestEveryHopIsChecked(t *testing.T) {
	inside, insideAddress := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/welcome" || r.Header.Get("Referer") != "" {
			t.Errorf("asked for %s, sent from %q", r.URL, r.Header.Get("Referer"))
		}
		fmt.Fprint(w, "here")
	})
	next := ""
	var tries atomic.Int32
	pattern, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		tries.Add(1)
		http.Redirect(w, r, next, http.StatusFound)
	})
	_, insidePort, _ := strings.Cut(inside, ":")
	for _, x := range []struct{ to, want string }{
		{insideAddress + "/secret", "sends on to where may not be read"},
		{"http://localhost:" + insidePort + "/secret", "sends on to where may not be read"},
		{"http://169.254.169.254/latest/meta-data/", "sends on to where may not be read"},
		{"file:///etc/passwd", "sends on to where may not be read"},
		{"https://user:word@" + pattern + "/", "sends on to where may not be read"},
		{"/again", "more than 5 times"},
	} {
		next = x.to
		tries.Store(0)
		mustFail(t, quick(Options{Allow: []string{pattern}}), address+"/x", x.want)
		if n := tries.Load(); n > maxHops+1 {
			t.Errorf("%s: asked %d times", x.to, n)
		}
	}
	next = insideAddress + "/welcome"
	mustRead(t, quick(Options{Allow: []string{pattern, inside}}), address+"/x", "here")
	// Listed by a wildcard, the second host still may not lead inside.
	next = "http://b.example.com:" + insidePort + "/secret"
	r := quick(Options{Allow: []string{pattern, "*.example.com:" + insidePort}})
	r.dialer.resolve = leadTo("127.0.0.1")
	mustFail(t, r, address+"/x", "list the host by its own name")
}

func TestLimitCountsWhatIsUnpacked(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	zeros := make([]byte, 1<<20)
	for range 50 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	var tries atomic.Int32
	pattern, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		tries.Add(1)
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/endless":
			for range 6 {
				_, _ = w.Write(zeros)
			}
		case "/announced":
			w.Header().Set("Content-Length", "1099511627776")
		case "/small":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, "small")
			_ = z.Close()
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
		case "/no-gzip":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "plain")
		}
	})
	for path, want := range map[string]string{"/bomb": "larger than 5 MiB", "/endless": "larger than 5 MiB", "/announced": "larger than 5 MiB", "/brotli": `packed with "br"`} {
		tries.Store(0)
		mustFail(t, quick(Options{Allow: []string{pattern}}), address+path, want)
		if tries.Load() != 1 {
			t.Errorf("%s was tried %d times", path, tries.Load())
		}
	}
	mustFail(t, quick(Options{Allow: []string{pattern}}), address+"/no-gzip", "damaged")
	mustRead(t, quick(Options{Allow: []string{pattern}}), address+"/small", "small")
}

func TestSlowHostsAreGivenUp(t *testing.T) {
	stop := make(chan struct{})
	pattern, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/drip" {
			_, _ = io.WriteString(w, "a")
			w.(http.Flusher).Flush()
		}
		<-stop
	})
	defer close(stop)
	for _, path := range []string{"/silent", "/drip"} {
		r := quick(Options{Allow: []string{pattern}})
		r.total = 100 * time.Millisecond
		began := time.Now()
		mustFail(t, r, address+path, "takes too long")
		mustFail(t, r, address+path+"/2", "takes too long") // without asking again
		if time.Since(began) > 5*time.Second {
			t.Errorf("%s took %s", path, time.Since(began))
		}
	}
}

func TestFailuresThatPassAreTriedAgain(t *testing.T) {
	var tries atomic.Int32
	pattern, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := tries.Add(1)
		switch {
		case r.URL.Path == "/gone":
			w.WriteHeader(http.StatusNotFound)
		case n == 1:
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		case n == 2:
			w.WriteHeader(http.StatusBadGateway)
		case n == 3: // the answer breaks off
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
		default:
			_, _ = io.WriteString(w, "whole")
		}
	})
	mustRead(t, quick(Options{Allow: []string{pattern}}), address+"/x", "whole")
	tries.Store(0)
	mustFail(t, quick(Options{Allow: []string{pattern}}), address+"/gone", "the host answers 404 Not Found")
	if tries.Load() != 1 {
		t.Errorf("a file that is gone was asked for %d times", tries.Load())
	}
}

func TestRetryAfterIsHonouredWithinBounds(t *testing.T) {
	at := func(retryAfter string) time.Duration {
		resp := &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {retryAfter}}}
		return backoff(time.Millisecond, maxWait, 0, resp)
	}
	if got := at("7"); got != 7*time.Second {
		t.Errorf("Retry-After: 7 waits %s", got)
	}
	if got := at("86400"); got != maxWait {
		t.Errorf("Retry-After: 86400 waits %s", got)
	}
	if got := at(time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)); got != maxWait {
		t.Errorf("Retry-After in an hour waits %s", got)
	}
}

func TestAnswersAreKeptAndRevalidated(t *testing.T) {
	text, fail := "one", 0
	var asked, unchanged int
	pattern, address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		tag := `"` + text + `"`
		w.Header().Set("ETag", tag)
		switch {
		case fail > 0:
			w.WriteHeader(fail)
		case r.Header.Get("If-None-Match") == tag:
			unchanged++
			w.WriteHeader(http.StatusNotModified)
		default:
			fmt.Fprint(w, text)
		}
	})
	opt := Options{Allow: []string{pattern}, Dir: filepath.Join(t.TempDir(), "remote")}
	read := func(opt Options) *Reader { return quick(opt) }
	mustRead(t, read(opt), address, "one")
	mustRead(t, read(opt), address, "one")
	if unchanged != 1 {
		t.Errorf("%d answers were revalidated", unchanged)
	}
	offline := opt
	offline.Offline, asked = true, 0
	mustRead(t, read(offline), address, "one")
	mustFail(t, read(offline), address+"/never", "no earlier run kept a copy")
	if asked > 0 {
		t.Error("the host was asked offline")
	}
	text = "two"
	mustRead(t, read(opt), address, "two")

	fail = http.StatusServiceUnavailable
	r := read(opt)
	mustRead(t, r, address, "two")
	if found := r.Findings(); len(found) != 1 || found[0].Code != codeStale || !strings.Contains(found[0].Message, "503") || !strings.Contains(found[0].Message, "2026-11-21 18:00 UTC") {
		t.Errorf("findings: %v", found)
	}
	fail = http.StatusGone
	mustFail(t, read(opt), address, "410")

	// No longer on the list, no longer shown.
	offline.Allow = nil
	mustFail(t, read(offline), address, "not a host that callboard.yaml allows")
}

func TestUnreachableHostKeepsTheLastCopy(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "last") }))
	opt := Options{Allow: []string{strings.TrimPrefix(s.URL, "http://")}, Dir: t.TempDir()}
	mustRead(t, quick(opt), s.URL, "last")
	s.Close()
	r := quick(opt)
	mustRead(t, r, s.URL, "last")
	mustFail(t, r, s.URL+"/other", "the host does not answer")
	if len(r.Findings()) != 1 {
		t.Errorf("findings: %v", r.Findings())
	}
}

func TestDamagedCopiesAreNotUsed(t *testing.T) {
	pattern, address := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "whole") })
	opt := Options{Allow: []string{pattern}, Dir: t.TempDir()}
	mustRead(t, quick(opt), address, "whole")
	opt.Offline = true
	r := quick(opt)
	file := r.keptFile(address)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "{", string(good[:len(good)-1]), strings.Replace(string(good), "whole", "other", 1), strings.Replace(string(good), `"version":1`, `"version":9`, 1)} {
		if err := os.WriteFile(file, []byte(bad), 0o644); err != nil {
			t.Fatal(err)
		}
		mustFail(t, quick(opt), address, "no earlier run kept a copy")
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "private") }))
	defer s.Close()
	s.Config.ErrorLog = nil
	opt := Options{Allow: []string{strings.TrimPrefix(s.URL, "https://")}}
	mustFail(t, quick(opt), s.URL, "certificate cannot be trusted")
	r := quick(opt)
	r.transport.TLSClientConfig.RootCAs = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	mustRead(t, r, s.URL, "private")
}

func TestEveryRuleIsEmitted(t *testing.T) {
	for _, rule := range Rules {
		if rule.Code != codeStale || rule.Summary == "" || rule.Explain == "" {
			t.Errorf("rule %q is not complete", rule.Code)
		}
	}
}

// Whatever is written as an address, only a listed host passes.
func FuzzCheckAddress(f *testing.F) {
	for _, seed := range []string{
		"https://api.example.com/x", "http://api.example.com:8080", "https://api.example.com@evil/", "https://[::ffff:7f00:1]/",
		"https://evil/#@api.example.com", "https:\\\\api.example.com", "//api.example.com", "https://API.EXAMPLE.COM./", "https://a%2eexample.com",
	} {
		f.Add(seed)
	}
	allow := []string{"api.example.com", "*.docs.example.com", "api.example.com:8080"}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := parseAddress(allow, address)
		if err != nil {
			return
		}
		host := strings.ToLower(u.Hostname())
		if host != "api.example.com" && !strings.HasSuffix(host, ".docs.example.com") || u.User != nil {
			t.Errorf("%q passes, with the host %q", address, host)
		}
		if u.Scheme == "http" && u.Port() != "8080" {
			t.Errorf("%q passes without encryption", address)
		}
		if _, err := url.Parse(u.String()); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	})
}
